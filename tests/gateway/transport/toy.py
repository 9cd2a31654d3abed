"""A toy schema with every shape that the transport has to carry, and the application that serves it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import strawberry
from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from gateway.graphql.app import graphql_routes
from gateway.graphql.errors import ClientError
from gateway.graphql.execution import PositionedEvent
from gateway.graphql.limits import GraphQLLimits


@dataclass
class ToyContext:
    request_id: str = "request-1"


@dataclass
class Streams:
    """How many `forever` subscriptions run now; `changed` is set whenever that number changes."""

    running: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)


STREAMS = Streams()


@strawberry.type
class Item:
    name: str
    size: int = 1

    @strawberry.field
    def twin(self) -> Item:
        return self

    @strawberry.field
    def planned(self) -> Item | None:
        return cast("Item", orjson.Fragment(b'{"name":"from SQL"}'))

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError("the password is hunter2")


@strawberry.type
class Change:
    position: str
    item: Item


def _fragment(json: bytes) -> Any:
    return orjson.Fragment(json)


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    def item(self) -> Item:
        return Item(name="reel")

    @strawberry.field
    async def planned(self) -> Item:
        return cast("Item", _fragment(b'{"label":"reel","size":24}'))

    @strawberry.field
    def maybe_planned(self) -> Item | None:
        return cast("Item", _fragment(b'{"name":"reel"}'))

    @strawberry.field
    def absent(self) -> Item | None:
        return None

    @strawberry.field
    def planned_list(self) -> list[Item]:
        return cast("list[Item]", _fragment(b'[{"name":"a"},{"name":"b"}]'))

    @strawberry.field
    def list_of_planned(self) -> list[Item]:
        return [cast("Item", _fragment(b'{"name":"%s"}' % name)) for name in (b"a", b"b")]

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError("the password is hunter2")

    @strawberry.field
    def refused(self) -> str | None:
        raise ClientError("The reel is archived.", "ARCHIVED")

    @strawberry.field
    async def streams_stopped(self) -> bool:
        """Answers once no `forever` subscription runs any more."""
        while STREAMS.running:
            STREAMS.changed.clear()
            await asyncio.wait_for(STREAMS.changed.wait(), timeout=60)
        return True


@strawberry.type
class Mutation:
    @strawberry.mutation
    def rename(self, name: str) -> Item:
        return cast("Item", _fragment(orjson.dumps({"name": name})))

    @strawberry.mutation
    def broken(self) -> str | None:
        raise RuntimeError("the password is hunter2")


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int = 3) -> AsyncGenerator[int, None]:
        for number in range(1, to + 1):
            yield number

    @strawberry.subscription
    async def changes(self, after: str | None = None) -> AsyncGenerator[Change, None]:
        for position in range(int(after or 0) + 1, 5):
            json = orjson.dumps({"position": str(position)})
            yield cast("Change", PositionedEvent(position, _fragment(json)))

    @strawberry.subscription
    async def forever(self) -> AsyncGenerator[int, None]:
        STREAMS.running += 1
        STREAMS.changed.set()
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            STREAMS.running -= 1
            STREAMS.changed.set()

    @strawberry.subscription
    async def fails(self) -> AsyncGenerator[int, None]:
        yield 1
        raise RuntimeError("the password is hunter2")

    @strawberry.subscription
    async def refuses(self) -> AsyncGenerator[int, None]:
        yield 1
        raise ClientError("The reel is archived.", "ARCHIVED")

    @strawberry.subscription
    async def broken_items(self) -> AsyncGenerator[Item, None]:
        yield Item(name="reel")
        yield Item(name="reel 2")


def toy_schema() -> strawberry.Schema:
    return strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription)


async def toy_context(_: HTTPConnection) -> ToyContext:
    return ToyContext()


def toy_app(limits: GraphQLLimits | None = None, *, graphiql: bool = True) -> Starlette:
    return Starlette(
        routes=graphql_routes(
            toy_schema(),
            context_getter=toy_context,
            limits=limits or GraphQLLimits(),
            graphiql=graphiql,
        )
    )
