"""Random commands on metadata schemas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from domain.metadata import MetadataValueType
from domain.schemas.commands import (
    create_metadata_schema,
    delete_metadata_schema,
    disable_metadata_schema,
    enable_metadata_schema,
    update_metadata_schema,
)
from domain.schemas.definition import Definition
from domain.schemas.fields import MetadataEntityType, SchemaField

ids = st.sampled_from(["s1", "s2"])
fields = st.builds(
    SchemaField,
    key=st.sampled_from(["lens", "note"]),
    value_type=st.sampled_from([MetadataValueType.STRING, MetadataValueType.NUMBER]),
    is_required=st.booleans(),
    sequence=st.integers(0, 2),
    default=st.sampled_from([None, "1"]),
).map(lambda field: (field,))


def _create(identity: str, database: str, kind: MetadataEntityType, given: tuple[SchemaField, ...], on: bool) -> Any:
    return lambda ledger, order: create_metadata_schema(
        ledger,
        identity,
        database_id=database,
        entity_type=kind,
        definition=Definition(identity, given),
        is_enabled=on,
        order=order,
    )


def _change(command: Callable[..., object]) -> Callable[..., Any]:
    return lambda identity, **values: lambda ledger, order: command(ledger, identity, **values, order=order)


describing: st.SearchStrategy[Any] = st.one_of(
    st.builds(
        _create, ids, st.sampled_from(["shows", "GLOBAL"]), st.sampled_from(MetadataEntityType), fields, st.booleans()
    ),
    st.builds(_change(update_metadata_schema), ids, fields=fields),
    st.builds(_change(enable_metadata_schema), ids),
    st.builds(_change(disable_metadata_schema), ids),
    st.builds(_change(delete_metadata_schema), ids, is_confirmed=st.just(True)),
)
