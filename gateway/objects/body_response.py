"""Sends a file, or a stretch of it, without ever blocking the event loop or holding more than a chunk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import anyio
from anyio.to_thread import run_sync
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_CHUNK_BYTES = 1024**2


class BodyResponse(Response):
    """The bytes from `start` inclusive to `end` exclusive of a file that does not change."""

    def __init__(self, path: Path, *, status_code: int, headers: Mapping[str, str], start: int, end: int) -> None:
        self.path = path
        self.status_code = status_code
        self.background = None
        self.start, self.end = start, end
        self.init_headers({**headers, "content-length": str(end - start)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; HEAD gets the headers alone."""
        if scope["method"] == "HEAD":
            await self._begin(send)
            await send({"type": "http.response.body", "body": b""})
            return
        file = await run_sync(self.path.open, "rb")
        try:
            await run_sync(file.seek, self.start)
            await self._begin(send)
            left = self.end - self.start
            while True:
                chunk = await run_sync(file.read, min(_CHUNK_BYTES, left))
                left -= len(chunk)
                await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})
                # A body cut short breaks the connection: its length was promised in the headers.
                if left == 0 or not chunk:
                    break
        finally:
            # Closing must finish even when the client went away and the task was cancelled.
            with anyio.CancelScope(shield=True):
                await run_sync(file.close)

    async def _begin(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
