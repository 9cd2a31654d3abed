"""Who owns metadata entries, and what can be done to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.files.paths import check_path
from domain.metadata import MetadataEntry, check_entries


@dataclass(frozen=True)
class DatabaseOwner:
    """A database."""

    database_id: str


@dataclass(frozen=True)
class AssetOwner:
    """An asset."""

    database_id: str
    asset_id: str


@dataclass(frozen=True)
class FileOwner:
    """A file, by the path in its stored form; or its attributes, which are entries of their own."""

    database_id: str
    asset_id: str
    path: str
    attributes: bool = False


@dataclass(frozen=True)
class LinkOwner:
    """A link."""

    asset_link_id: str


Owner = DatabaseOwner | AssetOwner | FileOwner | LinkOwner


@dataclass(frozen=True)
class Setting:
    """Add or replace entries by key; with `replace_all`, remove every other key."""

    entries: Sequence[MetadataEntry]
    replace_all: bool = False


@dataclass(frozen=True)
class Removal:
    """Remove entries by key; keys that do not exist are passed over."""

    keys: Sequence[str]


@dataclass(frozen=True)
class MetadataChange:
    """What to do to the entries of one owner."""

    owner: Owner
    what: Setting | Removal


def checked(change: MetadataChange) -> MetadataChange:
    """The change with its path in stored form. Raises MetadataInvalid for an entry by itself, PathInvalid."""
    if isinstance(change.what, Setting):
        check_entries(change.what.entries)
    if isinstance(change.owner, FileOwner):
        return replace(change, owner=replace(change.owner, path=check_path(change.owner.path)))
    return change
