"""Frame: what the columnar tables hold of a file, across all assets."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import strawberry

from gateway.connections import Edge, PageInfo
from gateway.context import Info
from gateway.files.types import File
from gateway.frames.asking import ask
from gateway.reads.found import edges
from gateway.scalars import Long
from gateway.search.types import MetadataCriterion
from projections.columnar.criteria import FrameCriteria
from projections.columnar.frames import count_frames
from projections.columnar.statistics import FrameDimension
from projections.columnar.store import ColumnarStore


@strawberry.input(description="Conditions on frames; all that are given must hold.")
class FrameFilter:
    """Conditions on frames."""

    database_id: str | None = None
    asset_id: str | None = None
    path_prefix: str | None = None
    channels_any: list[str] | None = None
    layers_any: list[str] | None = None
    compression_in: list[str] | None = None
    is_deep: bool | None = None
    frame_number_gte: int | None = None
    frame_number_lte: int | None = None
    min_width: int | None = None
    min_height: int | None = None
    attribute: MetadataCriterion | None = None
    include_archived: bool | None = strawberry.field(
        default=False, description="Also archived files, and files of archived assets."
    )


strawberry.enum(FrameDimension, description="What frames can be counted by.")


@strawberry.type(description="An inspected file with the headers of its first part.")
class Frame:
    """A frame."""

    file_id: str = strawberry.field(description="Key of the file in the columnar tables.")
    database_id: str = strawberry.field(description="Database of its asset.")
    asset_id: str = strawberry.field(description="Its asset.")
    path: str = strawberry.field(description="Path inside the asset.")
    size_bytes: Long = strawberry.field(description="Size.")
    frame_number: int | None = strawberry.field(description="From its name; null when it has none.")
    is_deep: bool = strawberry.field(description="Whether any part is deep.")
    part_count: int = strawberry.field(description="Parts in the file.")
    width: int = strawberry.field(description="Data window of its first part.")
    height: int = strawberry.field(description="Data window of its first part.")
    compression: str | None = strawberry.field(description="Of its first part.")
    channels: list[str] = strawberry.field(description="Names of all channels of all parts.")
    last_modified: datetime = strawberry.field(description="When the store wrote it.")
    file: File | None = strawberry.field(description="The file itself; null once the version is gone.")


@strawberry.type(description="How many frames share the values of the dimensions.")
class FrameStatistic:
    """A group of frames."""

    keys: list[str] = strawberry.field(description="A value for each dimension, in the order of groupBy.")
    file_count: int = strawberry.field(description="Files in the group.")
    total_size_bytes: Long = strawberry.field(description="Their size together.")


@strawberry.type(description="A page of frames by database, asset and path.")
class FrameConnection:
    """Frames, and the rows that were current when the page was read."""

    store: strawberry.Private[ColumnarStore]
    criteria: strawberry.Private[FrameCriteria]
    rows: strawberry.Private[list[dict[str, Any]]]
    page_info: PageInfo = strawberry.field(description="Whether there is more, and from where to go on.")

    @strawberry.field(description="The frames of the page.")
    async def edges(self, info: Info) -> list[Edge[Frame]]:
        return cast("list[Edge[Frame]]", await edges(info, "FrameEdge", self.rows))

    @strawberry.field(description="Frames of all pages; counted only when it is asked for.")
    async def total_count(self, info: Info) -> int:
        return await ask(info.context, count_frames, self.store, self.criteria)
