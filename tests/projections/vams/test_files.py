"""Rows and history of files, their versions, metadata and attributes."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from domain.files.events import (
    FileAttributesRemoved,
    FileAttributesSet,
    FileDeleteMarkerObserved,
    FileDeleteMarkerVanished,
    FileMetadataRemoved,
    FileMetadataSet,
    FileUploaded,
    FileVersionVanished,
)
from projections.vams.files import sequence_pattern
from projections.vams.rows import AttributeRow, FileRow, FileVersionRow, MetadataRow
from projections.vams.sheets import ATTRIBUTES, FILE_VERSIONS, FILES, METADATA
from tests.projections.vams.samples import ASSET, DATABASE, WRITTEN, asset, entry, observed, stored, uploaded
from tests.projections.vams.tape import Tape, history, rows

PATH = "beauty/shot.0017.exr"
FILE = {**ASSET, "path": PATH}
KEY = f"library/shot_010/{PATH}"
OBJECT = ("media", KEY, "v1", 1000, "etag-v1", "image/x-exr", None, WRITTEN, None)
FIRST = FileRow("shows", "shot_010", PATH, *OBJECT, None, None, None, ".exr", "beauty/shot.####.exr", 17, 1, 3)
SECOND = FIRST._replace(s3_version_id="v2", etag="etag-v2", revision=2, position=4)
SEEN = FileVersionRow("shows", "shot_010", PATH, "v1", "media", KEY, 1000, "etag-v1", *OBJECT[5:], 3, None)


def _given() -> Tape:
    tape = Tape()
    tape.add(DATABASE, asset())
    return tape


@pytest.mark.parametrize("make", [uploaded, observed])
def test_a_version_is_a_file_and_a_file_version(tables: Connection[Any], make: Any) -> None:
    tape = _given()
    tape.add(make(PATH))
    tape.fold(tables)
    assert rows(tables, FILES) == [FIRST]
    assert history(tables, FILES) == [(FIRST, 3, None)]
    assert rows(tables, FILE_VERSIONS) == [SEEN]


def test_another_version_takes_its_place_and_the_old_one_stays_known(tables: Connection[Any]) -> None:
    tape = _given()
    tape.add(uploaded(PATH, "v1"), observed(PATH, "v2"))
    tape.fold(tables)
    assert rows(tables, FILES) == [SECOND]
    assert history(tables, FILES) == [(FIRST, 3, 4), (SECOND, 4, None)]
    assert rows(tables, FILE_VERSIONS) == [SEEN, SEEN._replace(s3_version_id="v2", etag="etag-v2", position=4)]


def test_a_version_that_vanished_stays_for_old_lists_and_moves_the_revision(tables: Connection[Any]) -> None:
    first, second = Tape(), Tape()
    second.add(DATABASE, asset(), uploaded(PATH, "v1"), observed(PATH, "v2"))
    second.add(FileVersionVanished(**FILE, s3_version_id="v1"))
    first.entries = [second.entries.pop(0) for _ in range(4)]
    first.fold(tables)
    second.fold(tables)
    assert rows(tables, FILES) == [SECOND._replace(revision=3, position=5)]
    gone = SEEN._replace(deleted_position=5)
    assert rows(tables, FILE_VERSIONS) == [gone, SEEN._replace(s3_version_id="v2", etag="etag-v2", position=4)]


@pytest.mark.parametrize("event", [FileDeleteMarkerObserved, FileDeleteMarkerVanished])
def test_a_delete_marker_moves_the_revision_alone(tables: Connection[Any], event: Any) -> None:
    tape = _given()
    tape.add(uploaded(PATH), event(**FILE, s3_version_id="m1"))
    tape.fold(tables)
    assert rows(tables, FILES) == [FIRST._replace(revision=2, position=4)]
    assert rows(tables, FILE_VERSIONS) == [SEEN]


def test_a_version_seen_again_has_its_latest_facts_and_position(tables: Connection[Any]) -> None:
    tape = _given()
    tape.add(observed(PATH, "v1"))
    again = stored(PATH, "v1", content_sha256="ab" * 32)
    tape.add(FileUploaded(**FILE, stored=again, upload_id="upload-1"))
    tape.fold(tables)
    assert rows(tables, FILE_VERSIONS) == [SEEN._replace(content_sha256="ab" * 32, position=4)]


def test_metadata_and_attributes_are_rows_and_a_revision_of_the_file(tables: Connection[Any]) -> None:
    tape = _given()
    tape.add(uploaded(PATH), FileMetadataSet(**FILE, entries=(entry("note", "a"), entry("take", "3"))))
    tape.add(FileAttributesSet(**FILE, entries=(entry("software", "nuke"),)))
    tape.fold(tables)
    owner = ("shows", "shot_010", PATH)
    assert rows(tables, METADATA) == [
        MetadataRow(*owner, "note", "a", "string", 4),
        MetadataRow(*owner, "take", "3", "string", 4),
    ]
    assert rows(tables, ATTRIBUTES) == [AttributeRow(*owner, "software", "nuke", "string", 5)]
    assert rows(tables, FILES) == [FIRST._replace(revision=3, position=5)]
    assert history(tables, FILES) == [
        (FIRST, 3, 4),
        (FIRST._replace(revision=2, position=4), 4, 5),
        (FIRST._replace(revision=3, position=5), 5, None),
    ]


def test_removed_entries_stay_in_the_history(tables: Connection[Any]) -> None:
    tape = _given()
    tape.add(uploaded(PATH), FileMetadataSet(**FILE, entries=(entry("note", "a"),)))
    tape.add(FileAttributesSet(**FILE, entries=(entry("software", "nuke"),)))
    tape.add(FileMetadataRemoved(**FILE, keys=("note",)), FileAttributesRemoved(**FILE, keys=("software",)))
    tape.fold(tables)
    owner = ("shows", "shot_010", PATH)
    assert rows(tables, METADATA) == []
    assert rows(tables, ATTRIBUTES) == []
    assert history(tables, METADATA) == [(MetadataRow(*owner, "note", "a", "string", 4), 4, 6)]
    assert history(tables, ATTRIBUTES) == [(AttributeRow(*owner, "software", "nuke", "string", 5), 5, 7)]
    assert rows(tables, FILES) == [FIRST._replace(revision=5, position=7)]


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("shot.0017.exr", "shot.####.exr"),
        ("a.001/shot_00100017.tif", "a.001/shot_########.tif"),
        ("shot_010.exr", "shot_###.exr"),
        ("shot.17.exr", None),
        ("shot17.exr", None),
        ("shot.0017", None),
        ("shot.123456789.exr", None),
    ],
)
def test_a_sequence_pattern_replaces_the_digits_before_the_extension(path: str, pattern: str | None) -> None:
    assert sequence_pattern(path) == pattern
