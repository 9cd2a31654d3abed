"""Which assets a list holds, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

import strawberry

from domain.errors import Invalid
from gateway.reads.sources import Arguments, Narrowing, OrderKey


@strawberry.input(description="Conditions on assets; all that are given must hold.")
class AssetFilter:
    """Conditions on assets."""

    name_contains: str | None = strawberry.field(default=None, description="Text anywhere in the name, in any case.")
    asset_types: list[str] | None = strawberry.field(default=None, description="none, folder, unknown or an extension.")
    tags_any: list[str] | None = strawberry.field(default=None, description="At least one of these tags.")
    tags_all: list[str] | None = strawberry.field(default=None, description="All of these tags.")
    is_distributable: bool | None = strawberry.field(default=None, description="Whether downloads are allowed.")
    created_at_gte: datetime | None = strawberry.field(default=None, description="Created then or later.")
    created_at_lt: datetime | None = strawberry.field(default=None, description="Created before.")
    include_archived: bool | None = strawberry.field(default=False, description="Also archived assets.")
    archived: bool | None = strawberry.field(default=None, description="Only archived, or only unarchived, assets.")


@strawberry.enum(description="What assets can be ordered by.")
class AssetOrderField(Enum):
    """Order columns."""

    ASSET_NAME = "asset_name"
    ASSET_ID = "asset_id"
    ASSET_TYPE = "asset_type"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


@strawberry.enum(description="Direction of an order.")
class OrderDirection(Enum):
    """Directions."""

    ASC = "ASC"
    DESC = "DESC"


@strawberry.input(description="One column of an order. Ties are broken by database id and asset id.")
class AssetOrder:
    """One column of an order."""

    field: AssetOrderField
    direction: OrderDirection | None = OrderDirection.ASC


ASSET_ORDER = (OrderKey("{t}.database_id", "text"), OrderKey("{t}.asset_id", "text"))

_CASTS = {"created_at": "timestamptz", "updated_at": "timestamptz"}


def asset_ordering(arguments: Arguments) -> tuple[OrderKey, ...]:
    """The columns that `orderBy` asks for. Raises Invalid for one given twice."""
    orders = arguments.get("orderBy") or ()
    keys = tuple(_order_key(order) for order in orders)
    if len({key.sql for key in keys}) < len(keys):
        raise Invalid("orderBy names a field twice.", path=("orderBy",))
    return keys


def asset_conditions(narrowing: Narrowing) -> list[str]:
    """SQL of the argument `filter`."""
    given: Mapping[str, Any] = narrowing.arguments.get("filter") or {}
    return [*_state(given, narrowing), *_values(given, narrowing)]


def _order_key(order: Mapping[str, Any]) -> OrderKey:
    column = _raw(order["field"])
    descending = _raw(order.get("direction")) == "DESC"
    return OrderKey(f"{{t}}.{column}", _CASTS.get(column, "text"), descending)


def _raw(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _state(given: Mapping[str, Any], narrowing: Narrowing) -> Iterator[str]:
    archived = given.get("archived")
    if archived is not None:
        yield f"({narrowing.row}.archived_at IS NOT NULL) = {narrowing.bind(archived, 'boolean')}"
    elif not given.get("includeArchived"):
        yield f"{narrowing.row}.archived_at IS NULL"


_CONDITIONS = {
    "assetTypes": ("{t}.asset_type = ANY({v})", "text[]"),
    "tagsAny": ("{t}.tags && {v}", "text[]"),
    "tagsAll": ("{t}.tags @> {v}", "text[]"),
    "isDistributable": ("{t}.is_distributable = {v}", "boolean"),
    "createdAtGte": ("{t}.created_at >= {v}", "timestamptz"),
    "createdAtLt": ("{t}.created_at < {v}", "timestamptz"),
    "nameContains": ("position(lower({v}) in lower({t}.asset_name)) > 0", "text"),
}


def _values(given: Mapping[str, Any], narrowing: Narrowing) -> Iterator[str]:
    for name, (template, cast) in _CONDITIONS.items():
        if given.get(name) is not None:
            value = narrowing.bind(given[name], cast)
            yield template.replace("{t}", narrowing.row).replace("{v}", value)
