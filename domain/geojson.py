"""Which JSON values are GeoJSON objects (RFC 7946)."""

from __future__ import annotations

import math

from domain.json import JsonValue

_NESTING = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How many arrays stand around the positions of each kind of geometry."""


def is_number(value: JsonValue) -> bool:
    """Whether it is a finite number; True and False are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_position(value: JsonValue) -> bool:
    """Whether it is longitude, latitude and perhaps a height, on the globe."""
    return (
        isinstance(value, list)
        and len(value) in (2, 3)
        and all(map(is_number, value))
        and abs(value[0]) <= 180
        and abs(value[1]) <= 90
    )


def is_point(value: JsonValue) -> bool:
    """Whether it is a geometry of one position."""
    return isinstance(value, dict) and value.get("type") == "Point" and is_position(value.get("coordinates"))


def is_geojson(value: JsonValue) -> bool:
    """Whether it is a geometry, a feature or a collection of features."""
    if not isinstance(value, dict):
        return False
    match value.get("type"):
        case "Feature":
            return _is_feature(value)
        case "FeatureCollection":
            features = value.get("features")
            return isinstance(features, list) and all(map(_is_feature, features))
    return _is_geometry(value)


def _is_feature(value: JsonValue) -> bool:
    if not isinstance(value, dict) or value.get("type") != "Feature":
        return False
    geometry, properties = value.get("geometry"), value.get("properties")
    return (geometry is None or _is_geometry(geometry)) and (properties is None or isinstance(properties, dict))


def _is_geometry(value: JsonValue) -> bool:
    if not isinstance(value, dict):
        return False
    kind = value.get("type")
    if kind == "GeometryCollection":
        geometries = value.get("geometries")
        return isinstance(geometries, list) and all(map(_is_geometry, geometries))
    if not isinstance(kind, str) or kind not in _NESTING:
        return False
    return _are_coordinates(value.get("coordinates"), nesting=_NESTING[kind])


def _are_coordinates(value: JsonValue, *, nesting: int) -> bool:
    if nesting == 0:
        return is_position(value)
    return isinstance(value, list) and all(_are_coordinates(part, nesting=nesting - 1) for part in value)
