"""What people are told of the followers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.consumers.contracts import Pool
from gateway.consumers.errors import Stuck
from gateway.consumers.generations import ensure
from gateway.consumers.rebuild import Progress, rebuild
from gateway.consumers.status import FollowerState, Status, status
from tests.gateway.consumers.toy import Sink, TableFeed, ToyProjection, append, row_of, running
from tests.waiting import eventually


def only(feed: TableFeed, pool: Pool) -> Status:
    (one,) = status(feed, pool)
    return one


def test_a_follower_at_the_head_is_live_without_lag(pool: Pool, feed: TableFeed) -> None:
    ensure(ToyProjection(), pool)
    assert only(feed, pool) == Status(
        name="toy",
        generation=1,
        is_projection=True,
        position=0,
        head=0,
        lag_seconds=0.0,
        state=FollowerState.LIVE,
        failure=None,
        failed_position=None,
        events_per_second=0.0,
        progress=None,
        seconds_left=None,
        previous_generation=None,
    )


def test_lag_is_the_age_of_the_oldest_event_not_applied(pool: Pool, feed: TableFeed) -> None:
    ensure(ToyProjection(), pool)
    append(pool, [1], at=datetime.now(UTC) - timedelta(seconds=90))
    append(pool, [2], at=datetime.now(UTC) - timedelta(seconds=5))
    behind = only(feed, pool)
    assert (behind.state, behind.position, behind.head) == (FollowerState.CATCHING_UP, 0, 2)
    assert behind.lag_seconds == pytest.approx(90, abs=2)
    assert behind.seconds_left is None
    with running(ToyProjection(), pool):
        eventually(lambda: row_of(pool, "toy").position == 2)
    assert (only(feed, pool).state, only(feed, pool).lag_seconds) == (FollowerState.LIVE, 0.0)


def test_a_stopped_follower_says_where_and_why_even_when_the_event_cannot_be_read(pool: Pool, feed: TableFeed) -> None:
    ensure(Sink(), pool)
    append(pool, [1], topic="from-the-future")
    with running(Sink(), pool):
        eventually(lambda: row_of(pool, "sink").state == "stopped")
    stopped = only(feed, pool)
    assert (stopped.name, stopped.is_projection, stopped.state) == ("sink", False, FollowerState.STOPPED)
    assert (stopped.failed_position, stopped.position) == (1, 0)
    assert stopped.failure is not None
    assert "no class for the event at 1" in stopped.failure
    assert 0 <= stopped.lag_seconds < 10


def test_an_unreadable_event_that_no_runner_has_met_yet_is_only_lag(pool: Pool, feed: TableFeed) -> None:
    ensure(Sink(), pool)
    append(pool, [1], topic="from-the-future")
    assert (only(feed, pool).position, only(feed, pool).head, only(feed, pool).failure) == (0, 1, None)
    assert 0 <= only(feed, pool).lag_seconds < 10


def test_a_rebuild_that_is_stuck_says_why_and_leaves_the_live_print_live(pool: Pool, feed: TableFeed) -> None:
    projection = ToyProjection()
    ensure(projection, pool)
    append(pool, range(10))
    with running(ToyProjection(), pool):
        eventually(lambda: row_of(pool, "toy").position == 10)
    projection.poison = {5}
    with pytest.raises(Stuck):
        rebuild(projection, feed, pool, progress=lambda _: None)
    stuck = only(feed, pool)
    assert (stuck.state, stuck.progress, stuck.failed_position) == (FollowerState.LIVE, 0.5, 6)
    assert stuck.failure is not None
    assert "number 5 at 6 is poison" in stuck.failure


def test_a_rebuild_shows_its_progress_while_the_live_print_serves(pool: Pool, feed: TableFeed) -> None:
    ensure(ToyProjection(), pool)
    append(pool, range(100))
    with running(ToyProjection(), pool):
        eventually(lambda: row_of(pool, "toy").position == 100)
    seen: list[Status] = []

    def look(_: Progress) -> None:
        seen.append(only(feed, pool))

    rebuild(ToyProjection(), feed, pool, progress=look, page=50)
    assert [(one.state, one.generation, one.progress) for one in seen] == [
        (FollowerState.REBUILDING, 1, 0.5),
        (FollowerState.REBUILDING, 1, 1.0),
    ]
    assert [one.seconds_left for one in seen] == [pytest.approx(50 / seen[0].events_per_second), 0.0]
    done = only(feed, pool)
    assert (done.generation, done.progress, done.seconds_left) == (2, None, None)
