"""A gateway process that serves nothing but a local object store, on the descriptor of a listening socket."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from gateway.objects.routes import object_routes
from processors.objects.local import LocalObjectStore

if __name__ == "__main__":
    root, base_url, descriptor = sys.argv[1:]
    store = LocalObjectStore(Path(root), base_url, b"s" * 32)
    # Not uvicorn's own `fd`: that takes the socket for a Unix one and leaves Nagle's delays on.
    listener = socket.socket(fileno=int(descriptor))
    config = uvicorn.Config(Starlette(routes=object_routes(store)), log_level="warning")
    uvicorn.Server(config).run(sockets=[listener])
