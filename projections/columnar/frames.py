"""frames(): the latest version of every inspected file with its headers, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from projections.columnar.criteria import FIRST_PART, FrameCriteria, condition
from projections.columnar.filters import AllOf, AnyOf, Column, Filter
from projections.columnar.store import ColumnarStore

ORDER = ("database_id", "asset_id", "path")
LINK_COLUMNS = (*ORDER, "file_id", "s3_version_id", "size_bytes", "last_modified")

FrameKey = tuple[str, str, str]
"""Database id, asset id and path: the order of frames, and the place of a page."""


@dataclass(frozen=True, slots=True)
class FrameRow:
    """A frame."""

    file_id: str
    database_id: str
    asset_id: str
    path: str
    s3_version_id: str
    size_bytes: int
    frame_number: int | None
    is_deep: bool
    part_count: int
    width: int
    """Data window of the first part, in pixels, as is the height; 0 in a file without parts."""
    height: int
    compression: str | None
    channels: tuple[str, ...]
    """Of all parts, each name once, in the order of the reader."""
    last_modified: datetime

    @property
    def key(self) -> FrameKey:
        """Its place in the order."""
        return self.database_id, self.asset_id, self.path


@dataclass(frozen=True, slots=True)
class FramePage:
    """Frames in order."""

    rows: tuple[FrameRow, ...]
    has_next: bool


def frames(store: ColumnarStore, criteria: FrameCriteria, *, first: int, after: FrameKey | None = None) -> FramePage:
    """At most `first` frames behind `after`, by database, asset and path; memory is bounded by the page.

    The store must be held to one version of its tables, or a page may mix two.
    """
    wanted = condition(criteria)
    if after is not None:
        wanted &= _beyond(after)
    links = list(store.read("asset_files", wanted, LINK_COLUMNS, order_by=ORDER, limit=first + 1))
    return FramePage(tuple(_rows(store, links[:first])), has_next=len(links) > first)


def count_frames(store: ColumnarStore, criteria: FrameCriteria) -> int:
    """How many frames there are in all pages."""
    return store.count("asset_files", condition(criteria))


def _beyond(after: FrameKey) -> Filter:
    terms = []
    for place, value in enumerate(after):
        equal = (Column(name).eq(before) for name, before in zip(ORDER[:place], after[:place], strict=True))
        terms.append(AllOf((*equal, Column(ORDER[place]).gt(value))))
    # The first column alone lets the store pass over whole files.
    return AllOf((Column(ORDER[0]).gte(after[0]), AnyOf(tuple(terms))))


def _rows(store: ColumnarStore, links: Sequence[dict[str, Any]]) -> list[FrameRow]:
    if not links:
        return []
    these = Column("file_id").is_in([link["file_id"] for link in links])
    columns = ("file_id", "frame_number", "is_deep", "multipart_count")
    files = {row["file_id"]: row for row in store.read("files", these, columns)}
    columns = ("file_id", "width", "height", "compression")
    parts = {row["file_id"]: row for row in store.read("parts", these & FIRST_PART, columns)}
    channels = _channels(store, these)
    return [
        _row(link, file=files[link["file_id"]], part=parts.get(link["file_id"], {}), channels=channels)
        for link in links
    ]


def _channels(store: ColumnarStore, these: Filter) -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    by_part = sorted(
        store.read("channels", these, ("file_id", "part_index", "channel_name")), key=lambda row: row["part_index"]
    )
    for row in by_part:
        found[row["file_id"]][row["channel_name"]] = None
    return found


def _row(
    link: dict[str, Any], *, file: dict[str, Any], part: dict[str, Any], channels: dict[str, dict[str, None]]
) -> FrameRow:
    return FrameRow(
        **link,
        frame_number=file["frame_number"],
        is_deep=file["is_deep"],
        part_count=file["multipart_count"],
        width=part.get("width", 0),
        height=part.get("height", 0),
        compression=part.get("compression"),
        channels=tuple(channels.get(link["file_id"], ())),
    )
