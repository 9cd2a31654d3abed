"""Open multipart uploads on disk: a directory each, with a description and a numbered sequence per part."""

from __future__ import annotations

import contextlib
import fcntl
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec

from processors.objects.disk import sequence
from processors.objects.disk.durable import sync_directory, write_file
from processors.objects.disk.workspace import Workspace
from processors.objects.store import StoredPart

_DESCRIPTION = "upload.json"
_PART = "part.json"
_MULTIPART_ID = re.compile(r"[0-9a-f]{32}")


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """What the object will be."""

    key: str
    content_type: str
    metadata: dict[str, str]


class OpenMultipart(msgspec.Struct, frozen=True, kw_only=True):
    """An upload that stays open while its lock is held."""

    directory: Path
    description: Description

    def parts(self) -> dict[int, tuple[StoredPart, Path]]:
        """The stored parts and where their bodies are, ascending by part number."""
        found = {}
        for directory in sorted(self.directory.glob("[0-9]" * 5)):
            while newest := _newest(directory):
                # A part sent again meanwhile replaces the one just seen.
                with contextlib.suppress(FileNotFoundError):
                    part = msgspec.json.decode((newest / _PART).read_bytes(), type=StoredPart)
                    found[part.part_number] = (part, newest)
                    break
        return found

    def add(self, draft: Path, part: StoredPart, *, workspace: Workspace) -> None:
        """Make a draft with a synced body the newest of its part number, and erase those it replaces."""
        write_file(draft / _PART, msgspec.json.encode(part))
        directory = self.directory / f"{part.part_number:05d}"
        directory.mkdir(exist_ok=True)
        sync_directory(self.directory)
        number = sequence.append(draft, directory)
        for older in sequence.numbers(directory):
            if older < number:
                workspace.discard(sequence.entry(directory, older))


def create(uploads: Path, *, key: str, content_type: str, metadata: Mapping[str, str], workspace: Workspace) -> str:
    """Begin an upload and return its id; raises FileNotFoundError if `uploads` does not exist."""
    multipart_id = secrets.token_hex(16)
    description = Description(key=key, content_type=content_type, metadata=dict(metadata))
    with workspace.draft() as draft:
        write_file(draft / _DESCRIPTION, msgspec.json.encode(description))
        sync_directory(draft)
        draft.rename(uploads / multipart_id)
    sync_directory(uploads)
    return multipart_id


@contextlib.contextmanager
def opened(uploads: Path, multipart_id: str, *, key: str, exclusive: bool) -> Iterator[OpenMultipart | None]:
    """Hold an upload open: shared by readers and parts, exclusive to end it; None if it is not open."""
    directory = uploads / multipart_id
    file = _description_file(directory) if _MULTIPART_ID.fullmatch(multipart_id) else None
    if file is None:
        yield None
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        description = msgspec.json.decode(file.read(), type=Description)
        # The upload may have ended while this waited for the lock.
        is_open = description.key == key and directory.is_dir()
        yield OpenMultipart(directory=directory, description=description) if is_open else None


def _description_file(directory: Path) -> BinaryIO | None:
    try:
        return (directory / _DESCRIPTION).open("rb")
    except FileNotFoundError:
        return None


def _newest(part: Path) -> Path | None:
    return sequence.entry(part, stored[-1]) if (stored := sequence.numbers(part)) else None
