"""The filter of a question as conditions on the row `d` of documents."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from projections.search.comparable import Range
from projections.search.queries import GeoCircle, MetadataCriterion, SearchFacet, SearchFilter
from projections.search.words import searchable

EARTH_RADIUS_METERS = 6_371_008.7714
"""Mean radius; the one Lucene, and so OpenSearch, computes arc distances with."""

SLACK_DEGREES = 1e-9
"""Keeps rounding from cutting off what lies on the circle; about a tenth of a millimetre."""


class Parameters(dict[str, object]):
    """Values bound to the statement, by the name of their placeholder."""

    def add(self, value: object) -> str:
        """A placeholder for the value."""
        name = f"p{len(self)}"
        self[name] = value
        return f"%({name})s"


def fixed_conditions(query_filter: SearchFilter, parameters: Parameters) -> list[str]:
    """What the filter says beyond the dimensions of facets."""
    conditions = []
    if not query_filter.include_archived:
        conditions.append("NOT d.is_archived")
    if query_filter.entity_types:
        conditions.append(_one_of("d.entity", [str(entity) for entity in query_filter.entity_types], parameters))
    if query_filter.tags_all:
        conditions.append(f"d.tags @> {parameters.add(list(query_filter.tags_all))}::text[]")
    conditions.extend(_has_entry(criterion, parameters) for criterion in query_filter.metadata)
    return conditions


def facet_conditions(query_filter: SearchFilter, parameters: Parameters) -> dict[SearchFacet, str]:
    """What the filter says about the dimension of each facet; facets it says nothing about are left out."""
    conditions = {}
    if query_filter.database_ids:
        conditions[SearchFacet.DATABASE] = _one_of("d.database_id", query_filter.database_ids, parameters)
    if query_filter.asset_types:
        conditions[SearchFacet.ASSET_TYPE] = _one_of("d.asset_type", query_filter.asset_types, parameters)
    if query_filter.tags_any:
        conditions[SearchFacet.TAG] = f"d.tags && {parameters.add(list(query_filter.tags_any))}::text[]"
    if query_filter.file_extensions:
        extensions = ["." + extension.removeprefix(".").lower() for extension in query_filter.file_extensions]
        conditions[SearchFacet.FILE_EXTENSION] = _one_of("d.file_extension", extensions, parameters)
    return conditions


def _one_of(column: str, values: Sequence[str], parameters: Parameters) -> str:
    """Equality where it can be, because then an index on the column also gives the order."""
    if len(values) == 1:
        return f"{column} = {parameters.add(values[0])}"
    return f"{column} = ANY ({parameters.add(list(values))}::text[])"


def _has_entry(criterion: MetadataCriterion, parameters: Parameters) -> str:
    conditions = " AND ".join(_entry(criterion, parameters))
    return f"EXISTS (SELECT FROM search.metadata m WHERE m.document_id = d.document_id AND {conditions})"


def _entry(criterion: MetadataCriterion, parameters: Parameters) -> Iterator[str]:
    yield f"m.key = {parameters.add(criterion.key)}"
    if criterion.equals is not None:
        value = parameters.add(criterion.equals)
        yield f"left(m.value, 256) = left({value}, 256) AND m.value = {value}"
    if criterion.contains is not None:
        yield f"m.searchable LIKE {parameters.add(_pattern(criterion.contains))}"
    if criterion.range is not None:
        yield _between(criterion.range, parameters)
    if criterion.within is not None:
        yield _within(criterion.within, parameters)


def _pattern(text: str) -> str:
    escaped = searchable(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _between(bounds: Range, parameters: Parameters) -> str:
    readings = [("m.number", bounds.numbers, "float8"), ("m.moment", bounds.moments, "timestamptz")]
    alternatives = [
        " AND ".join(
            f"{column} {operator} {parameters.add(bound)}::{kind}"
            for operator, bound in zip((">=", "<="), pair, strict=True)
            if bound is not None
        )
        for column, pair, kind in readings
        if pair is not None
    ]
    return f"({' OR '.join(f'({alternative})' for alternative in alternatives) or 'false'})"


def _within(circle: GeoCircle, parameters: Parameters) -> str:
    inside = " OR ".join(
        f"(m.latitude BETWEEN {parameters.add(box.south)}::float8 AND {parameters.add(box.north)}::float8"
        f" AND m.longitude BETWEEN {parameters.add(box.west)}::float8 AND {parameters.add(box.east)}::float8)"
        for box in _boxes(circle)
    )
    latitude = f"{parameters.add(circle.latitude)}::float8"
    longitude = f"{parameters.add(circle.longitude)}::float8"
    # The haversine formula.
    half_chord = (
        f"sind((m.latitude - {latitude}) / 2) ^ 2"
        f" + cosd(m.latitude) * cosd({latitude}) * sind((m.longitude - {longitude}) / 2) ^ 2"
    )
    distance = f"2 * {EARTH_RADIUS_METERS} * asin(sqrt(least(1, {half_chord})))"
    return f"({inside}) AND {distance} <= {parameters.add(circle.radius_meters)}::float8"


class _Box(NamedTuple):
    """Degrees, all four inclusive; never crosses the antimeridian."""

    south: float
    north: float
    west: float
    east: float


def _boxes(circle: GeoCircle) -> tuple[_Box, ...]:
    """One box that holds the circle, or the two parts of one that crosses the antimeridian."""
    reach = circle.radius_meters / EARTH_RADIUS_METERS
    latitude = math.radians(circle.latitude)
    south = math.degrees(latitude - reach) - SLACK_DEGREES
    north = math.degrees(latitude + reach) + SLACK_DEGREES
    if south <= -90 or north >= 90:
        return (_Box(max(south, -90), min(north, 90), -180, 180),)
    # Jan Matuschek, "Finding Points Within a Distance of a Latitude/Longitude Using Bounding Coordinates".
    width = math.degrees(math.asin(min(1.0, math.sin(reach) / math.cos(latitude)))) + SLACK_DEGREES
    west, east = circle.longitude - width, circle.longitude + width
    if west < -180:
        return _Box(south, north, west + 360, 180), _Box(south, north, -180, east)
    if east > 180:
        return _Box(south, north, west, 180), _Box(south, north, -180, east - 360)
    return (_Box(south, north, west, east),)
