"""frameStatistics: how many frames share the values of some dimensions, and how large they are together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from projections.columnar.criteria import FIRST_PART, FrameCriteria, condition
from projections.columnar.errors import ColumnarError
from projections.columnar.filters import AllOf, Column
from projections.columnar.store import ColumnarStore
from projections.columnar.streams import streams

MAX_GROUPS = 10_000


class FrameDimension(StrEnum):
    """What frames are counted by: channels of any part; compression, data window and colour space of the first."""

    COMPRESSION = "COMPRESSION"
    CHANNEL = "CHANNEL"
    LAYER = "LAYER"
    CHANNEL_TYPE = "CHANNEL_TYPE"
    RESOLUTION = "RESOLUTION"
    COLOR_SPACE = "COLOR_SPACE"
    ASSET = "ASSET"


CHANNEL_COLUMNS = {
    FrameDimension.CHANNEL: "channel_name",
    FrameDimension.LAYER: "layer_name",
    FrameDimension.CHANNEL_TYPE: "channel_type",
}
EXPRESSIONS = {
    **{dimension: f"c.{column}" for dimension, column in CHANNEL_COLUMNS.items()},
    FrameDimension.COMPRESSION: "p.compression",
    FrameDimension.RESOLUTION: "p.width || 'x' || p.height",
    FrameDimension.COLOR_SPACE: "p.color_space",
    FrameDimension.ASSET: "f.database_id || '/' || f.asset_id",
}


class TooManyGroups(ColumnarError):
    """The answer would be longer than a caller can mean."""

    def __init__(self) -> None:
        super().__init__(f"There are more than {MAX_GROUPS} groups: narrow the filter, or group by fewer dimensions.")


@dataclass(frozen=True, slots=True)
class FrameStatistic:
    """A group of frames. A file with several channels of a layer or type counts once in its group."""

    keys: tuple[str, ...]
    """A value for each dimension in the order asked for; empty where a header states none."""
    file_count: int
    total_size_bytes: int


def frame_statistics(
    store: ColumnarStore, criteria: FrameCriteria, group_by: Sequence[FrameDimension]
) -> list[FrameStatistic]:
    """The groups, largest first and then by their keys; in bounded memory. Raises TooManyGroups.

    Dimensions of channels are read off the same channel: CHANNEL with CHANNEL_TYPE gives the types of each name.
    """
    dimensions = tuple(dict.fromkeys(group_by))
    with streams(**_tables(store, criteria, dimensions)) as connection:
        rows = connection.sql(_statement(dimensions)).fetchall()
    if len(rows) > MAX_GROUPS:
        raise TooManyGroups
    places = [dimensions.index(dimension) for dimension in group_by]
    return [FrameStatistic(tuple(keys[place] for place in places), count, size) for *keys, count, size in rows]


def _tables(
    store: ColumnarStore, criteria: FrameCriteria, dimensions: Sequence[FrameDimension]
) -> dict[str, pa.RecordBatchReader]:
    wanted = condition(criteria)
    tables = {"f": store.scan("asset_files", wanted, ("database_id", "asset_id", "file_id", "size_bytes"))}
    theirs = Column("file_id").in_table("asset_files", "file_id", wanted)
    columns = [CHANNEL_COLUMNS[dimension] for dimension in dimensions if dimension in CHANNEL_COLUMNS]
    if columns:
        tables["channels"] = store.scan("channels", theirs, ("file_id", *columns))
    if _of_parts(dimensions):
        columns = ["file_id", "width", "height", "compression", "color_space"]
        tables["p"] = store.scan("parts", AllOf((FIRST_PART, theirs)), columns)
    return tables


def _of_parts(dimensions: Sequence[FrameDimension]) -> bool:
    return any(EXPRESSIONS[dimension].startswith("p.") for dimension in dimensions)


def _statement(dimensions: Sequence[FrameDimension]) -> str:
    keys = [f"coalesce({EXPRESSIONS[dimension]}, '')" for dimension in dimensions]
    joins = " JOIN p USING (file_id)" if _of_parts(dimensions) else ""
    if any(dimension in CHANNEL_COLUMNS for dimension in dimensions):
        joins += " JOIN (SELECT DISTINCT * FROM channels) c USING (file_id)"
    groups = ", ".join(str(place + 1) for place in range(len(keys)))
    grouped = f" GROUP BY {groups}" if groups else " HAVING count(*) > 0"
    order = ", ".join(["count(*) DESC", *keys])
    columns = ", ".join([*keys, "count(*)", "sum(f.size_bytes)::BIGINT"])
    return f"SELECT {columns} FROM f{joins}{grouped} ORDER BY {order} LIMIT {MAX_GROUPS + 1}"
