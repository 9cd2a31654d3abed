"""Subscriptions: the log as it grows, and things as they change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass

import strawberry

from domain.errors import Invalid
from domain.event import Recorded
from domain.uploads.upload import UploadState
from gateway.assets.types import Asset
from gateway.context import Context, Info
from gateway.errors import client_error
from gateway.events.live import involves, live_event, matches
from gateway.events.reads import check_filter
from gateway.events.types import Event, EventFilter
from gateway.executions.live import WorkflowExecutionSubscriptions
from gateway.graphql.errors import ClientError
from gateway.graphql.execution import PositionedEvent
from gateway.ledger.errors import LedgerError
from gateway.projections.types import Projection, projection
from gateway.reads.root import read_one
from gateway.scalars import Position
from gateway.uploads.reads import read_upload
from gateway.uploads.types import Upload

POLL_SECONDS = 0.5
"""How often things that are not in the log are looked at: received parts, progress of rebuilds."""


@strawberry.type
class Subscription(WorkflowExecutionSubscriptions):
    """The root of subscriptions."""

    @strawberry.subscription(
        description="Events in order, from the newest on or after any position; nothing is missed or repeated."
    )
    async def events(
        self,
        info: Info,
        after: Position | None = None,
        filter: EventFilter | None = None,  # noqa: A002
    ) -> AsyncGenerator[Event, None]:
        _check(filter)
        async for page in _pages(info.context, after):
            for recorded in page:
                if matches(recorded, filter):
                    yield PositionedEvent(recorded.position, live_event(recorded))  # type: ignore[misc]

    @strawberry.subscription(
        description="The asset after each change of it or its files; changes in quick succession come as one."
    )
    async def asset_changed(
        self, info: Info, database_id: str, asset_id: str, after: Position | None = None
    ) -> AsyncGenerator[Asset, None]:
        context: Context = info.context
        key = {"database_id": database_id, "asset_id": asset_id}
        async for page in _pages(context, after):
            changes = [recorded.position for recorded in page if involves(recorded, database_id, asset_id)]
            if changes and await context.shown(changes[-1]):
                asset = await read_one(info, "Asset", key, returns=Asset)
                if asset is not None:
                    yield PositionedEvent(changes[-1], asset)  # type: ignore[misc]

    @strawberry.subscription(
        description="The upload now, and whenever parts arrive or its state changes; ends when it is closed."
    )
    async def upload_progress(self, info: Info, upload_id: strawberry.ID) -> AsyncGenerator[Upload, None]:
        context: Context = info.context
        seen: _Progress | None = None
        looked: _Progress | None = None
        while not context.services.broadcast.is_closed:
            upload = await read_upload(context, str(upload_id))
            if upload is None:
                raise ClientError(f"There is no upload {upload_id!r}.", "NOT_FOUND")
            now = await context.read(_progress, context, upload)
            # The store lets go of the parts a moment before the upload is shown as closed.
            if now != seen and (now == looked or not now.is_less_than(seen)):
                seen = now
                yield upload
            if not now.is_open:
                return
            looked = now
            await asyncio.sleep(POLL_SECONDS)

    @strawberry.subscription(description="Followers of the log now, and whenever one of them moves.")
    async def projection_progress(self, info: Info, name: str | None = None) -> AsyncGenerator[Projection, None]:
        context: Context = info.context
        seen: dict[str, Projection] = {}
        while not context.services.broadcast.is_closed:
            shown = [projection(status) for status in await context.read(context.services.status)]
            wanted = [one for one in shown if name in (None, one.name)]
            if not wanted:
                raise ClientError(f"There is no projection {name!r}.", "NOT_FOUND")
            for one in wanted:
                if _moved(seen.get(one.name), one):
                    seen[one.name] = one
                    yield one
            await asyncio.sleep(POLL_SECONDS)


def _check(wanted: EventFilter | None) -> None:
    try:
        if wanted is not None:
            check_filter(wanted.event_types or (), wanted.topics or ())
    except Invalid as error:
        raise client_error(error) from error


async def _pages(context: Context, after: Position | None) -> AsyncIterator[Sequence[Recorded]]:
    start = await context.read(context.services.feed.head) if after is None else after
    try:
        async for page in context.services.broadcast.follow(start):
            yield page
    except LedgerError as error:
        raise ClientError(f"The log cannot be followed further: {error}", "UNAVAILABLE") from error


@dataclass(frozen=True)
class _Progress:
    """Of an upload: how many parts of each file the store has."""

    is_open: bool
    received: tuple[int, ...] = ()

    def is_less_than(self, other: _Progress | None) -> bool:
        return other is not None and self.is_open and sum(self.received) < sum(other.received)


def _progress(context: Context, upload: Upload) -> _Progress:
    received = tuple(sum(part.received for part in file.planned.parts(context)) for file in upload.files)
    return _Progress(upload.state is UploadState.STARTED, received)


def _moved(before: Projection | None, now: Projection) -> bool:
    return before is None or _facts(before) != _facts(now)


def _facts(shown: Projection) -> tuple[object, ...]:
    return (shown.generation, shown.position, shown.state, shown.failure, shown.progress)
