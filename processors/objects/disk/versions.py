"""The versions of one key on disk: numbered directories that hold a manifest and, unless a marker, a body."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from processors.objects.disk import sequence
from processors.objects.disk.durable import make_directories, remove_empty_directories, write_file
from processors.objects.disk.workspace import Workspace
from processors.objects.store import ListedVersion, ObjectVersion

_MANIFEST = "manifest.json"
_VERSION_ID = re.compile(r"(?P<number>[0-9a-f]{8})(?P<token>[0-9a-f]{24})")


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a version is, written before the rename that makes it exist."""

    token: str
    """Random hex: a number is used again once its version is erased, its version id never."""
    etag: str
    size_bytes: int
    last_modified: datetime
    content_type: str
    metadata: dict[str, str]
    is_delete_marker: bool = False
    multipart_id: str | None = None
    """The multipart upload that became this version, so that completing it again finds it."""


class StoredVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version that exists."""

    number: int
    directory: Path
    manifest: Manifest

    @property
    def version_id(self) -> str:
        """The number and the token in hex, opaque to callers."""
        return f"{self.number:08x}{self.manifest.token}"

    def described(self, bucket: str, key: str) -> ObjectVersion:
        """The version as `head` tells it."""
        manifest = self.manifest
        return ObjectVersion(
            bucket=bucket,
            key=key,
            version_id=self.version_id,
            etag=manifest.etag,
            size_bytes=manifest.size_bytes,
            last_modified=manifest.last_modified,
            content_type=manifest.content_type,
            metadata=manifest.metadata,
            is_delete_marker=manifest.is_delete_marker,
        )

    def listed(self, bucket: str, key: str, *, is_latest: bool) -> ListedVersion:
        """The version as a listing tells it."""
        manifest = self.manifest
        return ListedVersion(
            bucket=bucket,
            key=key,
            version_id=self.version_id,
            etag=manifest.etag,
            size_bytes=manifest.size_bytes,
            last_modified=manifest.last_modified,
            is_latest=is_latest,
            is_delete_marker=manifest.is_delete_marker,
        )


def new_token() -> str:
    """A token for the next manifest."""
    return secrets.token_hex(12)


def commit(draft: Path, manifest: Manifest, *, into: Path, below: Path) -> StoredVersion:
    """Make the draft the newest version in a versions directory, which is created below an existing one.

    Raises FileNotFoundError if `below` does not exist.
    """
    write_file(draft / _MANIFEST, msgspec.json.encode(manifest))
    while True:
        try:
            make_directories(into, below=below)
            number = sequence.append(draft, into)
        except FileNotFoundError:
            # Erasing the last version of a neighbour may prune a directory between its making and its use.
            if not below.is_dir() or not draft.is_dir():
                raise
        else:
            return StoredVersion(number=number, directory=sequence.entry(into, number), manifest=manifest)


def newest_first(versions: Path) -> Iterator[StoredVersion]:
    """The versions in a versions directory; one that is erased meanwhile is left out."""
    for number in reversed(sequence.numbers(versions)):
        if found := _read(versions, number):
            yield found


def find(versions: Path, version_id: str | None) -> StoredVersion | None:
    """The version of that id, or the newest for None; None if there is no such version."""
    if version_id is None:
        return next(newest_first(versions), None)
    parts = _VERSION_ID.fullmatch(version_id)
    found = _read(versions, int(parts["number"], 16)) if parts else None
    return found if found and found.version_id == version_id else None


def erase(version: StoredVersion, *, workspace: Workspace, below: Path) -> None:
    """Make a version vanish and prune the directories it leaves empty, down to `below`."""
    workspace.discard(version.directory)
    remove_empty_directories(version.directory.parent, below=below)


def _read(versions: Path, number: int) -> StoredVersion | None:
    directory = sequence.entry(versions, number)
    try:
        content = (directory / _MANIFEST).read_bytes()
    except FileNotFoundError:
        return None
    return StoredVersion(number=number, directory=directory, manifest=msgspec.json.decode(content, type=Manifest))
