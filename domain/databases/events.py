"""What happened to databases."""

from __future__ import annotations

from domain.event import Event
from domain.metadata import MetadataEntry


class DatabaseEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one database."""

    database_id: str


class DatabaseCreated(DatabaseEvent, frozen=True, kw_only=True):
    """A collection of assets exists from now on."""

    TOPIC = "database-created"
    description: str
    default_bucket_id: str
    restrict_metadata_outside_schemas: bool = False
    restrict_file_uploads_to_extensions: tuple[str, ...] = ()
    """Lower-case extensions with their dot; empty allows every extension."""


class DatabaseMetadataSet(DatabaseEvent, frozen=True, kw_only=True):
    """Entries were added or replaced by key."""

    TOPIC = "database-metadata-set"
    entries: tuple[MetadataEntry, ...]


class DatabaseMetadataRemoved(DatabaseEvent, frozen=True, kw_only=True):
    """Entries were removed by key."""

    TOPIC = "database-metadata-removed"
    keys: tuple[str, ...]


EVENTS: tuple[type[Event], ...] = (DatabaseCreated, DatabaseMetadataSet, DatabaseMetadataRemoved)
