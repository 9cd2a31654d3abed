"""The thirteen types of metadata, and what an owner's entries come to."""

from __future__ import annotations

import json

import pytest

from domain.errors import Invalid
from domain.metadata import (
    MetadataEntry,
    MetadataInvalid,
    MetadataValueType,
    TooManyMetadataEntries,
    check_entries,
    difference,
    merged,
)

IDENTITY = json.dumps([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.5]])
GOOD: dict[str, list[str]] = {
    "string": ["any", "two\nlines", "é 🎬"],
    "multiline_string": ["two\nlines\ttab"],
    "inline_controlled_list": ["approved"],
    "number": ["0", "-1", "+1.5", ".5", "5.", "1e3", "1E-3", "0010", "9" * 40],
    "boolean": ["true", "false"],
    "date": ["2026-11-21", "2026-11-21T12:00:00", "2026-11-21T12:00:00Z", "2026-11-21T12:00:00.5+02:00"],
    "xyz": ['{"x":1,"y":-2.5,"z":0}'],
    "wxyz": ['{"w":1,"x":0,"y":0,"z":0}'],
    "matrix4x4": [IDENTITY],
    "geopoint": [
        '{"type":"Point","coordinates":[13.4,52.5]}',
        '{"type":"Point","coordinates":[-180,90,35.5]}',
    ],
    "geojson": [
        '{"type":"Point","coordinates":[1,2]}',
        '{"type":"FeatureCollection","features":[]}',
        '{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,1],[0,0]]]}',
        '{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[0,1],[0,0]]]]}',
        '{"type":"MultiPoint","coordinates":[]}',
        '{"type":"LineString","coordinates":[[0,0],[1,1,50]]}',
        '{"type":"MultiLineString","coordinates":[[[0,0],[1,1]]]}',
        '{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}',
        '{"type":"Feature","geometry":null,"properties":null}',
        '{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"a":1}}',
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{}}]}',
    ],
    "lla": ['{"lat":-90,"long":180,"alt":-5.5}'],
    "json": ["{}", "[]", "null", "1", '"text"', '{"a":[1,{"b":null}]}'],
}
BAD: dict[str, list[str]] = {
    "string": ["a\x00b", "a\ud800", "a" * 65_537, "é" * 32_769],
    "multiline_string": ["\x00", "\udfff"],
    "inline_controlled_list": ["\x00"],
    "number": [
        "one",
        "1,5",
        "1_000",
        " 1",
        "1 ",
        "1\n",
        "NaN",
        "Infinity",
        "1e999",
        "0x10",
        "\uff11\uff12",
        ".",
        "-",
        "1e",
    ],
    "boolean": ["True", "FALSE", "1", "yes", " true"],
    "date": ["tomorrow", "2026-13-01", "2026-02-30", "21.11.2026", "2026-11-21T25:00"],
    "xyz": [
        "x",
        "{}",
        "[1,2,3]",
        '{"x":1,"y":2}',
        '{"x":1,"y":2,"z":"3"}',
        '{"x":1,"y":2,"z":true}',
        '{"x":1,"y":2,"z":3,"w":4}',
        '{"x":1,"y":2,"z":NaN}',
        '{"x":1,"y":2,"z":1e999}',
        f'{{"x":1,"y":2,"z":1{"0" * 400}}}',
    ],
    "wxyz": ['{"x":1,"y":2,"z":3}', '{"w":null,"x":1,"y":2,"z":3}'],
    "matrix4x4": ["[]", "[[1]]", "5", "{}", '["abcd","abcd","abcd","abcd"]', IDENTITY.replace("1.5", "null")],
    "geopoint": [
        '{"type":"LineString","coordinates":[[1,2]]}',
        '{"type":"Point"}',
        '{"type":"Point","coordinates":[1]}',
        '{"type":"Point","coordinates":[1,2,3,4]}',
        '{"type":"Point","coordinates":[181,0]}',
        '{"type":"Point","coordinates":[0,-91]}',
        '{"type":"Point","coordinates":["1","2"]}',
        '{"type":"Point","coordinates":{"a":1,"b":2}}',
        "[1,2]",
    ],
    "geojson": [
        "{}",
        '{"type":"Circle"}',
        '{"type":["Point"]}',
        '{"type":"Point"}',
        '{"type":"Point","coordinates":[181,0]}',
        '{"type":"LineString","coordinates":[0,0]}',
        '{"type":"Polygon","coordinates":[[0,0]]}',
        '{"type":"GeometryCollection","geometries":[{"type":"Feature"}]}',
        '{"type":"GeometryCollection"}',
        '{"type":"Feature","geometry":1,"properties":null}',
        '{"type":"Feature","geometry":null,"properties":[]}',
        '{"type":"FeatureCollection","features":[{"type":"Point","coordinates":[1,2]}]}',
        '{"type":"FeatureCollection"}',
        "[]",
        "text",
    ],
    "lla": ['{"lat":91,"long":0,"alt":0}', '{"lat":0,"long":181,"alt":0}', '{"lat":0,"lon":0,"alt":0}', "[]"],
    "json": ["{", "text", "{'a':1}", "NaN", "[Infinity]", "-Infinity", "[" * 60_000, "1" * 5000, "{} {}"],
}


def _cases(values: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(value_type, value) for value_type, listed in values.items() for value in listed]


def _entry(key: str = "key", value: str = "value", value_type: str = "string") -> MetadataEntry:
    return MetadataEntry(key=key, value=value, value_type=MetadataValueType(value_type))


def test_the_cases_cover_every_type() -> None:
    assert list(GOOD) == list(BAD) == [value_type.value for value_type in MetadataValueType]
    assert len(GOOD) == 13


@pytest.mark.parametrize(("value_type", "value"), _cases(GOOD), ids=range(len(_cases(GOOD))))
def test_a_value_of_its_type_is_taken(value_type: str, value: str) -> None:
    check_entries([_entry(value=value, value_type=value_type)])


@pytest.mark.parametrize(("value_type", "value"), _cases(BAD), ids=range(len(_cases(BAD))))
def test_a_value_of_another_type_is_refused(value_type: str, value: str) -> None:
    with pytest.raises(MetadataInvalid) as caught:
        check_entries([_entry("first"), _entry(value=value, value_type=value_type)])
    assert caught.value.path == ("entries", "1", "value")
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("value_type", list(MetadataValueType))
def test_the_empty_value_is_of_every_type(value_type: str) -> None:
    check_entries([_entry(value="", value_type=value_type)])


def test_a_value_at_the_limit_is_taken() -> None:
    check_entries([_entry(value="a" * 65_536)])


@pytest.mark.parametrize("key", ["", "a" * 257, "a\n", "a\x00", "a\ud800"])
def test_a_bad_key_is_refused(key: str) -> None:
    with pytest.raises(MetadataInvalid) as caught:
        check_entries([_entry(key)])
    assert caught.value.path == ("entries", "0", "key")


def test_a_key_given_twice_is_refused() -> None:
    with pytest.raises(Invalid, match="twice") as caught:
        check_entries([_entry("a"), _entry("b"), _entry("a")])
    assert caught.value.path == ("entries", "2", "key")


def test_merging_removes_first_and_then_sets() -> None:
    before = {"a": _entry("a", "1"), "b": _entry("b", "2")}
    assert merged(before, [_entry("a", "3")], ["a", "b", "c"]) == {"a": _entry("a", "3")}


def test_a_difference_is_what_changes() -> None:
    before = {"a": _entry("a", "1"), "b": _entry("b", "2")}
    given = [_entry("a", "1"), _entry("c", "3")]
    assert difference(before, given, replace_all=False) == ((_entry("c", "3"),), ())
    assert difference(before, given, replace_all=True) == ((_entry("c", "3"),), ("b",))


def test_another_type_is_a_difference() -> None:
    given = _entry("a", "1", "number")
    assert difference({"a": _entry("a", "1")}, [given], replace_all=False) == ((given,), ())


def test_the_cap_counts_what_would_be_held() -> None:
    full = {f"k{n}": _entry(f"k{n}") for n in range(500)}
    assert difference(full, [_entry("k0", "new")], replace_all=False, most=500) == ((_entry("k0", "new"),), ())
    with pytest.raises(TooManyMetadataEntries, match="501"):
        difference(full, [_entry("new")], replace_all=False, most=500)


def test_an_owner_over_a_cap_that_was_lowered_is_still_edited_and_only_does_not_grow() -> None:
    full = {f"k{n}": _entry(f"k{n}") for n in range(5)}
    assert difference(full, [_entry("k0", "new")], replace_all=False, most=3) == ((_entry("k0", "new"),), ())
    with pytest.raises(TooManyMetadataEntries, match="at most 3"):
        difference(full, [_entry("new")], replace_all=False, most=3)
