"""Values in every form that VAMS writes them in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from processors.vams_import.tables import table_of
from processors.vams_import.values import moment, snapshot_key, texts, truth

MOMENT = datetime(2024, 3, 5, 10, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-05T10:11:12+00:00",
        "2024-03-05T12:11:12+02:00",
        "2024-03-05T10:11:12Z",
        "2024-03-05 10:11:12",
        "March 05 2024 - 10:11:12",
        '"March 05 2024 - 10:11:12"',
        1709633472,
        "1709633472",
        1709633472000,
    ],
)
def test_a_moment_is_read_in_every_form(written: Any) -> None:
    assert moment(written) == MOMENT


@pytest.mark.parametrize("written", [None, "", "soon", "12", "2024-13-05", -1])
def test_something_else_is_no_moment(written: Any) -> None:
    assert moment(written) is None


@pytest.mark.parametrize("written", [True, "True", "true", "Enabled", 1, "1"])
def test_what_is_true(written: Any) -> None:
    assert truth(written)


@pytest.mark.parametrize("written", [False, "False", "false", "Disabled", 0, None, "perhaps"])
def test_what_is_not_true(written: Any) -> None:
    assert not truth(written)


def test_a_list_may_be_one_text() -> None:
    assert texts("a, b,,a ,c") == texts(["a", " b", "", "a", "c"]) == ["a", "b", "c"]
    assert texts(None) == []


@pytest.mark.parametrize(
    ("composite", "key", "paths", "expected"),
    [
        ("metadata:/:lens", None, (), ("metadata", "/", "lens")),
        ("metadata:/a:b.exr:by: whom", "by: whom", (), ("metadata", "/a:b.exr", "by: whom")),
        ("attribute:/a:b.exr:codec:v", None, ("/a:b.exr",), ("attribute", "/a:b.exr", "codec:v")),
        ("metadata:/a:b.exr:lens", None, (), ("metadata", "/a:b.exr", "lens")),
    ],
)
def test_the_key_of_a_snapshot_is_taken_apart_where_colons_are_ambiguous(
    composite: str, key: str | None, paths: tuple[str, ...], expected: tuple[str, str, str]
) -> None:
    assert snapshot_key(composite, key=key, paths=paths) == expected


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("vams-core-prod-us-west-2-StorageResourcesBuilderAssetStorageTable9D3A-1XYZ", "AssetStorageTable"),
        ("prod_user_roles_storage_table", "UserRolesStorageTable"),
        ("AssetFileVersionsStorageTableV2.json.gz", "AssetFileVersionsStorageTableV2"),
        ("AssetFileVersionsStorageTable", "AssetFileVersionsStorageTable"),
        ("orders", None),
    ],
)
def test_a_table_is_known_by_the_longest_name_in_what_it_is_called(name: str, table: str | None) -> None:
    assert table_of(name) == table
