"""Event: one entry of the log."""

from __future__ import annotations

from datetime import datetime

import strawberry

from gateway.scalars import Json, Position


@strawberry.type(description="Something that happened, as the log holds it.")
class Event:
    """An event."""

    position: Position = strawberry.field(description="Its place in the log; give it as after to go on from here.")
    event_type: str = strawberry.field(description="What happened, as AssetArchived.")
    recorded_at: datetime = strawberry.field(description="When the command was given.")
    actor: str = strawberry.field(description="Who gave it, as kind:id.")
    correlation_id: str = strawberry.field(description="The same for everything that one request set in motion.")
    causation_position: Position | None = strawberry.field(description="The event this answers; null for a request.")
    database_id: str | None = strawberry.field(description="Database it is about, if any.")
    asset_id: str | None = strawberry.field(description="Asset it is about, if any.")
    path: str | None = strawberry.field(description="File it is about, if any.")
    payload: Json = strawberry.field(description="Its own fields, in the names of the log (snake case).")


@strawberry.input(description="Conditions on events; all that are given must hold.")
class EventFilter:
    """Conditions on events."""

    event_types: list[str] | None = strawberry.field(default=None, description="Any of these types.")
    database_id: str | None = strawberry.field(default=None, description="About this database or anything in it.")
    asset_id: str | None = strawberry.field(default=None, description="About this asset or anything in it.")
    path: str | None = strawberry.field(default=None, description="About the file at this path.")
    correlation_ids: list[str] | None = strawberry.field(
        default=None,
        description="Set in motion by any of these requests; a response names its own in the header X-Request-Id.",
    )
