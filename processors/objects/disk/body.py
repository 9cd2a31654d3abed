"""Bytes on their way into a draft: counted and hashed as they pass, never held as a whole."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

CHUNK_BYTES = 1024**2
_BODY = "body"


def body_path(entry: Path) -> Path:
    """The body inside a draft or a committed entry."""
    return entry / _BODY


class BodyWriter:
    """Writes one body into a draft directory; the caller closes it, finished or not."""

    def __init__(self, draft: Path) -> None:
        self._file = body_path(draft).open("xb")
        self._md5 = hashlib.md5(usedforsecurity=False)
        self.size_bytes = 0

    @property
    def etag(self) -> str:
        """The MD5 of what was written so far, in hex."""
        return self._md5.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Append a chunk."""
        self._file.write(chunk)
        self._md5.update(chunk)
        self.size_bytes += len(chunk)

    def sync(self) -> None:
        """Put everything written on the disk."""
        _sync(self._file)

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        self._file.close()


def write_body(draft: Path, source: Path | bytes) -> tuple[str, int]:
    """Copy a whole body into a draft and sync it; returns its etag and size in bytes."""
    writer = BodyWriter(draft)
    try:
        if isinstance(source, bytes):
            writer.write(source)
        else:
            with source.open("rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    writer.write(chunk)
        writer.sync()
    finally:
        writer.close()
    return writer.etag, writer.size_bytes


def join_bodies(draft: Path, sources: Sequence[Path]) -> None:
    """Write the bodies of the sources, one after the other, as the body of the draft, and sync it."""
    with body_path(draft).open("xb") as joined:
        for source in sources:
            with body_path(source).open("rb") as file:
                shutil.copyfileobj(file, joined, CHUNK_BYTES)
        _sync(joined)


def link_body(draft: Path, source: Path) -> None:
    """Make the draft's body the very bytes of a committed one, which never change."""
    os.link(source, body_path(draft))


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
