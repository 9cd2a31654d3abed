"""Answer a root field, or a field of a payload, by one planned statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar, cast

import orjson
import strawberry

from domain.errors import DomainError, Invalid
from gateway.context import Context, Info, graphql_info
from gateway.errors import client_error
from gateway.reads.plan import Plan, plan_for
from gateway.reads.registry import SOURCES
from gateway.reads.selection import Selected
from gateway.reads.sources import Narrowing, One, Pages
from gateway.scalars import Position

T = TypeVar("T")


@strawberry.input(description="A moment of the past, by exactly one of its two fields.")
class AsOf:
    """A moment of the past."""

    position: Position | None = strawberry.field(default=None, description="The state right after this event.")
    time: datetime | None = strawberry.field(default=None, description="The state at this instant.")


def by_key(**columns: str) -> Callable[[Narrowing], list[str]]:
    """Conditions `column = value` for each value given; values are bound as text."""

    def narrow(narrowing: Narrowing) -> list[str]:
        return [f"{narrowing.row}.{column} = {narrowing.bind(value)}" for column, value in columns.items()]

    return narrow


async def read_one(
    info: Info, source: str, key: Mapping[str, str], *, as_of: AsOf | None = None, returns: type[T]
) -> T | None:
    """The single row with this key, or None; `returns` is the field's GraphQL type."""
    assert returns is not None
    spec = One(source, "true", by_key(**key))
    return cast(
        "T | None", await _read(info, lambda plan, field, _: plan.one(field.nodes, spec, None, {}), as_of=as_of)
    )


async def read_pages(info: Info, spec: Pages) -> Any:
    """A connection; its arguments are the field's own."""
    return await _read(info, lambda plan, field, arguments: plan.pages(field.nodes, spec, None, arguments))


async def read_many(info: Info, make: Callable[[Plan, Selected, Mapping[str, Any]], str]) -> Any:
    """Whatever expression `make` builds from the field's selection and arguments."""
    return await _read(info, make)


async def _read(
    info: Info, make: Callable[[Plan, Selected, Mapping[str, Any]], str], *, as_of: AsOf | None = None
) -> orjson.Fragment | None:
    context: Context = info.context
    raw = graphql_info(info)
    plan = plan_for(raw, SOURCES)
    field = Selected(raw.field_name, raw.field_name, tuple(raw.field_nodes))
    try:
        arguments = plan.selection.arguments(field, raw.parent_type)
        await context.wait_for(_floor(arguments.get("atLeast"), as_of))
        _look_back(plan, as_of)
        expression = make(plan, field, arguments)
    except DomainError as error:
        raise client_error(error) from error
    return await context.services.reader.fragment(plan, expression)


def _floor(at_least: int | None, as_of: AsOf | None) -> int | None:
    floors = [value for value in (at_least, as_of.position if as_of else None) if value is not None]
    return max(floors) if floors else None


def _look_back(plan: Plan, as_of: AsOf | None) -> None:
    if as_of is None:
        return
    if (as_of.position is None) == (as_of.time is None):
        raise Invalid("asOf takes exactly one of position and time.", path=("asOf",))
    if as_of.position is not None:
        plan.as_of = plan.bind(as_of.position, "bigint")
        return
    moment = plan.bind(as_of.time, "timestamptz")
    plan.prelude = (
        "WITH moment AS (SELECT coalesce(max(l.position), 0) AS position FROM log_index l"
        f" WHERE l.recorded_at <= {moment}) "
    )
    plan.as_of = "(SELECT moment.position FROM moment)"
