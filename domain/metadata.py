"""Metadata entries: a key, a value as text, and the type that the text must conform to."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from domain.errors import Invalid, LimitExceeded
from domain.geojson import is_geojson, is_number, is_point
from domain.json import JsonValue
from domain.text import is_storable

MAX_KEY_LENGTH = 256
MAX_VALUE_BYTES = 65_536
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
"""Decimal numbers as every reader of the log can parse them."""


class MetadataValueType(StrEnum):
    """How the text of a value is read; the thirteen types of VAMS."""

    STRING = "string"
    MULTILINE_STRING = "multiline_string"
    INLINE_CONTROLLED_LIST = "inline_controlled_list"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    XYZ = "xyz"
    WXYZ = "wxyz"
    MATRIX4X4 = "matrix4x4"
    GEOPOINT = "geopoint"
    GEOJSON = "geojson"
    LLA = "lla"
    JSON = "json"


class MetadataEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One entry as stored. The empty value is accepted for every type."""

    key: str
    value: str
    value_type: MetadataValueType = MetadataValueType.STRING


Metadata = Mapping[str, MetadataEntry]


class MetadataInvalid(Invalid):
    """A key or a value breaks the rules of its type."""


class TooManyMetadataEntries(LimitExceeded):
    """The owner would hold more entries than the cap."""

    def __init__(self, count: int, most: int, *, field: str = "entries") -> None:
        super().__init__(
            f"The owner would hold {count} metadata entries; at most {most} are allowed: remove some first.",
            path=(field,),
        )


def is_key(key: str) -> bool:
    """Whether an entry could have this key."""
    return 1 <= len(key) <= MAX_KEY_LENGTH and key.isprintable()


def is_value(value: str) -> bool:
    """Whether an entry could have this value, whatever its type."""
    return is_storable(value) and len(value.encode()) <= MAX_VALUE_BYTES


def check_entries(entries: Sequence[MetadataEntry], *, field: str = "entries") -> None:
    """Raise MetadataInvalid for the first entry that breaks a rule, or for a key given twice."""
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        path = (field, str(index))
        if not is_key(entry.key):
            raise MetadataInvalid(
                f"A metadata key has 1 to {MAX_KEY_LENGTH} printable characters; {entry.key[:40]!r} does not.",
                path=(*path, "key"),
            )
        if entry.key in seen:
            raise MetadataInvalid(f"The metadata key {entry.key!r} is given twice.", path=(*path, "key"))
        seen.add(entry.key)
        _check_value(entry, path)


def merged(metadata: Metadata, entries: Sequence[MetadataEntry], removed: Sequence[str]) -> dict[str, MetadataEntry]:
    """The owner's entries after setting `entries` and removing the keys `removed`."""
    kept = {key: entry for key, entry in metadata.items() if key not in removed}
    return kept | {entry.key: entry for entry in entries}


def difference(
    metadata: Metadata,
    entries: Sequence[MetadataEntry],
    *,
    replace_all: bool,
    most: int | None = None,
    field: str = "entries",
) -> tuple[tuple[MetadataEntry, ...], tuple[str, ...]]:
    """What really changes: entries that are new or differ, and keys to remove.

    Raises TooManyMetadataEntries when the owner would hold more than `most`, unless it held as many before.
    """
    given = {entry.key for entry in entries}
    removed = tuple(key for key in metadata if key not in given) if replace_all else ()
    count = len(given) if replace_all else len(given | metadata.keys())
    if most is not None and count > max(most, len(metadata)):
        raise TooManyMetadataEntries(count, most, field=field)
    return tuple(entry for entry in entries if metadata.get(entry.key) != entry), removed


def _check_value(entry: MetadataEntry, path: tuple[str, ...]) -> None:
    if not is_value(entry.value):
        raise MetadataInvalid(
            f"The value of {entry.key!r} is over {MAX_VALUE_BYTES} bytes or holds a NUL or half a surrogate pair.",
            path=(*path, "value"),
        )
    if not is_of_type(entry.value, entry.value_type):
        raise MetadataInvalid(
            f"The value of {entry.key!r} is not a {entry.value_type}: {entry.value[:60]!r}.",
            path=(*path, "value"),
        )


def is_of_type(value: str, value_type: MetadataValueType) -> bool:
    """Whether the text can be read as the type says; the empty one always can."""
    check = _CHECKS.get(value_type)
    if not value or check is None:
        return True
    try:
        return check(value)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return False


def _numbers(value: JsonValue, *names: str) -> bool:
    return isinstance(value, dict) and set(value) == set(names) and all(is_number(value[name]) for name in names)


def _is_decimal(value: str) -> bool:
    return bool(NUMBER.fullmatch(value)) and math.isfinite(float(value))


def _parsed(value: str) -> JsonValue:
    """The value of a JSON text; Python's parser would take NaN and Infinity as well, which are none."""
    return json.loads(value, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> JsonValue:
    raise ValueError(f"{name} is no JSON value")


def _is_lla(value: JsonValue) -> bool:
    return _numbers(value, "lat", "long", "alt") and abs(value["lat"]) <= 90 and abs(value["long"]) <= 180


def _is_matrix(value: JsonValue) -> bool:
    return isinstance(value, list) and len(value) == 4 and all(map(_is_row, value))


def _is_row(value: JsonValue) -> bool:
    return isinstance(value, list) and len(value) == 4 and all(map(is_number, value))


_CHECKS: dict[MetadataValueType, Callable[[str], bool]] = {
    MetadataValueType.NUMBER: _is_decimal,
    MetadataValueType.BOOLEAN: lambda value: value in ("true", "false"),
    MetadataValueType.DATE: lambda value: bool(datetime.fromisoformat(value)),
    MetadataValueType.XYZ: lambda value: _numbers(_parsed(value), "x", "y", "z"),
    MetadataValueType.WXYZ: lambda value: _numbers(_parsed(value), "w", "x", "y", "z"),
    MetadataValueType.MATRIX4X4: lambda value: _is_matrix(_parsed(value)),
    MetadataValueType.GEOPOINT: lambda value: is_point(_parsed(value)),
    MetadataValueType.GEOJSON: lambda value: is_geojson(_parsed(value)),
    MetadataValueType.LLA: lambda value: _is_lla(_parsed(value)),
    MetadataValueType.JSON: lambda value: _parsed(value) is not ...,
}
"""Types that are not listed take any text."""
