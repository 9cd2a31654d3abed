"""Rows of files that are archived, deleted and reverted, and of what a deleted asset leaves."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from domain.assets.events import AssetPermanentlyDeleted, AssetVersionCreated
from domain.event import Event
from domain.files.events import (
    FileArchived,
    FileMetadataSet,
    FilePermanentlyDeleted,
    FileReverted,
    FileRevertFailed,
    FileRevertRequested,
    FileUnarchived,
)
from domain.folders.events import FolderCreated
from domain.media.events import RenditionKind, RenditionsRequested
from projections.vams.rows import FileRevertRow
from projections.vams.sheet import Table
from projections.vams.sheets import (
    ASSETS,
    DATABASES,
    FILE_COUNTS,
    FILE_REVERTS,
    FILE_VERSIONS,
    FILES,
    FOLDERS,
    METADATA,
    RENDITIONS,
    VERSIONS,
)
from tests.projections.vams.samples import ASSET, DATABASE, WRITTEN, asset, entry, observed, uploaded
from tests.projections.vams.tape import Tape, at, history, rows, table_rows

A: dict[str, Any] = {**ASSET, "path": "a.exr"}
PREVIEW: dict[str, Any] = {**ASSET, "path": "a.exr.previewFile.png"}


def _tape(*events: Event) -> Tape:
    """An asset with a.exr, its preview and b.jpg, and then these events from position 6 on."""
    tape = Tape()
    tape.add(DATABASE, asset(), uploaded("a.exr"), uploaded("a.exr.previewFile.png"), uploaded("b.jpg"), *events)
    return tape


def _wanted(path: str) -> RenditionsRequested:
    key = f"library/shot_010/{path}"
    source: Any = {**ASSET, "path": path, "s3_bucket": "media", "s3_key": key, "s3_version_id": "v1"}
    source |= {"size_bytes": 1000, "last_modified": WRITTEN}
    return RenditionsRequested(**source, attempt=1, kinds=(RenditionKind.THUMBNAIL,), rendition_stem="s")


@pytest.mark.parametrize(
    ("events", "asset_type", "count"),
    [
        ((), "folder", 2),
        ((FileArchived(**A),), ".jpg", 1),
        ((FileArchived(**PREVIEW),), "folder", 2),
        ((FileArchived(**A), FileArchived(**ASSET, path="b.jpg")), "none", 0),
        ((FileArchived(**A), FileUnarchived(**A)), "folder", 2),
        ((FileArchived(**A), observed("a.exr", "v2")), "folder", 2),
        ((FileArchived(**A), FilePermanentlyDeleted(**A)), ".jpg", 1),
        ((FilePermanentlyDeleted(**ASSET, path="b.jpg"),), ".exr", 1),
    ],
)
def test_the_type_of_an_asset_is_that_of_its_working_set(
    tables: Connection[Any], events: tuple[Event, ...], asset_type: str, count: int
) -> None:
    _tape(*events).fold(tables)
    (row,) = rows(tables, ASSETS)
    assert row.asset_type == asset_type
    assert rows(tables, FILE_COUNTS) == [("shows", "shot_010", count)]


def test_an_archived_file_is_dated_with_its_latest_version_until_it_is_back(tables: Connection[Any]) -> None:
    _tape(observed("a.exr", "v2"), FileArchived(**A)).fold(tables)
    first, *_ = rows(tables, FILES)
    assert (first.path, first.archived_at, first.revision) == ("a.exr", at(7), 3)
    seen = {row.s3_version_id: row.archived_at for row in rows(tables, FILE_VERSIONS) if row.path == "a.exr"}
    assert seen == {"v1": None, "v2": at(7)}


def test_a_deleted_file_leaves_its_versions_as_a_record_and_nothing_else(tables: Connection[Any]) -> None:
    noted = FileMetadataSet(**A, entries=(entry("take", "3"),))
    _tape(noted, _wanted("a.exr"), _wanted("b.jpg"), FilePermanentlyDeleted(**A)).fold(tables)
    assert [row.path for row in rows(tables, FILES)] == ["a.exr.previewFile.png", "b.jpg"]
    assert rows(tables, METADATA) == []
    assert [(row.path, row.deleted_position) for row in rows(tables, FILE_VERSIONS)] == [
        ("a.exr", 9),
        ("a.exr.previewFile.png", None),
        ("b.jpg", None),
    ]
    assert [row.source_s3_key for row in rows(tables, RENDITIONS)] == ["library/shot_010/b.jpg"]
    assert [(state.revision, first, last) for state, first, last in history(tables, FILES)][:2] == [
        (1, 3, 6),
        (2, 6, 9),
    ]


def test_a_deleted_asset_leaves_what_its_versions_held_and_its_history(tables: Connection[Any]) -> None:
    version = AssetVersionCreated(**ASSET, asset_version_id=1, comment="One")
    folder = FolderCreated(**ASSET, path="x")
    noted = FileMetadataSet(**A, entries=(entry("take", "3"),))
    _tape(noted, version, folder, _wanted("a.exr"), AssetPermanentlyDeleted(**ASSET, reason="Wrong")).fold(tables)
    tables_of_it: tuple[Table[Any], ...] = (ASSETS, FILES, METADATA, VERSIONS, FOLDERS)
    for table in (*tables_of_it, FILE_COUNTS, RENDITIONS):
        assert rows(tables, table) == []
    assert {row.deleted_position for row in rows(tables, FILE_VERSIONS)} == {10}
    for kept in tables_of_it:
        ends = {last for *_, last in history(tables, kept)}
        assert 10 in ends
        assert None not in ends
    assert [row[3] for row in table_rows(tables, "asset_file_versions_storage", 4)] == [
        "a.exr",
        "a.exr.previewFile.png",
        "b.jpg",
    ]
    (database,) = rows(tables, DATABASES)
    assert database.asset_count == 0


def test_a_revert_is_shown_until_it_ends(tables: Connection[Any]) -> None:
    asked = FileRevertRequested(**A, revert_id=1, reverted_from="v1")
    done = FileReverted(**A, revert_id=1, reverted_from="v1", s3_version_id="v3")
    again = FileRevertRequested(**A, revert_id=2, reverted_from="v1")
    failed = FileRevertFailed(**A, revert_id=2, message="Away.")
    _tape(asked, done, again, failed).fold(tables)
    first = FileRevertRow("shows", "shot_010", "a.exr", 1, "v1", "DONE", "v3", None, at(6), "user:ada", at(7), 6)
    second = first._replace(revert_id=2, state="FAILED", s3_version_id=None, failure="Away.")
    assert rows(tables, FILE_REVERTS) == [
        first,
        second._replace(requested_at=at(8), ended_at=at(9), position=8),
    ]
