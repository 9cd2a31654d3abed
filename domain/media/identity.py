"""Ids of media in the tables that exr-inspector and its readers share."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import md5, sha256


def file_id(path: str, last_modified: datetime) -> str:
    """16 hex digits of path and time, as exr-inspector joins its tables (`exr_family.md` 2.1).

    `path` is the object key. The time, aware, enters in UTC and whole seconds, as `2026-04-01T00:00:00+00:00`.
    """
    time = last_modified.astimezone(UTC).isoformat(timespec="seconds")
    return sha256(f"{path}{time}{_md5(path)}".encode()).hexdigest()[:16]


def legacy_asset_id(key: str) -> str:
    """16 hex digits of the object key alone: what the proxy tools call an asset (`exr_family.md` 2.2)."""
    return _md5(key)[:16]


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
