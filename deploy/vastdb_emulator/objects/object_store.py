"""Objects in buckets, one file each: what imports read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from uuid import uuid4

from deploy.vastdb_emulator.errors import NoSuchObject


@dataclass(frozen=True)
class StoredObject:
    """An object; `etag` is the quoted MD5 of its body, `modified` an HTTP date."""

    key: str
    etag: str
    modified: str
    body: bytes


class ObjectStore:
    """Objects below a directory; a write replaces an object as a whole, and outlives the process."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put(self, bucket: str, key: str, body: bytes) -> StoredObject:
        """Store an object in place of any other one of this key."""
        etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
        stored = StoredObject(key, etag, formatdate(usegmt=True), body)
        head = json.dumps({"key": key, "etag": etag, "modified": stored.modified}).encode()
        path = self._path(bucket, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_name(f"{uuid4().hex}.new")
        written.write_bytes(head + b"\n" + body)
        written.replace(path)
        return stored

    def get(self, bucket: str, key: str) -> StoredObject:
        """The object of this key; NoSuchObject without one."""
        path = self._path(bucket, key)
        if not path.exists():
            raise NoSuchObject(f"Bucket {bucket} has no object {key}.")
        return _read(path)

    def delete(self, bucket: str, key: str) -> None:
        """Remove the object of this key, if there is one."""
        self._path(bucket, key).unlink(missing_ok=True)

    def list(self, bucket: str, prefix: str) -> list[StoredObject]:
        """The objects whose keys begin with `prefix`, by key."""
        found = [_read(path) for path in (self._directory / bucket).glob("*.object")]
        return sorted((item for item in found if item.key.startswith(prefix)), key=lambda item: item.key)

    def _path(self, bucket: str, key: str) -> Path:
        # Keys may be longer than file names, and have slashes where others have names.
        return self._directory / bucket / f"{hashlib.sha256(key.encode()).hexdigest()}.object"


def _read(path: Path) -> StoredObject:
    head, _, body = path.read_bytes().partition(b"\n")
    return StoredObject(**json.loads(head), body=body)
