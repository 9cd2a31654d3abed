"""frames and frameStatistics, over the columnar tables."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any, cast

import orjson
import strawberry

from domain.errors import DomainError, Invalid
from gateway.connections import PageInfo
from gateway.context import Context, Info
from gateway.errors import client_error
from gateway.frames.asking import ask, open_live
from gateway.frames.types import FrameConnection, FrameFilter, FrameStatistic
from gateway.reads.pages import decode_cursor, page_size
from gateway.scalars import Long, Position
from gateway.search.types import MetadataCriterion
from projections.columnar.criteria import AttributeCriterion, FrameCriteria
from projections.columnar.frames import FrameKey, FrameRow, frames
from projections.columnar.statistics import FrameDimension, frame_statistics

FOLLOWERS = ("columnar", "tables")
"""Both must have reached `atLeast`: frames are found in one and shown with what the other has of their files."""


@strawberry.type
class FrameQueries:
    """Queries of the columnar tables."""

    @strawberry.field(
        description="Headers of the latest version of every inspected file that is not archived, across all assets."
    )
    async def frames(
        self,
        info: Info,
        filter: FrameFilter | None = None,  # noqa: A002 - the contract's name
        first: int | None = None,
        after: str | None = None,
        at_least: Position | None = None,
    ) -> FrameConnection:
        context: Context = info.context
        try:
            criteria, size = frame_criteria(filter), page_size(first)
            key = None if after is None else cast("FrameKey", decode_cursor(after, 3))
        except DomainError as error:
            raise client_error(error) from error
        await _wait_for(context, at_least)
        store = await open_live(context)
        page = await ask(context, frames, store, criteria, first=size, after=key)
        rows = [_row(frame) for frame in page.rows]
        place = PageInfo(
            has_next_page=page.has_next,
            has_previous_page=after is not None,
            start_cursor=rows[0]["cursor"] if rows else None,
            end_cursor=rows[-1]["cursor"] if rows else None,
        )
        return FrameConnection(store=store, criteria=criteria, rows=rows, page_info=place)

    @strawberry.field(description="How many frames share the values of the dimensions, largest group first.")
    async def frame_statistics(
        self,
        info: Info,
        group_by: list[FrameDimension],
        filter: FrameFilter | None = None,  # noqa: A002 - the contract's name
        at_least: Position | None = None,
    ) -> list[FrameStatistic]:
        context: Context = info.context
        try:
            criteria = frame_criteria(filter)
        except DomainError as error:
            raise client_error(error) from error
        await _wait_for(context, at_least)
        groups = await ask(context, frame_statistics, await open_live(context), criteria, group_by)
        return [
            FrameStatistic(
                keys=list(group.keys), file_count=group.file_count, total_size_bytes=Long(group.total_size_bytes)
            )
            for group in groups
        ]


def frame_criteria(given: FrameFilter | None) -> FrameCriteria:
    """The filter as the columnar tables are asked. Raises Invalid for a condition they cannot answer."""
    if given is None:
        return FrameCriteria()
    return FrameCriteria(
        database_id=given.database_id,
        asset_id=given.asset_id,
        path_prefix=given.path_prefix.removeprefix("/") if given.path_prefix else None,
        channels_any=tuple(given.channels_any or ()),
        layers_any=tuple(given.layers_any or ()),
        compression_in=tuple(given.compression_in or ()),
        is_deep=given.is_deep,
        frame_number_gte=given.frame_number_gte,
        frame_number_lte=given.frame_number_lte,
        min_width=given.min_width,
        min_height=given.min_height,
        attribute=_attribute(given.attribute) if given.attribute else None,
        include_archived=bool(given.include_archived),
    )


def _attribute(given: MetadataCriterion) -> AttributeCriterion:
    if given.within is not None:
        raise Invalid(
            "Header attributes have no places: ask search for metadata within a circle.",
            path=("filter", "attribute", "within"),
        )
    return AttributeCriterion(key=given.key, equals=given.equals, contains=given.contains, gte=given.gte, lte=given.lte)


def _row(frame: FrameRow) -> dict[str, Any]:
    return {"cursor": base64.b64encode(orjson.dumps(frame.key)).decode(), **asdict(frame)}


async def _wait_for(context: Context, at_least: Position | None) -> None:
    for follower in FOLLOWERS:
        await context.wait_for(at_least, follower=follower)
