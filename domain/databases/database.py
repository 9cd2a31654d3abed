"""The database aggregate: identity, restrictions, own metadata."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from domain.databases.errors import DatabaseIsDeleted, DatabaseNotDeleted
from domain.databases.events import (
    DatabaseBucketSet,
    DatabaseCreated,
    DatabaseDeleted,
    DatabaseDescribed,
    DatabaseEvent,
    DatabaseExtensionsBlocked,
    DatabaseMetadataRemoved,
    DatabaseMetadataSet,
    DatabaseRestored,
    DatabaseRestrictionsSet,
)
from domain.errors import Invalid
from domain.metadata import Metadata, MetadataEntry, merged
from domain.schemas.rules import Rules
from domain.stream import Aggregate
from domain.text import check_text

T = TypeVar("T")

DATABASE_ID = re.compile(r"[-_a-zA-Z0-9]{3,63}")
EXTENSION = re.compile(r"\.[a-zA-Z0-9]{1,15}")
RESERVED_IDS = frozenset({"GLOBAL"})
ANY_EXTENSION = ".all"


@dataclass(frozen=True)
class Database:
    """What commands need to know of a database."""

    database_id: str
    default_bucket_id: str
    restrict_file_uploads_to_extensions: tuple[str, ...]
    blocked_file_extensions: tuple[str, ...] = ()
    description: str = ""
    restrict_metadata_outside_schemas: bool = False
    is_deleted: bool = False
    metadata: Metadata = field(default_factory=dict)

    def require_active(self) -> None:
        """Raise DatabaseIsDeleted for a deleted database."""
        if self.is_deleted:
            raise DatabaseIsDeleted(self.database_id)

    def update(
        self,
        *,
        description: str | None = None,
        default_bucket_id: str | None = None,
        restrict_metadata_outside_schemas: bool | None = None,
        restrict_file_uploads_to_extensions: tuple[str, ...] | None = None,
        blocked_file_extensions: tuple[str, ...] | None = None,
    ) -> tuple[DatabaseEvent, ...]:
        """Events for what is given and differs; None leaves a value. Raises DatabaseIsDeleted."""
        self.require_active()
        events: list[DatabaseEvent] = []
        if description not in (None, self.description):
            events.append(DatabaseDescribed(database_id=self.database_id, description=description))
        if default_bucket_id not in (None, self.default_bucket_id):
            events.append(DatabaseBucketSet(database_id=self.database_id, default_bucket_id=default_bucket_id))
        restrictions = (
            _or(restrict_metadata_outside_schemas, self.restrict_metadata_outside_schemas),
            _or(restrict_file_uploads_to_extensions, self.restrict_file_uploads_to_extensions),
        )
        if restrictions != (self.restrict_metadata_outside_schemas, self.restrict_file_uploads_to_extensions):
            schemas, extensions = restrictions
            event = DatabaseRestrictionsSet(
                database_id=self.database_id,
                restrict_metadata_outside_schemas=schemas,
                restrict_file_uploads_to_extensions=extensions,
            )
            events.append(event)
        return (*events, *self.block(_or(blocked_file_extensions, self.blocked_file_extensions)))

    def block(self, extensions: tuple[str, ...]) -> tuple[DatabaseExtensionsBlocked, ...]:
        """An event when other extensions than these are blocked."""
        if extensions == self.blocked_file_extensions:
            return ()
        return (DatabaseExtensionsBlocked(database_id=self.database_id, blocked_file_extensions=extensions),)

    def set_metadata(
        self, entries: Sequence[MetadataEntry], *, replace_all: bool, rules: Rules
    ) -> tuple[DatabaseEvent, ...]:
        """Events for what really changes; none when nothing does. Raises what Rules.setting does."""
        self.require_active()
        changed, removed = rules.setting(self.metadata, entries, replace_all=replace_all)
        return self._metadata_events(changed, removed)

    def remove_metadata(self, keys: Sequence[str], *, rules: Rules) -> tuple[DatabaseEvent, ...]:
        """An event for those of the keys that exist; none when no key does. Raises MetadataNotCompliant."""
        self.require_active()
        return self._metadata_events((), rules.removing(self.metadata, keys))

    def restore(self, reason: str | None) -> DatabaseRestored:
        """Raises DatabaseNotDeleted."""
        if not self.is_deleted:
            raise DatabaseNotDeleted(self.database_id)
        return DatabaseRestored(database_id=self.database_id, reason=reason)

    def accepts(self, path: str) -> bool:
        """Whether a file of this name may be uploaded here, by its extension, in any case of letters."""
        name, allowed = path.lower(), self.restrict_file_uploads_to_extensions
        if name.endswith(self.blocked_file_extensions):
            return False
        return not allowed or ANY_EXTENSION in allowed or name.endswith(allowed)

    @property
    def accepted_extensions(self) -> tuple[str, ...]:
        """Those that files may have; empty where every one is accepted that is not blocked."""
        allowed = self.restrict_file_uploads_to_extensions
        return () if ANY_EXTENSION in allowed else tuple(e for e in allowed if e not in self.blocked_file_extensions)

    def _metadata_events(
        self, changed: tuple[MetadataEntry, ...], removed: tuple[str, ...]
    ) -> tuple[DatabaseEvent, ...]:
        removal = (DatabaseMetadataRemoved(database_id=self.database_id, keys=removed),) if removed else ()
        setting = (DatabaseMetadataSet(database_id=self.database_id, entries=changed),) if changed else ()
        return (*removal, *setting)


def check_database_id(database_id: str) -> None:
    """Raise Invalid unless it is 3 to 63 letters, digits, "-" or "_", and not a reserved word."""
    if not DATABASE_ID.fullmatch(database_id) or database_id in RESERVED_IDS:
        raise Invalid(
            f"A database id is 3 to 63 letters, digits, '-' or '_' and not GLOBAL; {database_id[:80]!r} is not.",
            path=("databaseId",),
        )


def check_description(description: str) -> None:
    """Raise Invalid unless it has 4 to 256 characters that can be stored."""
    check_text(description, name="description", longest=256)
    if len(description) < 4:
        raise Invalid(f"A description has 4 to 256 characters, not {len(description)}.", path=("description",))


def check_extensions(extensions: tuple[str, ...], *, field: str = "restrictFileUploadsToExtensions") -> tuple[str, ...]:
    """The extensions in lower case, in order, each once. Raises Invalid for one without its dot."""
    for extension in extensions:
        if not EXTENSION.fullmatch(extension):
            raise Invalid(
                f"An extension is a dot and 1 to 15 letters or digits; {extension[:40]!r} is not.",
                path=(field,),
            )
    return tuple(dict.fromkeys(extension.lower() for extension in extensions))


def evolve(database: Database | None, event: DatabaseEvent) -> Database:  # noqa: C901 - one case an event
    """The database after the event."""
    if isinstance(event, DatabaseCreated):
        return Database(
            event.database_id,
            event.default_bucket_id,
            event.restrict_file_uploads_to_extensions,
            description=event.description,
            restrict_metadata_outside_schemas=event.restrict_metadata_outside_schemas,
        )
    assert database is not None
    match event:
        case DatabaseMetadataSet():
            return replace(database, metadata=merged(database.metadata, event.entries, ()))
        case DatabaseMetadataRemoved():
            return replace(database, metadata=merged(database.metadata, (), event.keys))
        case DatabaseDescribed():
            return replace(database, description=event.description)
        case DatabaseBucketSet():
            return replace(database, default_bucket_id=event.default_bucket_id)
        case DatabaseRestrictionsSet():
            return replace(
                database,
                restrict_metadata_outside_schemas=event.restrict_metadata_outside_schemas,
                restrict_file_uploads_to_extensions=event.restrict_file_uploads_to_extensions,
            )
        case DatabaseExtensionsBlocked():
            return replace(database, blocked_file_extensions=event.blocked_file_extensions)
        case DatabaseDeleted():
            return replace(database, is_deleted=True)
        case DatabaseRestored():
            return replace(database, is_deleted=False)
    raise TypeError(f"{type(event).__name__} is not an event of a database")


def _or(given: T | None, otherwise: T) -> T:
    return otherwise if given is None else given


DATABASES = Aggregate("database", evolve)
