"""Ids shared with exr-inspector, against the vectors of `exr_family.md` section 2."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.media.identity import file_id, legacy_asset_id

WRITTEN = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("renders/shot_010/beauty.0001.exr", "c569308e3b01f778"),
        ("bkt/renders/shot_010/beauty.0001.exr", "eb39fbd919e6190c"),
        ("rendus/é/beauté.0001.exr", "bf2f73c8512063fe"),
    ],
)
def test_a_file_id_is_of_path_and_time(path: str, expected: str) -> None:
    assert file_id(path, WRITTEN) == expected


@pytest.mark.parametrize(
    "time", [WRITTEN.replace(microsecond=999_999), WRITTEN.astimezone(timezone(timedelta(hours=2)))]
)
def test_the_time_enters_in_utc_and_whole_seconds(time: datetime) -> None:
    assert file_id("renders/shot_010/beauty.0001.exr", time) == "c569308e3b01f778"


def test_another_second_is_another_file() -> None:
    assert file_id("a.exr", WRITTEN) != file_id("a.exr", WRITTEN + timedelta(seconds=1))


def test_a_legacy_asset_id_is_of_the_key_alone() -> None:
    assert legacy_asset_id("renders/shot_010/beauty.0001.exr") == "3c6e1c31ae45e0f1"
