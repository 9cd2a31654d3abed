"""Rows and history of assets."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from domain.assets.events import (
    AssetArchived,
    AssetDescribed,
    AssetDistributionSet,
    AssetEvent,
    AssetMetadataRemoved,
    AssetMetadataSet,
    AssetPreviewSet,
    AssetRenamed,
    AssetRetagged,
    AssetUnarchived,
    AssetVersionCreated,
)
from projections.vams.rows import AssetRow, MetadataRow
from projections.vams.sheets import ASSETS, METADATA
from tests.projections.vams.samples import ASSET, DATABASE, asset, entry, observed, stored, uploaded
from tests.projections.vams.tape import Tape, at, history, rows

CREATED = AssetRow(
    "shows",
    "shot_010",
    "Shot 10",
    "none",
    "The opening",
    True,
    ["hero", "night"],
    "bucket-1",
    "media",
    "library/shot_010/",
    None,
    None,
    at(2),
    at(2),
    None,
    None,
    None,
    1,
    2,
)
TOUCHED = CREATED._replace(updated_at=at(3), revision=2, position=3)


def _given(*events: AssetEvent) -> Tape:
    tape = Tape()
    tape.add(DATABASE, asset(), *events)
    return tape


def test_a_new_asset_has_no_files_and_no_version(tables: Connection[Any]) -> None:
    _given().fold(tables)
    assert rows(tables, ASSETS) == [CREATED]
    assert history(tables, ASSETS) == [(CREATED, 2, None)]


@pytest.mark.parametrize(
    ("event", "changed"),
    [
        (AssetRenamed(**ASSET, asset_name="Opening"), {"asset_name": "Opening"}),
        (AssetDescribed(**ASSET, description="Rain"), {"description": "Rain"}),
        (AssetRetagged(**ASSET, tags=()), {"tags": []}),
        (AssetDistributionSet(**ASSET, is_distributable=False), {"is_distributable": False}),
        (AssetArchived(**ASSET, reason="Wrapped"), {"archived_at": at(3), "archived_reason": "Wrapped"}),
        (AssetArchived(**ASSET), {"archived_at": at(3), "archived_reason": None}),
        (AssetMetadataSet(**ASSET, entries=(entry("lens", "50"),)), {}),
        (AssetMetadataRemoved(**ASSET, keys=("lens",)), {}),
        (
            AssetPreviewSet(**ASSET, stored=stored("preview.png", "p1")),
            {"preview_location": "library/shot_010/preview.png", "preview_version_id": "p1"},
        ),
        (AssetVersionCreated(**ASSET, asset_version_id=1, comment="First"), {"current_version": 1}),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, AssetEvent) else "",
)
def test_an_event_changes_its_columns_and_ends_the_state_before(
    tables: Connection[Any], event: AssetEvent, changed: dict[str, Any]
) -> None:
    _given(event).fold(tables)
    after = TOUCHED._replace(**changed)
    assert rows(tables, ASSETS) == [after]
    assert history(tables, ASSETS) == [(CREATED, 2, 3), (after, 3, None)]


def test_unarchived_is_the_state_before_it_was_archived(tables: Connection[Any]) -> None:
    _given(AssetArchived(**ASSET, reason="Wrapped"), AssetUnarchived(**ASSET, reason="Pickup")).fold(tables)
    assert rows(tables, ASSETS) == [CREATED._replace(updated_at=at(4), revision=3, position=4)]


def test_metadata_lies_at_the_root_path_and_keeps_its_history(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(DATABASE, asset(metadata=(entry("lens", "35"), entry("unit", "A"))))
    tape.add(AssetMetadataSet(**ASSET, entries=(entry("lens", "50"),)))
    tape.add(AssetMetadataRemoved(**ASSET, keys=("lens",)))
    tape.add(AssetMetadataSet(**ASSET, entries=(entry("lens", "85"),)))
    tape.fold(tables)
    lens = MetadataRow("shows", "shot_010", "/", "lens", "35", "string", 2)
    unit = MetadataRow("shows", "shot_010", "/", "unit", "A", "string", 2)
    last = lens._replace(metadata_value="85", position=5)
    assert rows(tables, METADATA) == [last, unit]
    assert history(tables, METADATA) == [
        (lens, 2, 3),
        (lens._replace(metadata_value="50", position=3), 3, 4),
        (last, 5, None),
        (unit, 2, None),
    ]


@pytest.mark.parametrize(
    ("paths", "asset_type"),
    [
        ([], "none"),
        (["a/beauty.0001.EXR"], ".exr"),
        (["README"], "unknown"),
        ([".hidden"], "unknown"),
        (["a.exr", "b.jpg"], "folder"),
        (["README", "b.jpg"], "folder"),
    ],
)
def test_the_type_follows_the_files_and_not_the_revision(
    tables: Connection[Any], paths: list[str], asset_type: str
) -> None:
    tape = _given()
    for path in paths:
        tape.add(uploaded(path))
    tape.fold(tables)
    assert rows(tables, ASSETS) == [CREATED._replace(asset_type=asset_type)]


def test_another_version_of_the_only_file_leaves_the_type(tables: Connection[Any]) -> None:
    tape = _given()
    tape.add(uploaded("a.exr", "v1"), observed("a.exr", "v2"))
    tape.fold(tables)
    assert rows(tables, ASSETS) == [CREATED._replace(asset_type=".exr")]


def test_the_type_has_a_history_of_its_own(tables: Connection[Any]) -> None:
    tape = _given()
    tape.add(uploaded("a.exr"), uploaded("b.exr"), uploaded("c.exr"))
    tape.fold(tables)
    assert [(row.asset_type, start, end) for row, start, end in history(tables, ASSETS)] == [
        ("none", 2, 3),
        (".exr", 3, 4),
        ("folder", 4, None),
    ]


def test_a_nul_in_a_stored_reason_does_not_stop_the_print(tables: Connection[Any]) -> None:
    _given(AssetArchived(**ASSET, reason="cut\x00here")).fold(tables)
    assert rows(tables, ASSETS)[0].archived_reason == "cut\ufffdhere"
