"""Runs an ASGI application of the tests in a real uvicorn process."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).parents[3]


@contextmanager
def running_server(factory: str) -> Iterator[str]:
    """Serve `module:function` and yield its base URL, without a slash at the end.

    The socket listens before the process starts, so that a first request waits for it instead of failing.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "--factory", factory, "--fd", str(listener.fileno())],
            cwd=CHECKOUT,
            pass_fds=[listener.fileno()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        _, errors = process.communicate()
    # An exception that the server logs and survives is a fault that no client sees.
    assert b"Exception in ASGI application" not in errors, errors.decode()
