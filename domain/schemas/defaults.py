"""The schemas that most libraries want: those that VAMS ships with (`vams.md` 1.8)."""

from __future__ import annotations

import msgspec

from domain.cause import Order
from domain.event import stream_id
from domain.ledger import Ledger
from domain.metadata import MetadataValueType
from domain.schemas.book import load_book
from domain.schemas.commands import created
from domain.schemas.definition import Definition
from domain.schemas.fields import GLOBAL, MetadataEntityType, SchemaField
from domain.schemas.schema import MetadataSchema
from domain.stream import Decision, Outcome

TRANSFORM = (
    ("Translation", MetadataValueType.XYZ),
    ("Rotation", MetadataValueType.WXYZ),
    ("Scale", MetadataValueType.XYZ),
    ("Matrix", MetadataValueType.MATRIX4X4),
)
LOCATION = (("Location", MetadataValueType.LLA),)


def create_default_metadata_schemas(ledger: Ledger, *, order: Order) -> Outcome:
    """Create those of the default schemas that are not there; the result's `created` is the JSON list of their ids.

    They are global and allow other keys, so no restricted database becomes stricter by them.
    Raises MetadataSchemasDisagree when a schema of the library says something else about one of their keys.
    """

    def decide() -> Decision:
        stream, book = load_book(ledger)
        missing = [schema for schema in DEFAULTS if schema.metadata_schema_id not in book.schemas]
        for schema in missing:
            book.require_agreement(schema)
        ids = msgspec.json.encode([schema.metadata_schema_id for schema in missing]).decode()
        return Decision((stream.then(*(created(schema) for schema in missing)),), {"created": ids})

    return ledger.carry_out(order, decide)


def _default(
    name: str, entity_type: MetadataEntityType, keys: tuple[tuple[str, MetadataValueType], ...]
) -> MetadataSchema:
    fields = tuple(
        SchemaField(key=key, value_type=value_type, sequence=number) for number, (key, value_type) in enumerate(keys, 1)
    )
    identity = str(stream_id("default-metadata-schema", entity_type))
    return MetadataSchema(identity, GLOBAL, entity_type, Definition(name, fields, allows_other_keys=True))


DEFAULTS = (
    _default("Link transform", MetadataEntityType.ASSET_LINK_METADATA, TRANSFORM),
    _default("Database location", MetadataEntityType.DATABASE_METADATA, LOCATION),
)
