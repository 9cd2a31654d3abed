"""frames and frameStatistics, over the columnar tables."""

from __future__ import annotations

import strawberry

from gateway.connections import Connection, PageInfo
from gateway.context import Context, Info
from gateway.frames.types import Frame, FrameDimension, FrameFilter, FrameStatistic
from gateway.reads.found import edges
from gateway.reads.pages import page_size
from gateway.scalars import Long


@strawberry.type
class FrameQueries:
    """Queries of the columnar tables."""
