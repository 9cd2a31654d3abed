"""frames and frameStatistics, over the columnar tables."""

from __future__ import annotations

import strawberry


@strawberry.type
class FrameQueries:
    """Queries of the columnar tables."""
