"""Circles on the Earth as boxes an index can look up; the exact distance is checked behind them."""

from __future__ import annotations

import math
from typing import NamedTuple

from projections.search.queries import GeoCircle

EARTH_RADIUS_METERS = 6_371_008.7714
"""Mean radius; the one Lucene, and so OpenSearch, computes arc distances with."""

SLACK_DEGREES = 1e-9
"""Keeps rounding from cutting off what lies on the circle; about a tenth of a millimetre."""


class Box(NamedTuple):
    """Degrees, all four inclusive; never crosses the antimeridian."""

    south: float
    north: float
    west: float
    east: float


def boxes(circle: GeoCircle) -> tuple[Box, ...]:
    """One box that holds the circle, or the two parts of one that crosses the antimeridian."""
    reach = circle.radius_meters / EARTH_RADIUS_METERS
    latitude = math.radians(circle.latitude)
    south = math.degrees(latitude - reach) - SLACK_DEGREES
    north = math.degrees(latitude + reach) + SLACK_DEGREES
    if south <= -90 or north >= 90:
        return (Box(max(south, -90), min(north, 90), -180, 180),)
    # Jan Matuschek, "Finding Points Within a Distance of a Latitude/Longitude Using Bounding Coordinates".
    width = math.degrees(math.asin(min(1.0, math.sin(reach) / math.cos(latitude)))) + SLACK_DEGREES
    west, east = circle.longitude - width, circle.longitude + width
    if west < -180:
        return Box(south, north, west + 360, 180), Box(south, north, -180, east)
    if east > 180:
        return Box(south, north, west, 180), Box(south, north, -180, east - 360)
    return (Box(south, north, west, east),)
