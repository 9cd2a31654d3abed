"""What an asset version holds: files and metadata as of its position, whatever the batch does later."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from domain.assets.events import AssetMetadataSet, AssetVersionCreated, ChosenFile
from domain.files.events import FileAttributesSet, FileMetadataRemoved, FileMetadataSet
from projections.vams.fold import fold_batch
from projections.vams.rows import AssetVersionRow
from tests.projections.vams.samples import ASSET, DATABASE, WRITTEN, asset, entry, uploaded
from tests.projections.vams.tape import Tape, at, table_rows

FIRST = AssetVersionCreated(**ASSET, asset_version_id=1, comment="First", version_alias="delivery")


def _file(version: int, path: str, version_id: str) -> tuple[Any, ...]:
    return ("shows", "shot_010", version, path, version_id, 1000, f"etag-{version_id}", WRITTEN)


def _tape() -> Tape:
    """Two files with metadata, a version, and then a change of everything."""
    tape = Tape()
    tape.add(DATABASE, asset(metadata=(entry("lens", "35"),)), asset("other"))
    tape.add(uploaded("a.exr", "a1"), uploaded("b.exr", "b1"), uploaded("x.exr", "x1", asset_id="other"))
    tape.add(FileMetadataSet(**ASSET, path="a.exr", entries=(entry("note", "old"),)))
    tape.add(FileAttributesSet(**ASSET, path="b.exr", entries=(entry("software", "nuke"),)))
    tape.add(FIRST)
    tape.add(uploaded("a.exr", "a2"), uploaded("c.exr", "c1"))
    tape.add(FileMetadataRemoved(**ASSET, path="a.exr", keys=("note",)))
    tape.add(FileAttributesSet(**ASSET, path="b.exr", entries=(entry("software", "maya"),)))
    tape.add(AssetMetadataSet(**ASSET, entries=(entry("lens", "50"),)))
    return tape


def _files(tables: Connection[Any]) -> list[tuple[Any, ...]]:
    return table_rows(tables, "asset_file_versions_storage", 4)


def _metadata(tables: Connection[Any]) -> list[tuple[Any, ...]]:
    return [row[2:] for row in table_rows(tables, "asset_file_metadata_versions_storage", 6)]


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_version_without_a_list_holds_the_latest_files_of_its_position(tables: Connection[Any], size: int) -> None:
    entries = _tape().entries
    for start in range(0, len(entries), size):
        fold_batch(entries[start : start + size], tables)
    assert _files(tables) == [_file(1, "a.exr", "a1"), _file(1, "b.exr", "b1")]
    assert _metadata(tables) == [
        (1, "attribute", "b.exr", "software", "nuke", "string"),
        (1, "metadata", "/", "lens", "35", "string"),
        (1, "metadata", "a.exr", "note", "old", "string"),
    ]
    assert table_rows(tables, "asset_versions_storage", 3) == [
        AssetVersionRow("shows", "shot_010", 1, "delivery", "First", False, at(9), "user:ada", 9)
    ]


def test_a_list_holds_exactly_the_chosen_versions_and_their_metadata(tables: Connection[Any]) -> None:
    tape = _tape()
    chosen = (ChosenFile(path="a.exr", s3_version_id="a1"), ChosenFile(path="c.exr", s3_version_id="c1"))
    tape.add(AssetVersionCreated(**ASSET, asset_version_id=2, comment="Second", files=chosen))
    tape.fold(tables)
    assert _files(tables)[2:] == [_file(2, "a.exr", "a1"), _file(2, "c.exr", "c1")]
    assert [row for row in _metadata(tables) if row[0] == 2] == [(2, "metadata", "/", "lens", "50", "string")]


def test_an_empty_list_holds_no_file_and_the_metadata_of_the_asset(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(DATABASE, asset(metadata=(entry("lens", "35"),)), uploaded("a.exr"))
    tape.add(AssetVersionCreated(**ASSET, asset_version_id=1, comment="Empty", files=()))
    tape.fold(tables)
    assert _files(tables) == []
    assert _metadata(tables) == [(1, "metadata", "/", "lens", "35", "string")]
