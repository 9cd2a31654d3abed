"""Metadata entries in GraphQL: the same shape for databases, assets, files and versions."""

from __future__ import annotations

import strawberry

from domain.metadata import MetadataEntry as Entry
from domain.metadata import MetadataValueType
from gateway.metadata_schemas.governing import Governed
from gateway.metadata_schemas.types import MetadataField
from gateway.reads.sources import Column, Field, One, Source


@strawberry.type(description="A key with its value as text.")
class MetadataEntry:
    """One entry."""

    key: str = strawberry.field(description="Unique within its owner.")
    value: str = strawberry.field(description="Always text; see valueType.")
    value_type: MetadataValueType = strawberry.field(description="How the text is read.")
    field: MetadataField | None = strawberry.field(
        description="How the enabled metadata schemas describe the key now; null when none of them has it."
    )


@strawberry.input(description="An entry to set.")
class MetadataInput:
    """One entry to set."""

    key: str
    value: str
    value_type: MetadataValueType | None = MetadataValueType.STRING


def entries(inputs: list[MetadataInput] | None) -> tuple[Entry, ...]:
    """The entries as the domain takes them."""
    return tuple(
        Entry(key=i.key, value=i.value, value_type=i.value_type or MetadataValueType.STRING) for i in inputs or ()
    )


def metadata_source(name: str, governed: Governed) -> dict[str, Source]:
    """A source of MetadataEntry rows over a table of entries, and that of the fields which govern them."""
    prefix = governed.prefix
    fields: dict[str, Field] = {
        "key": Column(f"{{t}}.{prefix}_key"),
        "value": Column(f"{{t}}.{prefix}_value"),
        "valueType": Column(f"upper({{t}}.{prefix}_value_type)"),
        "field": One(f"{name}Field", f"{{t}}.key = {{p}}.{prefix}_key"),
    }
    entries = Source("MetadataEntry", governed.entries, fields, history=governed.history)
    return {name: entries, **governed.source(f"{name}Field")}
