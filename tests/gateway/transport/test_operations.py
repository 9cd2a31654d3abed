"""The runner under the transports: streams that are closed, and schemas that it does not run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest
import strawberry
from strawberry.extensions import MaskErrors

from gateway.graphql.limits import GraphQLLimits
from gateway.graphql.operations import ExtensionsUnsupported, Operation, OperationRunner
from tests.gateway.transport.toy import Query, ToyContext


def test_closing_a_stream_between_two_events_closes_its_source_before_it_returns() -> None:
    closed = []

    @strawberry.type
    class Subscription:
        @strawberry.subscription
        async def numbers(self) -> AsyncGenerator[int, None]:
            try:
                yield 1
                yield 2
            finally:
                closed.append(True)

    runner = OperationRunner(strawberry.Schema(query=Query, subscription=Subscription), GraphQLLimits())

    async def read_one() -> list[bool]:
        prepared = runner.prepare(Operation("subscription { numbers }"))
        outcomes = runner.stream(prepared, ToyContext())
        assert (await anext(outcomes)).data == {"numbers": 1}
        await outcomes.aclose()
        # A generator that was only forgotten would be closed later, by the loop's own hook.
        return list(closed)

    assert asyncio.run(read_one()) == [True]


def test_a_schema_with_extensions_is_refused_instead_of_half_run() -> None:
    schema = strawberry.Schema(query=Query, extensions=[MaskErrors])
    with pytest.raises(ExtensionsUnsupported):
        OperationRunner(schema, GraphQLLimits())
