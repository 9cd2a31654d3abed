"""Answer a root field, or a field of a payload, by one planned statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar, cast

import orjson

from domain.errors import DomainError
from gateway.context import Context, Info, graphql_info
from gateway.errors import client_error
from gateway.reads.past import AsOf, look_back, reach
from gateway.reads.plan import Plan, plan_for
from gateway.reads.registry import SOURCES
from gateway.reads.selection import Selected
from gateway.reads.sources import Narrowing, One, Pages

T = TypeVar("T")


def by_key(**columns: str) -> Callable[[Narrowing], list[str]]:
    """Conditions `column = value` for each value given; values are bound as text."""

    def narrow(narrowing: Narrowing) -> list[str]:
        return [f"{narrowing.row}.{column} = {narrowing.bind(value)}" for column, value in columns.items()]

    return narrow


def by_typed_key(key: Mapping[str, tuple[Any, str]]) -> Callable[[Narrowing], list[str]]:
    """The same for values of which each comes with its SQL type."""

    def narrow(narrowing: Narrowing) -> list[str]:
        return [f"{narrowing.row}.{column} = {narrowing.bind(*value)}" for column, value in key.items()]

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


async def read_pages(info: Info, spec: Pages, *, as_of: AsOf | None = None) -> Any:
    """A connection; its arguments are the field's own."""
    return await _read(info, lambda plan, field, arguments: plan.pages(field.nodes, spec, None, arguments), as_of=as_of)


async def read_part(info: Info, source: str, key: Mapping[str, tuple[Any, str]]) -> Any:
    """The field that `info` is of, for the row with this key (value and type by column) of a planned source."""
    return await _read(info, lambda plan, field, _: plan.part(field, One(source, "true", by_typed_key(key))))


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
        await context.wait_for(arguments.get("atLeast"))
        if as_of is not None:
            await reach(context, as_of)
            look_back(plan, as_of)
        expression = make(plan, field, arguments)
    except DomainError as error:
        raise client_error(error) from error
    return await context.as_told(partial(context.services.reader.fragment, plan, expression))
