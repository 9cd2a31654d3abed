"""assets, asset_versions, metadata and the state of asset_files: one current row a key, archived ones marked."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assets.events import (
    AssetArchived,
    AssetDescribed,
    AssetDistributionSet,
    AssetMetadataRemoved,
    AssetMetadataSet,
    AssetPermanentlyDeleted,
    AssetRenamed,
    AssetRetagged,
    AssetUnarchived,
    AssetVersionAliased,
    AssetVersionArchived,
    AssetVersionCreated,
    AssetVersionDescribed,
    AssetVersionUnarchived,
)
from domain.databases.events import DatabaseMetadataSet
from domain.event import Event
from domain.files.events import (
    FileArchived,
    FileAttributesSet,
    FileDeleteMarkerObserved,
    FileDeleteMarkerVanished,
    FileMetadataSet,
    FileMovedAway,
    FilePermanentlyDeleted,
    FilePlace,
    FileUnarchived,
    FileVersionVanished,
)
from domain.metadata import MetadataValueType
from tests.projections.columnar.striking import Striking
from tests.projections.vams.samples import ASSET, asset, entry, observed, uploaded
from tests.projections.vams.tape import Tape, at

FILE: Any = {**ASSET, "path": "a.exr"}
NUMBER = MetadataValueType.NUMBER
OTHER = {**ASSET, "asset_id": "other"}
DELETED = AssetPermanentlyDeleted(**ASSET, reason="over")


class Library:
    """Strikes one event at a time, in either kind of place."""

    def __init__(self, striking: Striking) -> None:
        self.striking = striking
        self.tape = Tape()

    def happen(self, *events: Event) -> None:
        self.striking.strike([self.tape.add(event) for event in events])

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        return [tuple(row[name] for name in columns) for row in self.striking.rows(table)]

    def check(self) -> None:
        """The same rows come of the log at once."""
        self.striking.create(2)
        self.striking.strike(self.tape.entries, generation=2)
        assert self.striking.differences(generation=2) == []


@pytest.fixture
def library(either: Striking) -> Library:
    library = Library(either)
    library.happen(asset(metadata=(entry("lens", "35", NUMBER),)), asset("other"))
    return library


def test_an_asset_has_one_row_that_follows_its_events(library: Library) -> None:
    (row,) = [row for row in library.striking.rows("assets") if row["asset_id"] == "shot_010"]
    assert row == {
        "database_id": "shows",
        "asset_id": "shot_010",
        "asset_key": "shows/shot_010",
        "asset_name": "Shot 10",
        "description": "The opening",
        "is_distributable": True,
        "tags": ["hero", "night"],
        "s3_bucket": "media",
        "asset_location": "library/shot_010/",
        "is_archived": False,
        "archived_at": None,
        "created_at": at(1),
        "created_by": "user:ada",
        "updated_at": at(1),
        "position": 1,
    }
    library.happen(AssetRenamed(**ASSET, asset_name="Ten"), AssetDescribed(**ASSET, description="Shut"))
    library.happen(AssetRetagged(**ASSET, tags=()), AssetDistributionSet(**ASSET, is_distributable=False))
    library.happen(AssetArchived(**ASSET))
    changed = ("asset_name", "description", "tags", "is_distributable", "is_archived", "archived_at", "position")
    assert library.rows("assets", "asset_id", *changed)[1] == ("shot_010", "Ten", "Shut", [], False, True, at(7), 7)
    library.happen(AssetUnarchived(**ASSET))
    state = ("is_archived", "archived_at", "created_at", "updated_at")
    assert library.rows("assets", *state)[1] == (False, None, at(1), at(8))
    library.check()


def test_versions_of_an_asset_have_a_row_each(library: Library) -> None:
    library.happen(AssetVersionCreated(**ASSET, asset_version_id=1, comment="first"))
    library.happen(
        AssetVersionCreated(**ASSET, asset_version_id=2, comment="second", version_alias="final"),
        AssetVersionDescribed(**ASSET, asset_version_id=1, comment="the first"),
    )
    library.happen(AssetVersionAliased(**ASSET, asset_version_id=2, version_alias=None))
    library.happen(AssetVersionArchived(**ASSET, asset_version_id=1))
    columns = ("asset_version_id", "comment", "version_alias", "is_archived", "archived_at", "created_position")
    assert library.rows("asset_versions", *columns, "position") == [
        (1, "the first", None, True, at(7), 3, 7),
        (2, "second", None, False, None, 4, 6),
    ]
    library.happen(AssetVersionUnarchived(**ASSET, asset_version_id=1))
    assert library.rows("asset_versions", "is_archived", "archived_at") == [(False, None)] * 2
    library.check()


def test_metadata_has_a_row_for_each_entry_that_is_there(library: Library) -> None:
    library.happen(uploaded("a.exr"), FileMetadataSet(**FILE, entries=(entry("note", "x"), entry("take", "3", NUMBER))))
    library.happen(FileAttributesSet(**FILE, entries=(entry("note", "by machine"),)))
    library.happen(DatabaseMetadataSet(database_id="shows", entries=(entry("studio", "A"),)))
    library.happen(AssetMetadataSet(**ASSET, entries=(entry("lens", "50", NUMBER), entry("gone", "?"))))
    library.happen(AssetMetadataRemoved(**ASSET, keys=("gone",)))
    columns = ("owner", "owner_id", "path", "is_attribute", "metadata_key", "value", "value_type", "value_float")
    assert library.rows("metadata", *columns, "position") == [
        ("asset", "shows/shot_010", None, False, "lens", "50", "number", 50.0, 7),
        ("database", "shows", None, False, "studio", "A", "string", None, 6),
        ("file", "shows/shot_010/a.exr", "a.exr", False, "note", "x", "string", None, 4),
        ("file", "shows/shot_010/a.exr", "a.exr", False, "take", "3", "number", 3.0, 4),
        ("file", "shows/shot_010/a.exr", "a.exr", True, "note", "by machine", "string", None, 5),
    ]
    library.happen(FilePermanentlyDeleted(**FILE))
    assert library.rows("metadata", "owner") == [("asset",), ("database",)]
    library.check()


def test_versions_of_a_file_say_what_became_of_it(library: Library) -> None:
    columns = ("s3_version_id", "is_latest", "is_archived")

    def after(*events: Event) -> list[tuple[Any, ...]]:
        library.happen(*events)
        return library.rows("asset_files", *columns)

    assert after(uploaded("a.exr"), observed("a.exr", "v2")) == [("v1", False, False), ("v2", True, False)]
    assert after(FileArchived(**FILE)) == [("v1", False, True), ("v2", True, True)]
    assert after(FileUnarchived(**FILE)) == [("v1", False, False), ("v2", True, False)]
    marker: Any = {**FILE, "s3_version_id": "marker"}
    assert after(FileDeleteMarkerObserved(**marker)) == [("v1", False, False), ("v2", False, False)]
    assert after(FileDeleteMarkerVanished(**marker)) == [("v1", False, False), ("v2", True, False)]
    assert after(FileVersionVanished(**FILE, s3_version_id="v2")) == [("v1", True, False)]
    place = FilePlace(database_id="shows", asset_id="other", path="b.exr")
    assert after(FileMovedAway(**FILE, transfer_id="t", destination=place)) == [("v1", False, False)]
    assert after(FilePermanentlyDeleted(**FILE)) == []
    library.check()


def test_a_deleted_asset_leaves_no_row_but_its_events(library: Library) -> None:
    library.happen(uploaded("a.exr"), FileMetadataSet(**FILE, entries=(entry("note", "x"),)))
    library.happen(AssetVersionCreated(**ASSET, asset_version_id=1, comment=""), uploaded("b.exr", asset_id="other"))
    library.happen(AssetPermanentlyDeleted(**ASSET, reason="over"))
    tables = ("assets", "asset_versions", "metadata", "asset_files")
    assert [library.rows(table, "asset_id") for table in tables] == [[("other",)], [], [], [("other",)]]
    assert len(library.striking.rows("events")) == 7
    library.check()


def test_rows_that_a_crash_left_ahead_of_the_log_are_folded_again(library: Library) -> None:
    library.happen(uploaded("a.exr"), observed("a.exr", "v2"))
    last = [library.tape.add(event) for event in (FileArchived(**FILE), AssetArchived(**ASSET))]
    last.append(library.tape.add(FileVersionVanished(**FILE, s3_version_id="v2")))
    library.striking.prepare(last)
    library.striking.strike(last[:1])
    library.striking.strike(last[1:])
    columns = ("s3_version_id", "is_latest", "is_archived")
    assert library.rows("asset_files", *columns) == [("v1", True, True)]
    library.check()


def test_an_asset_that_a_crash_deleted_too_early_comes_back(library: Library) -> None:
    library.happen(AssetVersionCreated(**ASSET, asset_version_id=1, comment="first"))
    last = [
        library.tape.add(event) for event in (AssetRenamed(**ASSET, asset_name="n"), DELETED, AssetArchived(**OTHER))
    ]
    library.striking.prepare(last)
    library.striking.strike(last[:1])
    library.striking.strike(last[1:])
    library.check()
