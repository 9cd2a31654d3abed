"""The database aggregate: identity, restrictions, own metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from domain.databases.events import (
    DatabaseCreated,
    DatabaseEvent,
    DatabaseMetadataRemoved,
    DatabaseMetadataSet,
)
from domain.errors import Invalid
from domain.metadata import Metadata, merged
from domain.stream import Aggregate
from domain.text import check_text

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
    metadata: Metadata = field(default_factory=dict)

    def accepts(self, path: str) -> bool:
        """Whether a file of this name may be uploaded here, by its extension, in any case of letters."""
        allowed = self.restrict_file_uploads_to_extensions
        return not allowed or ANY_EXTENSION in allowed or path.lower().endswith(allowed)


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


def check_extensions(extensions: tuple[str, ...]) -> tuple[str, ...]:
    """The extensions in lower case, in order, each once. Raises Invalid for one without its dot."""
    for extension in extensions:
        if not EXTENSION.fullmatch(extension):
            raise Invalid(
                f"An extension is a dot and 1 to 15 letters or digits; {extension[:40]!r} is not.",
                path=("restrictFileUploadsToExtensions",),
            )
    return tuple(dict.fromkeys(extension.lower() for extension in extensions))


def evolve(database: Database | None, event: DatabaseEvent) -> Database:
    """The database after the event."""
    if isinstance(event, DatabaseCreated):
        return Database(event.database_id, event.default_bucket_id, event.restrict_file_uploads_to_extensions)
    assert database is not None
    match event:
        case DatabaseMetadataSet():
            return replace(database, metadata=merged(database.metadata, event.entries, ()))
        case DatabaseMetadataRemoved():
            return replace(database, metadata=merged(database.metadata, (), event.keys))
    raise TypeError(f"{type(event).__name__} is not an event of a database")


DATABASES = Aggregate("database", evolve)
