"""Event: one entry of the log, and what it changed."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any, cast

import strawberry

from domain.cause import ActorKind
from gateway.api_keys.types import ApiKey
from gateway.context import Info
from gateway.reads.root import read_part
from gateway.scalars import Json, Position
from gateway.users.types import User

strawberry.enum(ActorKind, description="What kind of party acts.")


@strawberry.enum(description="What kind of thing a change is of.")
class ChangedEntity(Enum):
    """Kinds of changed things."""

    DATABASE = "DATABASE"
    ASSET = "ASSET"
    FILE = "FILE"
    FOLDER = "FOLDER"
    VERSION = "VERSION"
    LINK = "LINK"
    COMMENT = "COMMENT"
    REVERT = "REVERT"


@strawberry.type(description="One value that an event changed. Values are as the field of this name has them.")
class Change:
    """A changed value."""

    entity: ChangedEntity = strawberry.field(description="What kind of thing it is of.")
    entity_id: str | None = strawberry.field(
        description="Which one within the asset: a path, or the id of a version, link, comment or revert."
        " Null for the asset or database that the event is about."
    )
    field: str = strawberry.field(description="Name of the field, as assetName, tags, metadata or attributes.")
    key: str | None = strawberry.field(description="Key of the entry, or of the object version; null for other fields.")
    before: Json | None = strawberry.field(description="Value before; null when there was none.")
    after: Json | None = strawberry.field(
        description="Value after; null when there is none any more. Of an entry an object with value and valueType."
    )


@strawberry.type(description="Something that happened, as the log holds it.")
class Event:
    """An event."""

    position: Position = strawberry.field(description="Its place in the log; give it as after to go on from here.")
    event_type: str = strawberry.field(description="What happened, as AssetArchived.")
    topic: str = strawberry.field(description="The same as the log names it for ever, as asset-archived.")
    recorded_at: datetime = strawberry.field(description="When the command was given.")
    actor: str = strawberry.field(description="Who gave it, as kind:id.")
    actor_kind: ActorKind = strawberry.field(description="What kind of party gave it.")
    actor_id: str = strawberry.field(description="Who gave it, without the kind.")
    correlation_id: str = strawberry.field(description="The same for everything that one request set in motion.")
    causation_position: Position | None = strawberry.field(description="The event this answers; null for a request.")
    reason: str | None = strawberry.field(description="Why, in the words of whoever gave the command; null without.")
    database_id: str | None = strawberry.field(description="Database it is about, if any; see assetId.")
    asset_id: str | None = strawberry.field(
        description="Asset it is about, if any: of a link the one that it goes from, of a transfer that of the sources."
    )
    path: str | None = strawberry.field(description="File or folder it is about, if any.")
    payload: Json = strawberry.field(
        description="Its own fields, in the names of the log (snake case): those of its newest class version, "
        "whichever release recorded it."
    )

    @strawberry.field(
        description="The event that this answers: of what a processor did, the request or the step that asked for it."
    )
    async def cause(self, info: Info) -> Event | None:
        return cast("Event | None", await _from_tables(info, self))

    @strawberry.field(
        description="Name of the actor now: the address of a user, the name of an API key; null when neither is known."
    )
    async def actor_name(self, info: Info) -> str | None:
        return cast("str | None", await _from_tables(info, self))

    @strawberry.field(
        description="The user who acted, or whom the acting API key acts as, with the roles of now; null when unknown."
    )
    async def user(self, info: Info) -> User | None:
        return cast("User | None", await _from_tables(info, self))

    @strawberry.field(description="The API key that acted; null for other actors, and when it is deleted.")
    async def api_key(self, info: Info) -> ApiKey | None:
        return cast("ApiKey | None", await _from_tables(info, self))

    @strawberry.field(
        description="What it changed of a database, an asset, its files, entries, versions, links and comments; what"
        " came to be has no value before, what is gone has none after. What goes with a deleted asset is not listed."
        " Empty for events about anything else."
    )
    async def changes(self, info: Info) -> list[Change]:
        return cast("list[Change]", await _from_tables(info, self))


async def _from_tables(info: Info, event: Event) -> Any:
    """The field for an event straight from the feed; of a planned event it is part of the plan."""
    await info.context.wait_for(event.position)
    return await read_part(info, "Event", {"position": (str(event.position), "bigint")})


@strawberry.input(description="Conditions on events; all that are given must hold.")
class EventFilter:
    """Conditions on events."""

    event_types: list[str] | None = strawberry.field(default=None, description="Any of these types.")
    topics: list[str] | None = strawberry.field(default=None, description="Any of these topics, as asset-archived.")
    database_id: str | None = strawberry.field(default=None, description="About this database or anything in it.")
    asset_id: str | None = strawberry.field(
        default=None, description="About this asset or anything in it; links from or to it, and transfers to it, too."
    )
    path: str | None = strawberry.field(default=None, description="About the file or folder at this path.")
    actors: list[str] | None = strawberry.field(default=None, description="By any of these, as kind:id.")
    correlation_ids: list[str] | None = strawberry.field(
        default=None,
        description="Set in motion by any of these requests; a response names its own in the header X-Request-Id.",
    )
    recorded_at_gte: datetime | None = strawberry.field(default=None, description="Recorded then or later.")
    recorded_at_lt: datetime | None = strawberry.field(default=None, description="Recorded before.")
    position_gte: Position | None = strawberry.field(default=None, description="At this position or after it.")
    position_lte: Position | None = strawberry.field(default=None, description="At this position or before it.")
