"""One part's body arriving from outside: kept only if it is whole and of the size that was signed."""

from __future__ import annotations

import contextlib
from pathlib import Path

from processors.objects.disk import multiparts
from processors.objects.disk.body import BodyWriter
from processors.objects.disk.failures import disk
from processors.objects.disk.workspace import Workspace
from processors.objects.errors import MultipartMissing, PartSizeMismatch
from processors.objects.signing import PartGrant
from processors.objects.store import StoredPart


class PartReception:
    """Takes chunks, then commits; `close` belongs in a finally block and discards what was not committed."""

    def __init__(self, grant: PartGrant, *, uploads: Path, workspace: Workspace) -> None:
        self._grant, self._uploads, self._workspace = grant, uploads, workspace
        self._room = contextlib.ExitStack()
        with disk(self._attempt):
            self._check_open()
            self._draft = self._room.enter_context(workspace.draft())
            self._writer = BodyWriter(self._draft)
            self._room.callback(self._writer.close)

    def write(self, chunk: bytes) -> None:
        """Append a chunk; raises PartSizeMismatch at the first byte too many."""
        self._check_size(at_most=self._writer.size_bytes + len(chunk))
        with disk(self._attempt):
            self._writer.write(chunk)

    def commit(self) -> StoredPart:
        """Store the part in place of an earlier one; raises PartSizeMismatch and MultipartMissing."""
        if self._writer.size_bytes < self._grant.size_bytes:
            raise self._wrong_size(self._writer.size_bytes)
        part = StoredPart(
            part_number=self._grant.part_number, etag=self._writer.etag, size_bytes=self._writer.size_bytes
        )
        with disk(self._attempt):
            self._writer.sync()
            self._writer.close()
            with multiparts.opened(
                self._uploads, self._grant.multipart_id, key=self._grant.key, exclusive=False
            ) as upload:
                if upload is None:
                    raise self._missing()
                upload.add(self._draft, part, workspace=self._workspace)
        return part

    def close(self) -> None:
        """Discard whatever was not committed."""
        self._room.close()

    @property
    def _attempt(self) -> str:
        return f"store part {self._grant.part_number} of {self._grant.key!r}"

    def _check_open(self) -> None:
        with multiparts.opened(self._uploads, self._grant.multipart_id, key=self._grant.key, exclusive=False) as upload:
            if upload is None:
                raise self._missing()

    def _check_size(self, *, at_most: int) -> None:
        if at_most > self._grant.size_bytes:
            raise self._wrong_size(at_most)

    def _missing(self) -> MultipartMissing:
        return MultipartMissing(self._grant.bucket, self._grant.key, self._grant.multipart_id)

    def _wrong_size(self, received_bytes: int) -> PartSizeMismatch:
        return PartSizeMismatch(
            part_number=self._grant.part_number,
            signed_bytes=self._grant.size_bytes,
            received_bytes=received_bytes,
        )
