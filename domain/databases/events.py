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


class DatabaseDescribed(DatabaseEvent, frozen=True, kw_only=True):
    """The description changed."""

    TOPIC = "database-described"
    description: str


class DatabaseBucketSet(DatabaseEvent, frozen=True, kw_only=True):
    """New assets are placed in another bucket; those that exist stay where they are."""

    TOPIC = "database-bucket-set"
    default_bucket_id: str


class DatabaseRestrictionsSet(DatabaseEvent, frozen=True, kw_only=True):
    """What may be stored from now on; what is stored already stays."""

    TOPIC = "database-restrictions-set"
    restrict_metadata_outside_schemas: bool
    restrict_file_uploads_to_extensions: tuple[str, ...]


class DatabaseExtensionsBlocked(DatabaseEvent, frozen=True, kw_only=True):
    """No file of these extensions may be stored from now on; what is stored already stays."""

    TOPIC = "database-extensions-blocked"
    blocked_file_extensions: tuple[str, ...]
    """All of them; empty blocks none."""


class DatabaseDeleted(DatabaseEvent, frozen=True, kw_only=True):
    """The database left the working set with no active asset in it; its id stays taken."""

    TOPIC = "database-deleted"
    reason: str | None = None


class DatabaseRestored(DatabaseEvent, frozen=True, kw_only=True):
    """The database is back as it was deleted."""

    TOPIC = "database-restored"
    reason: str | None = None


class RosterEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one part of a database's roster of assets."""

    database_id: str
    part: int
    """0 to 63, from the asset's id."""


class AssetEnrolled(RosterEvent, frozen=True, kw_only=True):
    """The asset is an active one of the database from now on: it was created or unarchived."""

    TOPIC = "asset-enrolled"
    asset_id: str


class RosterClosed(RosterEvent, frozen=True, kw_only=True):
    """The database was deleted when this part held no active asset."""

    TOPIC = "roster-closed"


EVENTS: tuple[type[Event], ...] = (
    DatabaseCreated,
    DatabaseMetadataSet,
    DatabaseMetadataRemoved,
    DatabaseDescribed,
    DatabaseBucketSet,
    DatabaseRestrictionsSet,
    DatabaseDeleted,
    DatabaseRestored,
    DatabaseExtensionsBlocked,
    AssetEnrolled,
    RosterClosed,
)
