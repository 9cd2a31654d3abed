"""Projection: how far a follower of the log is."""

from __future__ import annotations

import strawberry

from gateway.consumers.status import FollowerState, Status
from gateway.scalars import Position

strawberry.enum(FollowerState, name="ProjectionState", description="What a follower of the log is doing.")


@strawberry.type(description="A follower of the log: tables, search, columnar tables, or a processor.")
class Projection:
    """A follower."""

    name: str = strawberry.field(description="As in rebuildProjection and on the command line.")
    generation: int = strawberry.field(description="Which print is live; a rebuild makes the next.")
    position: Position = strawberry.field(description="Everything up to here is in it.")
    head: Position = strawberry.field(description="The newest position of the log.")
    lag_seconds: float = strawberry.field(description="Age of the oldest event that is not in it; 0 at the head.")
    state: FollowerState = strawberry.field(description="What it is doing.")
    failure: str | None = strawberry.field(description="Why it stands still; null while it does not.")
    failed_position: Position | None = strawberry.field(description="The event it stands still at.")
    events_per_second: float = strawberry.field(description="Its pace when it last moved, or of its rebuild.")
    progress: float | None = strawberry.field(description="Of a rebuild, 0 to 1; null when there is none.")
    seconds_left: float | None = strawberry.field(
        description="Of a rebuild, or of catching up, at its pace; null when there is neither, or no pace yet."
    )
    previous_generation: int | None = strawberry.field(
        description="The print that the live one replaced and rollbackProjection returns to; null when none is kept."
    )


def projection(status: Status) -> Projection:
    """The status as GraphQL shows it."""
    failed = status.failed_position
    return Projection(
        name=status.name,
        generation=status.generation,
        position=Position(status.position),
        head=Position(status.head),
        lag_seconds=status.lag_seconds,
        state=status.state,
        failure=status.failure,
        failed_position=None if failed is None else Position(failed),
        events_per_second=status.events_per_second,
        progress=status.progress,
        seconds_left=status.seconds_left,
        previous_generation=status.previous_generation,
    )
