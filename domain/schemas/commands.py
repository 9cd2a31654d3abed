"""Commands on metadata schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypedDict

from domain.cause import Order
from domain.databases.database import DATABASES, Database
from domain.databases.errors import DatabaseNotFound
from domain.errors import Invalid, RevisionMismatch
from domain.ledger import Ledger
from domain.schemas.book import SchemaBook, load_book
from domain.schemas.definition import Definition, checked, redefined
from domain.schemas.errors import MetadataSchemaInvalid
from domain.schemas.events import (
    MetadataSchemaCreated,
    MetadataSchemaDeleted,
    MetadataSchemaDisabled,
    MetadataSchemaEnabled,
    MetadataSchemaEvent,
    MetadataSchemaRedefined,
)
from domain.schemas.fields import GLOBAL, MetadataEntityType, SchemaField
from domain.schemas.schema import MetadataSchema
from domain.stream import Decision, Outcome, Stream

MAX_ID_LENGTH = 256


def create_metadata_schema(
    ledger: Ledger,
    metadata_schema_id: str,
    *,
    database_id: str,
    entity_type: MetadataEntityType,
    definition: Definition,
    is_enabled: bool = True,
    order: Order,
) -> Outcome:
    """Describe metadata of a database, or of all with GLOBAL; the result has `metadataSchemaId`.

    Raises MetadataSchemaInvalid, MetadataSchemaAlreadyExists, MetadataSchemasDisagree, DatabaseNotFound,
    DatabaseIsDeleted.
    """
    _check_id(metadata_schema_id)
    wanted = MetadataSchema(
        metadata_schema_id, database_id, entity_type, checked(definition, entity_type), is_enabled=is_enabled
    )

    def decide() -> Decision:
        stream, book = load_book(ledger)
        held = _scope(ledger, database_id)
        book.require_free(metadata_schema_id)
        book.require_agreement(wanted)
        return Decision((stream.then(created(wanted)),), {"metadataSchemaId": metadata_schema_id}, held=held)

    return ledger.carry_out(order, decide)


def update_metadata_schema(
    ledger: Ledger,
    metadata_schema_id: str,
    *,
    schema_name: str | None = None,
    fields: tuple[SchemaField, ...] | None = None,
    file_key_type_restriction: tuple[str, ...] | None = None,
    allows_other_keys: bool | None = None,
    order: Order,
) -> Outcome:
    """Say what is given and differs; None leaves a value, and `fields` are all of them from then on.

    Raises MetadataSchemaNotFound, MetadataSchemaInvalid, MetadataSchemasDisagree.
    """

    def change(book: SchemaBook, schema: MetadataSchema) -> Iterable[MetadataSchemaEvent]:
        wanted = redefined(
            schema.definition,
            schema_name=schema_name,
            fields=fields,
            file_key_type_restriction=file_key_type_restriction,
            allows_other_keys=allows_other_keys,
        )
        definition = checked(wanted, schema.entity_type)
        if definition != schema.definition:
            book.require_agreement(replace(schema, definition=definition))
            yield MetadataSchemaRedefined(
                **_key(schema),
                schema_name=definition.schema_name,
                fields=definition.fields,
                file_key_type_restriction=definition.file_key_type_restriction,
                allows_other_keys=definition.allows_other_keys,
            )

    return _change(ledger, metadata_schema_id, change, order=order)


def enable_metadata_schema(ledger: Ledger, metadata_schema_id: str, *, order: Order) -> Outcome:
    """Let the schema count; nothing when it does. Raises MetadataSchemaNotFound, MetadataSchemasDisagree."""

    def change(book: SchemaBook, schema: MetadataSchema) -> Iterable[MetadataSchemaEvent]:
        if not schema.is_enabled:
            book.require_agreement(replace(schema, is_enabled=True))
            yield MetadataSchemaEnabled(**_key(schema))

    return _change(ledger, metadata_schema_id, change, order=order)


def disable_metadata_schema(ledger: Ledger, metadata_schema_id: str, *, order: Order) -> Outcome:
    """Keep the schema without effect; nothing when it has none. Raises MetadataSchemaNotFound."""

    def change(_: SchemaBook, schema: MetadataSchema) -> Iterable[MetadataSchemaEvent]:
        if schema.is_enabled:
            yield MetadataSchemaDisabled(**_key(schema))

    return _change(ledger, metadata_schema_id, change, order=order)


def delete_metadata_schema(ledger: Ledger, metadata_schema_id: str, *, is_confirmed: bool, order: Order) -> Outcome:
    """Forget the schema for good; entries stay. Raises MetadataSchemaNotFound, Invalid unless it is confirmed."""
    if not is_confirmed:
        raise Invalid(
            "A schema can't be brought back once it is deleted: say confirm, or disable it instead.", path=("confirm",)
        )

    def change(_: SchemaBook, schema: MetadataSchema) -> Iterable[MetadataSchemaEvent]:
        yield MetadataSchemaDeleted(**_key(schema))

    return _change(ledger, metadata_schema_id, change, order=order)


def created(schema: MetadataSchema) -> MetadataSchemaCreated:
    """The first event of the schema."""
    definition = schema.definition
    return MetadataSchemaCreated(
        metadata_schema_id=schema.metadata_schema_id,
        database_id=schema.database_id,
        entity_type=schema.entity_type,
        schema_name=definition.schema_name,
        fields=definition.fields,
        file_key_type_restriction=definition.file_key_type_restriction,
        allows_other_keys=definition.allows_other_keys,
        is_enabled=schema.is_enabled,
    )


def _change(
    ledger: Ledger,
    metadata_schema_id: str,
    change: Callable[[SchemaBook, MetadataSchema], Iterable[MetadataSchemaEvent]],
    *,
    order: Order,
) -> Outcome:
    def decide() -> Decision:
        stream, book = load_book(ledger)
        schema = book.schema(metadata_schema_id)
        if order.expected_revision not in (None, schema.revision):
            raise RevisionMismatch(expected=order.expected_revision or 0, actual=schema.revision)
        return Decision((stream.then(*change(book, schema)),))

    return ledger.carry_out(order, decide)


def _scope(ledger: Ledger, database_id: str) -> tuple[Stream[Database], ...]:
    """What a decision must hold so that the database is there. Raises DatabaseNotFound, DatabaseIsDeleted."""
    if database_id == GLOBAL:
        return ()
    stream = ledger.load(DATABASES, database_id)
    if stream.state is None:
        raise DatabaseNotFound(database_id)
    stream.state.require_active()
    return (stream,)


def _check_id(metadata_schema_id: str) -> None:
    if not 1 <= len(metadata_schema_id) <= MAX_ID_LENGTH or not metadata_schema_id.isprintable():
        raise MetadataSchemaInvalid(
            f"A schema's id has 1 to {MAX_ID_LENGTH} printable characters; {metadata_schema_id[:40]!r} does not.",
            path=("metadataSchemaId",),
        )


class _Key(TypedDict):
    metadata_schema_id: str
    database_id: str
    entity_type: MetadataEntityType


def _key(schema: MetadataSchema) -> _Key:
    return {
        "metadata_schema_id": schema.metadata_schema_id,
        "database_id": schema.database_id,
        "entity_type": schema.entity_type,
    }
