"""A read that comes after a crash of the database, which took back what the caller was told is shown."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from domain.cause import ActorKind
from gateway.context import Context, Principal, Told
from gateway.database import read_pool
from gateway.graphql.errors import ClientError
from gateway.reads.run import Behind, Reader
from gateway.settings import Settings
from tests.gateway.product import Product

BARE = "SELECT s.asset_id FROM asset_storage s WHERE s.asset_id = %(id)s"
ASSET = "SELECT json_build_object('id', s.asset_id) FROM asset_storage s WHERE s.asset_id = %(id)s"


@pytest.mark.parametrize("statement", [ASSET, f"WITH moment AS (SELECT 1 AS position) {ASSET}", BARE])
def test_a_read_knows_where_the_tables_are(library: Product, product_database_url: str, statement: str) -> None:
    head = library.client.head()

    async def rows() -> list[Any]:
        async with read_pool(product_database_url, Settings()) as pool:
            reader = Reader(pool, sign=str)
            found = [
                await reader.row(statement, {"id": asset_id}, at_least=at_least)
                for asset_id in ("shot_010", "none")
                for at_least in (0, head)
            ]
            with pytest.raises(Behind):
                await reader.row(statement, {"id": "shot_010"}, at_least=head + 1)
            assert reader.statements == 5
            return found

    shown, also_shown, *nothing = asyncio.run(rows())
    assert shown == also_shown
    assert "shot_010" in str(shown)
    assert nothing == [None, None]


@pytest.mark.parametrize(("late", "ends"), [(2, True), (99, False)])
def test_it_is_repeated_until_the_tables_are_there_again(late: int, ends: bool) -> None:
    asked: list[int] = []

    async def read(*, at_least: int) -> str:
        asked.append(at_least)
        if len(asked) <= late:
            raise Behind
        return "shown"

    services = cast(Any, SimpleNamespace(settings=Settings(read_wait_seconds=0.5)))
    context = Context(services, Principal(ActorKind.USER, "ada"), told=Told(7))
    if ends:
        assert asyncio.run(context.as_told(read)) == "shown"
    else:
        with pytest.raises(ClientError, match="tables has not reached position 7 within") as refused:
            asyncio.run(context.as_told(read))
        assert refused.value.code == "UNAVAILABLE"
    assert set(asked) == {7}
