"""The book of schemas: all of them in one stream, as whether two agree is a rule about both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.ledger import Ledger
from domain.schemas.definition import Definition
from domain.schemas.errors import MetadataSchemaAlreadyExists, MetadataSchemaNotFound, MetadataSchemasDisagree
from domain.schemas.events import (
    MetadataSchemaCreated,
    MetadataSchemaDeleted,
    MetadataSchemaDisabled,
    MetadataSchemaEnabled,
    MetadataSchemaEvent,
    MetadataSchemaRedefined,
)
from domain.schemas.fields import MetadataEntityType
from domain.schemas.schema import MetadataSchema
from domain.stream import Aggregate, Stream


@dataclass(frozen=True)
class SchemaBook:
    """All schemas by id, enabled or not."""

    schemas: Mapping[str, MetadataSchema] = field(default_factory=dict)

    def schema(self, metadata_schema_id: str) -> MetadataSchema:
        """The schema of this id. Raises MetadataSchemaNotFound."""
        if metadata_schema_id not in self.schemas:
            raise MetadataSchemaNotFound(metadata_schema_id)
        return self.schemas[metadata_schema_id]

    def require_free(self, metadata_schema_id: str) -> None:
        """Raise MetadataSchemaAlreadyExists when a schema has the id."""
        if metadata_schema_id in self.schemas:
            raise MetadataSchemaAlreadyExists(metadata_schema_id)

    def require_agreement(self, wanted: MetadataSchema) -> None:
        """Raise MetadataSchemasDisagree when the schema, enabled, would contradict another enabled one."""
        if not wanted.is_enabled:
            return
        for other in self.schemas.values():
            is_other = other.is_enabled and other.metadata_schema_id != wanted.metadata_schema_id
            if is_other and wanted.meets(other):
                for key, differences in wanted.disagreements(other):
                    raise MetadataSchemasDisagree(key, other.title, differences)

    def applying(
        self, entity_type: MetadataEntityType, databases: frozenset[str], extension: str | None = None
    ) -> list[MetadataSchema]:
        """The enabled schemas of an entity of these databases."""
        return [schema for schema in self.schemas.values() if schema.applies(entity_type, databases, extension)]


def evolve(book: SchemaBook | None, event: MetadataSchemaEvent) -> SchemaBook:
    """The book after the event."""
    schemas = dict(book.schemas) if book else {}
    if isinstance(event, MetadataSchemaDeleted):
        del schemas[event.metadata_schema_id]
    elif isinstance(event, MetadataSchemaCreated):
        schemas[event.metadata_schema_id] = _created(event)
    else:
        schemas[event.metadata_schema_id] = _changed(schemas[event.metadata_schema_id], event)
    return SchemaBook(schemas)


def load_book(ledger: Ledger) -> tuple[Stream[SchemaBook], SchemaBook]:
    """The book and its stream; there is always one, at first without schemas."""
    stream = ledger.load(BOOK)
    return stream, stream.state or SchemaBook()


def _created(event: MetadataSchemaCreated) -> MetadataSchema:
    return MetadataSchema(
        event.metadata_schema_id, event.database_id, event.entity_type, _definition(event), event.is_enabled
    )


def _changed(schema: MetadataSchema, event: MetadataSchemaEvent) -> MetadataSchema:
    after = replace(schema, revision=schema.revision + 1)
    match event:
        case MetadataSchemaRedefined():
            return replace(after, definition=_definition(event))
        case MetadataSchemaEnabled():
            return replace(after, is_enabled=True)
        case MetadataSchemaDisabled():
            return replace(after, is_enabled=False)
    raise TypeError(f"{type(event).__name__} is not an event of the book of schemas")


def _definition(event: MetadataSchemaCreated | MetadataSchemaRedefined) -> Definition:
    return Definition(
        event.schema_name, event.fields, event.file_key_type_restriction, allows_other_keys=event.allows_other_keys
    )


BOOK = Aggregate("metadata-schemas", evolve, is_kept=True)
