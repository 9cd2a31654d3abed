"""Commands on databases."""

from __future__ import annotations

from collections.abc import Sequence

from domain.buckets.commands import require_bucket
from domain.cause import Order
from domain.databases.database import (
    DATABASES,
    Database,
    check_database_id,
    check_description,
    check_extensions,
    evolve,
)
from domain.databases.errors import DatabaseAlreadyExists, DatabaseNotFound
from domain.databases.events import DatabaseCreated
from domain.ledger import Ledger
from domain.metadata import MetadataEntry
from domain.owners.commands import change_metadata
from domain.owners.owner import DatabaseOwner, MetadataChange, Removal, Setting
from domain.stream import Decision, Outcome, Stream


def create_database(
    ledger: Ledger,
    database_id: str,
    *,
    description: str,
    default_bucket_id: str,
    restrict_metadata_outside_schemas: bool = False,
    restrict_file_uploads_to_extensions: tuple[str, ...] = (),
    blocked_file_extensions: tuple[str, ...] = (),
    order: Order,
) -> Outcome:
    """Create an empty database. Raises DatabaseAlreadyExists, NotFound for the bucket, Invalid."""
    check_database_id(database_id)
    check_description(description)
    extensions = check_extensions(restrict_file_uploads_to_extensions)
    blocked = check_extensions(blocked_file_extensions, field="blockedFileExtensions")
    event = DatabaseCreated(
        database_id=database_id,
        description=description,
        default_bucket_id=default_bucket_id,
        restrict_metadata_outside_schemas=restrict_metadata_outside_schemas,
        restrict_file_uploads_to_extensions=extensions,
    )

    def decide() -> Decision:
        require_bucket(ledger, default_bucket_id)
        stream = ledger.load(DATABASES, database_id)
        if stream.state:
            raise DatabaseAlreadyExists(database_id)
        blocking = evolve(None, event).block(blocked)
        return Decision((stream.then(event, *blocking),))

    return ledger.carry_out(order, decide)


def update_database(
    ledger: Ledger,
    database_id: str,
    *,
    description: str | None = None,
    default_bucket_id: str | None = None,
    restrict_metadata_outside_schemas: bool | None = None,
    restrict_file_uploads_to_extensions: tuple[str, ...] | None = None,
    blocked_file_extensions: tuple[str, ...] | None = None,
    order: Order,
) -> Outcome:
    """Change what is given and differs; None leaves a value, and what is stored already stays as it is.

    Raises DatabaseNotFound, DatabaseIsDeleted, NotFound for the bucket, Invalid.
    """
    if description is not None:
        check_description(description)
    given = restrict_file_uploads_to_extensions
    extensions = None if given is None else check_extensions(given)
    blocked = blocked_file_extensions
    if blocked is not None:
        blocked = check_extensions(blocked, field="blockedFileExtensions")

    def decide() -> Decision:
        stream, database = load_database(ledger, database_id)
        stream.expect(order)
        if default_bucket_id is not None:
            require_bucket(ledger, default_bucket_id)
        events = database.update(
            description=description,
            default_bucket_id=default_bucket_id,
            restrict_metadata_outside_schemas=restrict_metadata_outside_schemas,
            restrict_file_uploads_to_extensions=extensions,
            blocked_file_extensions=blocked,
        )
        return Decision((stream.then(*events),))

    return ledger.carry_out(order, decide)


def load_database(ledger: Ledger, database_id: str) -> tuple[Stream[Database], Database]:
    """The stream and state of an existing database. Raises DatabaseNotFound."""
    stream = ledger.load(DATABASES, database_id)
    if stream.state is None:
        raise DatabaseNotFound(database_id)
    return stream, stream.state


def set_database_metadata(
    ledger: Ledger,
    database_id: str,
    *,
    entries: Sequence[MetadataEntry],
    replace_all: bool = False,
    order: Order,
) -> Outcome:
    """Add or replace entries by key; with `replace_all`, remove every other key. Raises what change_metadata does."""
    setting = Setting(entries, replace_all)
    return change_metadata(ledger, MetadataChange(DatabaseOwner(database_id), setting), order=order)


def remove_database_metadata(ledger: Ledger, database_id: str, *, keys: Sequence[str], order: Order) -> Outcome:
    """Remove entries by key; keys that do not exist are passed over. Raises what change_metadata does."""
    return change_metadata(ledger, MetadataChange(DatabaseOwner(database_id), Removal(keys)), order=order)
