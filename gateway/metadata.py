"""Metadata entries in GraphQL: the same shape for databases, assets, files and versions."""

from __future__ import annotations

import strawberry

from domain.metadata import MetadataEntry as Entry
from domain.metadata import MetadataValueType
from gateway.reads.sources import Column, Source

strawberry.enum(MetadataValueType, description="How the text of a value is read.")


@strawberry.type(description="A key with its value as text.")
class MetadataEntry:
    """One entry."""

    key: str = strawberry.field(description="Unique within its owner.")
    value: str = strawberry.field(description="Always text; see valueType.")
    value_type: MetadataValueType = strawberry.field(description="How the text is read.")


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


def metadata_source(
    name: str, table: str, history: str | None = None, *, prefix: str = "metadata"
) -> dict[str, Source]:
    """A source of MetadataEntry rows over a table whose columns start with this prefix."""
    fields = {
        "key": Column(f"{{t}}.{prefix}_key"),
        "value": Column(f"{{t}}.{prefix}_value"),
        "valueType": Column(f"upper({{t}}.{prefix}_value_type)"),
    }
    return {name: Source("MetadataEntry", table, fields, history=history)}
