"""What the followers of the log are doing, for people: GraphQL's Projection, readiness, metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from gateway.consumers import positions
from gateway.consumers.contracts import Feed, Pool
from gateway.consumers.errors import unreadable_position
from gateway.consumers.positions import Row

LIVE_LAG_SECONDS = 2.0
"""A follower that is no further behind is called live: under constant writes none is ever exactly at the head."""

WAIT_SECONDS = 2.0
"""How long a connection is waited for: whoever asks, a probe above all, rather asks again."""


class FollowerState(StrEnum):
    """GraphQL's ProjectionState."""

    LIVE = "LIVE"
    CATCHING_UP = "CATCHING_UP"
    REBUILDING = "REBUILDING"
    """Also after a rebuild was killed, until another one resumes it; the live print serves all the while."""
    STOPPED = "STOPPED"
    """An event cannot be applied; waits for retry()."""
    FAILED = "FAILED"
    """Something it needs is away; tries again by itself."""


@dataclass(frozen=True)
class Status:
    """One follower of the log."""

    name: str
    generation: int
    is_projection: bool
    """False for a processor, which has no prints."""
    position: int
    head: int
    lag_seconds: float
    """Age of the oldest event not applied yet; 0 at the head."""
    state: FollowerState
    failure: str | None
    """Of the live generation, or else of the rebuild."""
    failed_position: int | None
    events_per_second: float
    """When it last moved; of the rebuild while there is one."""
    progress: float | None
    """Of the rebuild, 0 to 1; None when there is none."""
    seconds_left: float | None
    """Of the rebuild, or of catching up, at the pace it had last; None when there is neither, or no pace yet."""
    previous_generation: int | None
    """The print of the same shape that the live one replaced, while it is kept."""


def status(feed: Feed, pool: Pool) -> list[Status]:
    """Every follower ever set up, by name. Raises psycopg.Error when the database is away."""
    with pool.connection(timeout=WAIT_SECONDS) as connection:
        rows = positions.select(connection, "live", "building", "previous")
    head = feed.head()
    building = {row.name: row for row in rows if row.role == "building"}
    previous = {(row.name, row.shape): row for row in sorted(rows, key=_updated_at) if row.role == "previous"}
    return [
        _status(row, building.get(row.name), previous.get((row.name, row.shape)), feed=feed, head=head)
        for row in rows
        if row.role == "live"
    ]


def _updated_at(row: Row) -> datetime:
    return row.updated_at


def _status(live: Row, building: Row | None, previous: Row | None, *, feed: Feed, head: int) -> Status:
    lag = 0.0 if live.position >= head else _lag_seconds(live, feed)
    failing = live if building is None or live.failure else building
    state = _state(live, building, lag)
    is_moving = state in (FollowerState.REBUILDING, FollowerState.CATCHING_UP)
    return Status(
        name=live.name,
        generation=live.generation,
        is_projection=live.shape is not None,
        position=live.position,
        head=max(head, live.position),
        lag_seconds=lag,
        state=state,
        failure=failing.failure,
        failed_position=failing.failed_position,
        events_per_second=(building or live).events_per_second,
        progress=None if building is None else building.position / max(head, building.position, 1),
        seconds_left=(building or live).seconds_to(head) if is_moving else None,
        previous_generation=None if previous is None else previous.generation,
    )


def _state(live: Row, building: Row | None, lag_seconds: float) -> FollowerState:
    if live.state == "stopped":
        return FollowerState.STOPPED
    if live.state == "failed":
        return FollowerState.FAILED
    if building is not None and building.state == "running":
        return FollowerState.REBUILDING
    return FollowerState.LIVE if lag_seconds <= LIVE_LAG_SECONDS else FollowerState.CATCHING_UP


def _lag_seconds(row: Row, feed: Feed) -> float:
    now = datetime.now(UTC)
    return max((now - _waiting_since(row, feed, now)).total_seconds(), 0.0)


def _waiting_since(row: Row, feed: Feed, now: datetime) -> datetime:
    try:
        waiting = feed.read(row.position, 1)
    except Exception as error:
        if unreadable_position(error) is None:
            raise
        # Nobody can say how old an unreadable event is; the follower has stood before it since it last moved.
        return row.updated_at
    return waiting[0].cause.at if waiting else now
