"""Rebuilding, rolling back, retrying and skipping through GraphQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.gateway.product import Product, product
from tests.gateway.recording import nothing_recorded, recording
from tests.waiting import eventually

SHOWN = "projection { name generation previousGeneration state } position errors { code message path }"
NAMES = ("rebuildProjection", "rollbackProjection", "retryProjection", "skipEvent")
REBUILD, ROLLBACK, RETRY, SKIP = (
    f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {SHOWN} }} }}" for name in NAMES
)
SEARCH = """query($at: Position) { search(query: "robot", atLeast: $at) { totalCount } }"""


@pytest.fixture
def running(database_url: str, tmp_path: Path) -> Iterator[Product]:
    with product(database_url, tmp_path, "search", "rebuilds", "jobs") as found:
        yield found


def follower(running: Product, name: str) -> Any:
    document = "{ projections { name generation previousGeneration position state failure failedPosition } }"
    return next(one for one in running.client.one(document) if one["name"] == name)


def test_a_rebuild_is_kept_until_it_is_rolled_back(running: Product) -> None:
    client = running.client
    client.create_asset("films", "robot")
    with recording(client) as then:
        client.done(REBUILD, name="search", reason="Try it")
        eventually(lambda: follower(running, "search")["generation"] == 2)
        assert follower(running, "search")["previousGeneration"] == 1
        client.create_asset("films", "robot-2")
        client.done(ROLLBACK, name="search", reason="Slower than before")
        eventually(lambda: follower(running, "search")["generation"] == 1)
    assert [name for name in then.types if name.startswith("Projection")] == [
        "ProjectionRebuildRequested",
        "ProjectionRollbackRequested",
    ]
    assert client.one(SEARCH, at=str(client.head()))["totalCount"] == 2


def test_a_follower_that_stands_still_is_retried_or_told_to_skip(running: Product, database_url: str) -> None:
    client = running.client
    client.create_asset("films", "robot")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE search.assets ADD CONSTRAINT poison CHECK (asset_id <> 'poison')")
        client.create_asset("films", "poison")
        eventually(lambda: follower(running, "search")["state"] == "STOPPED")
        position = follower(running, "search")["failedPosition"]
        client.done(RETRY, name="search")
        eventually(lambda: follower(running, "search")["state"] == "STOPPED")
        with recording(client) as then:
            client.done(SKIP, name="search", position=position, reason="Recorded by a broken build")
        client.create_asset("films", "robot-2")
    assert (
        "ProjectionEventSkipped",
        {
            "projection_name": "search",
            "skipped_position": int(position),
            "reason": "Recorded by a broken build",
        },
    ) in then.events
    assert client.one(SEARCH, at=str(client.head()))["totalCount"] == 2
    assert follower(running, "search")["state"] == "LIVE"


def test_what_is_refused_records_nothing(running: Product) -> None:
    client = running.client
    cases: list[tuple[str, dict[str, Any], str, list[str]]] = [
        (REBUILD, {"name": "none"}, "NOT_FOUND", ["name"]),
        (REBUILD, {"name": "search", "reason": "r" * 257}, "INVALID", ["reason"]),
        (ROLLBACK, {"name": "none"}, "NOT_FOUND", ["name"]),
        (ROLLBACK, {"name": "search"}, "NO_EARLIER_PRINT", ["name"]),
        (RETRY, {"name": "none"}, "NOT_FOUND", ["name"]),
        (SKIP, {"name": "none", "position": "1", "reason": "r"}, "NOT_FOUND", ["name"]),
        (SKIP, {"name": "search", "position": "1", "reason": " "}, "INVALID", ["reason"]),
        (SKIP, {"name": "search", "position": "1", "reason": "r"}, "FOLLOWER_DOES_NOT_STAND_THERE", ["position"]),
    ]
    with nothing_recorded(client):
        for document, given, code, path in cases:
            error = client.refused(document, **given)
            assert (error["code"], error["path"]) == (code, path), given
