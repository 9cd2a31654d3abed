"""nginx with the configuration of deploy/, on ports of a test."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.required import require

NGINX_CONF = Path(__file__).parents[2] / "deploy" / "nginx.conf"
PATHS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def main_conf(directory: Path, *, listen: int, gateways: tuple[int, int]) -> Path:
    """A whole configuration around the one of deploy/, which keeps every word but its ports."""
    text = NGINX_CONF.read_text().replace("listen 8000;", f"listen 127.0.0.1:{listen};")
    for documented, real in zip((8001, 8002), gateways, strict=True):
        text = text.replace(f"127.0.0.1:{documented} ", f"127.0.0.1:{real} ")
    (directory / "included.conf").write_text(text)
    temporary = "".join(f"    {name}_temp_path {directory}/{name};\n" for name in PATHS)
    conf = directory / "nginx.conf"
    conf.write_text(
        f"daemon off;\npid {directory}/nginx.pid;\nerror_log {directory}/error.log warn;\nuser root;\n"
        f"events {{ worker_connections 512; }}\nhttp {{\n{temporary}    access_log {directory}/access.log;\n"
        f"    include {directory}/included.conf;\n}}\n"
    )
    return conf


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def proxied(directory: Path, gateways: tuple[int, int]) -> Iterator[str]:
    """Run it in front of these gateways; gives its URL. Skips the test, or fails where services are required."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    require(nginx is not None, "there is no nginx: on Debian, apt install nginx-light")
    directory.mkdir()
    port = free_port()
    conf = main_conf(directory, listen=port, gateways=gateways)
    process = subprocess.Popen([str(nginx), "-c", str(conf)], stderr=subprocess.DEVNULL)
    try:
        _wait(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("nginx did not start")
