"""The S3 server of the contract suite, and what a contract test is given to work with."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from processors.objects.s3 import S3Connection
from processors.objects.store import ObjectStore, SignedRequest

CHECKOUT = Path(__file__).parents[2]
ACCESS_KEY, SECRET_KEY = "contract", "contract-secret"


@dataclass(frozen=True)
class StoreUnderTest:
    """A store, a bucket of this test's own, and a client for its signed URLs."""

    kind: str
    store: ObjectStore
    bucket: str
    client: httpx.Client

    def send(self, request: SignedRequest, body: bytes) -> httpx.Response:
        """Send a signed request as it is, apart from a Content-Length that must be true of the body."""
        return self.client.request(request.method, request.url, content=body)


def s3_connection(endpoint_url: str) -> S3Connection:
    """A connection to the S3 server of this session."""
    return S3Connection(endpoint_url=endpoint_url, access_key_id=ACCESS_KEY, secret_access_key=SECRET_KEY)


def versitygw() -> str:
    """The S3 server's program; without one the test is skipped, or fails where services are required."""
    named = os.environ.get("INTERNEG_VERSITYGW")
    found = named or shutil.which("versitygw") or shutil.which("versitygw", path=CHECKOUT / ".tmp" / "bin")
    if found:
        return found
    reason = (
        "object store contract did not run on a real S3 server: no versitygw in INTERNEG_VERSITYGW, on PATH"
        " or in .tmp/bin; deploy/install_versitygw.sh installs it"
    )
    if os.environ.get("INTERNEG_REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def running_versitygw(directory: Path, *options: str) -> Iterator[str]:
    """The URL of an S3 server on fresh folders below this one, for as long as a block takes."""
    root, versions = directory / "root", directory / "versions"
    for folder in (root, versions):
        folder.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    gateway = [versitygw(), "--port", f"127.0.0.1:{port}", "--access", ACCESS_KEY, "--secret", SECRET_KEY]
    backend = ["posix", "--versioning-dir", str(versions), str(root)]
    process = subprocess.Popen([*gateway, *options, "--quiet", *backend], stdout=subprocess.DEVNULL)
    try:
        wait_for(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Return once the server takes connections."""
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            pytest.fail(f"versitygw ended with code {process.wait(timeout=0.05)} before it answered")
    pytest.fail("versitygw did not answer within ten seconds")
