"""Comparing the live print with one struck afresh."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from domain.event import Recorded
from gateway.consumers.contracts import Pool
from gateway.consumers.errors import Stuck
from gateway.consumers.generations import ensure
from gateway.consumers.verify import verify
from projections.printing import Difference
from tests.gateway.consumers.test_rebuild import writing
from tests.gateway.consumers.toy import TableFeed, ToyProjection, append, fetch, row_of, running
from tests.waiting import eventually

LEFT = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'toy%' ORDER BY 1"


def struck(pool: Pool, count: int) -> None:
    """A live print of this many events, with its runner gone."""
    ensure(ToyProjection(), pool)
    last = append(pool, range(count))
    with running(ToyProjection(), pool):
        eventually(lambda: row_of(pool, "toy").position == last)


def test_names_the_rows_that_were_changed_removed_and_added(pool: Pool, feed: TableFeed) -> None:
    struck(pool, 300)
    with pool.connection() as connection:
        connection.execute("UPDATE toy.items SET text = 'forged' WHERE number = 17")
        connection.execute("DELETE FROM toy.items WHERE number = 200")
        connection.execute("INSERT INTO toy.totals VALUES (99, 1, 9900)")
    found = verify(ToyProjection(), feed, pool)
    assert found.position == 300
    assert found.differences == (
        Difference(
            "items",
            {"number": 17},
            {"number": 17, "text": "forged", "position": 18},
            {"number": 17, "text": "number 17", "position": 18},
        ),
        Difference("items", {"number": 200}, None, {"number": 200, "text": "number 200", "position": 201}),
        Difference("totals", {"bucket": 99}, {"bucket": 99, "count": 1, "sum": 9900}, None),
    )
    assert found.row_counts == {"items": 299, "totals": 4}
    assert fetch(pool, LEFT) == [("toy",)]
    assert len(verify(ToyProjection(), feed, pool, limit=2).differences) == 2


def test_finds_nothing_while_events_keep_arriving(pool: Pool, feed: TableFeed) -> None:
    struck(pool, 3000)
    with running(ToyProjection(), pool, page=20), writing(pool, 3000):
        found = [verify(ToyProjection(), feed, pool) for _ in range(4)]
    assert [one.differences for one in found] == [()] * 4
    assert [one.row_counts["items"] for one in found] == [one.position for one in found]
    assert found[-1].position > found[0].position > 3000
    assert fetch(pool, LEFT) == [("toy",)]


def test_compares_at_the_live_position_when_that_lags_behind_the_log(pool: Pool, feed: TableFeed) -> None:
    struck(pool, 100)
    append(pool, range(100, 500))
    found = verify(ToyProjection(), feed, pool)
    assert (found.position, found.differences) == (100, ())


def test_applies_the_last_events_inside_the_snapshot(pool: Pool, feed: TableFeed) -> None:
    struck(pool, 100)
    projection = ToyProjection()
    arrived: list[int] = []

    def arrive(_: Sequence[Recorded]) -> None:
        if not arrived:
            arrived.append(append(pool, range(100, 140)))
            eventually(lambda: row_of(pool, "toy").position == arrived[0])

    projection.before_apply = arrive
    with running(ToyProjection(), pool):
        found = verify(projection, feed, pool)
    assert (found.position, found.differences) == (140, ())
    assert found.row_counts == {"items": 140, "totals": 2}


def test_leaves_nothing_behind_when_the_log_cannot_be_applied(pool: Pool, feed: TableFeed) -> None:
    struck(pool, 50)
    projection = ToyProjection()
    projection.poison = {30}
    with pytest.raises(Stuck, match="position 31"):
        verify(projection, feed, pool)
    assert fetch(pool, LEFT) == [("toy",)]
    assert row_of(pool, "toy").state == "running"
