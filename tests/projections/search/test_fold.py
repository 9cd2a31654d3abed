"""Documents follow from events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from domain.assets.events import (
    AssetArchived,
    AssetDescribed,
    AssetDistributionSet,
    AssetMetadataRemoved,
    AssetMetadataSet,
    AssetPermanentlyDeleted,
    AssetPreviewDeleted,
    AssetPreviewSet,
    AssetRenamed,
    AssetRetagged,
    AssetUnarchived,
    AssetVersionAliased,
    AssetVersionCreated,
    AssetVersionDescribed,
)
from domain.files.events import (
    FileArchived,
    FileAttributesSet,
    FileMetadataRemoved,
    FileMetadataSet,
    FilePermanentlyDeleted,
    FileUnarchived,
)
from domain.media.events import RenditionsProduced
from domain.metadata import MetadataValueType
from domain.projections.events import ProjectionRebuildRequested
from tests.projections.search.logs import BUCKET, asset, entry, log, moved_away, recorded, stored, thumbnail, uploaded
from tests.projections.search.postgres import document, fold, rows

DOOR: dict[str, Any] = {"database_id": "films", "asset_id": "door"}
FRAME: dict[str, Any] = {**DOOR, "path": "renders/beauty.0001.exr"}
FRAME_ID = "films:door:renders/beauty.0001.exr"


def first_thumbnail(version: str, preview_key: str) -> RenditionsProduced:
    return thumbnail("door", FRAME["path"], version=version, preview_key=preview_key)


def test_an_asset_document_has_the_fields_of_the_seed(connection: Connection[Any]) -> None:
    created = asset("door", asset_name="Garage Door", description="Oak", tags=("prop", "oak"))
    version = AssetVersionCreated(**DOOR, asset_version_id=3, comment="Approved", version_alias="final")
    preview = AssetPreviewSet(**DOOR, stored=stored("previews/door.jpg"))
    colour = AssetMetadataSet(**DOOR, entries=(entry("colour", "red"), entry("_hidden", "1"), entry("VAMS_x", "2")))
    fold(connection, log(BUCKET, created, version, preview, colour))
    assert document(connection, "films:door") == {
        "_rectype": "asset",
        "str_databaseid": "films",
        "str_assetid": "door",
        "str_assetname": "Garage Door",
        "str_assettype": "none",
        "str_description": "Oak",
        "str_bucketid": "bucket-1",
        "str_bucketname": "library",
        "str_bucketprefix": "assets/",
        "str_asset_version_id": "v3 (final)",
        "str_asset_version_comment": "Approved",
        "str_assetlocationkey": "assets/door/",
        "str_previewfilekey": "previews/door.jpg",
        "bool_isdistributable": True,
        "list_tags": ["prop", "oak"],
        "date_asset_version_createdate": "2026-03-01T12:00:03.000Z",
        "bool_has_asset_children": False,
        "bool_has_asset_parents": False,
        "bool_has_assets_related": False,
        "bool_archived": False,
        "MD_": {"colour": "red"},
    }


def test_a_file_document_has_the_fields_of_the_seed(connection: Connection[Any]) -> None:
    attributes = FileAttributesSet(**FRAME, entries=(entry("compression", "zips"),))
    metadata = FileMetadataSet(**FRAME, entries=(entry("note", "hero frame"),))
    created = asset("door", asset_name="Garage Door", tags=("prop",))
    fold(
        connection,
        log(BUCKET, created, uploaded("door", FRAME["path"]), attributes, metadata, first_thumbnail("1", "t.jpg")),
    )
    assert document(connection, FRAME_ID) == {
        "_rectype": "file",
        "str_key": "assets/door/renders/beauty.0001.exr",
        "str_databaseid": "films",
        "str_assetid": "door",
        "str_assetname": "Garage Door",
        "str_bucketid": "bucket-1",
        "str_bucketname": "library",
        "str_bucketprefix": "assets/",
        "str_fileext": ".exr",
        "str_etag": "etag-1",
        "str_s3_version_id": "1",
        "str_previewfilekey": "t.jpg",
        "date_lastmodified": "2026-02-01T08:30:00Z",
        "num_filesize": 1000,
        "bool_archived": False,
        "list_tags": ["prop"],
        "MD_": {"note": "hero frame"},
        "AB_": {"compression": "zips"},
    }


def test_words_weigh_by_where_they_stand(connection: Connection[Any]) -> None:
    created = asset("door", asset_name="Garage Door", description="Oak", tags=("prop",))
    fold(connection, log(BUCKET, created, uploaded("door", FRAME["path"])))
    words = dict(connection.execute("SELECT document_id, words::text FROM documents").fetchall())
    assert words == {
        "films:door": "'door':3A,5B 'garage':2A 'oak':9C 'prop':7B",
        FRAME_ID: "'#1':4A '0001':4A 'beauty':3A 'door':8C 'exr':5A 'garage':7C 'prop':10C 'renders':2B",
    }


def test_files_follow_a_change_of_their_asset(connection: Connection[Any]) -> None:
    fold(connection, log(BUCKET, asset("door"), uploaded("door", "a.exr"), asset("wall"), uploaded("wall", "a.exr")))
    changed = (AssetRenamed(**DOOR, asset_name="Gate"), AssetRetagged(**DOOR, tags=("new",)), AssetArchived(**DOOR))
    fold(connection, [recorded(event, position) for position, event in enumerate(changed, 6)])
    found = connection.execute(
        "SELECT document_id, document->>'str_assetname', tags, is_archived, document->'list_tags',"
        " document->'bool_archived', words @@ 'gate', words @@ 'new' FROM documents WHERE entity = 'FILE' ORDER BY 1"
    ).fetchall()
    assert found == [
        ("films:door:a.exr", "Gate", ["new"], True, ["new"], True, True, True),
        ("films:wall:a.exr", "wall", [], False, [], False, False, False),
    ]


def test_an_unarchived_asset_is_back_with_its_files(connection: Connection[Any]) -> None:
    fold(
        connection,
        log(BUCKET, asset("door"), uploaded("door", "a.exr"), AssetArchived(**DOOR), AssetUnarchived(**DOOR)),
    )
    assert connection.execute("SELECT bool_or(is_archived) FROM documents").fetchone() == (False,)


def test_distribution_and_description_change_the_asset_document(connection: Connection[Any]) -> None:
    changes = (AssetDistributionSet(**DOOR, is_distributable=False), AssetDescribed(**DOOR, description="Steel"))
    fold(connection, log(BUCKET, asset("door"), changes), batch_size=1)
    found = document(connection, "films:door")
    assert found is not None
    assert (found["bool_isdistributable"], found["str_description"]) == (False, "Steel")


def test_the_type_of_an_asset_follows_its_first_two_files(connection: Connection[Any]) -> None:
    types = []
    events = [BUCKET, asset("door"), uploaded("door", "a.exr"), uploaded("door", "b.exr"), uploaded("door", "c.png")]
    for event in log(events):
        fold(connection, [event])
        types.append([t for (t,) in connection.execute("SELECT asset_type FROM documents ORDER BY document_id")])
    assert types == [[], ["none"], [".exr", ".exr"], ["folder"] * 3, ["folder"] * 4]


def test_a_lone_file_without_an_extension_makes_an_unknown_asset(connection: Connection[Any]) -> None:
    fold(connection, log(BUCKET, asset("door"), uploaded("door", "README")))
    assert connection.execute("SELECT asset_type, file_extension FROM documents ORDER BY 1, 2").fetchall() == [
        ("unknown", None),
        ("unknown", None),
    ]


def test_a_new_version_of_a_file_shows_no_thumbnail_of_the_old_one(connection: Connection[Any]) -> None:
    first = uploaded("door", FRAME["path"])
    second = uploaded("door", FRAME["path"], version="2")
    late = first_thumbnail("1", "old.jpg")
    fold(connection, log(BUCKET, asset("door"), first, second, late))
    found = document(connection, FRAME_ID)
    assert found is not None
    assert "str_previewfilekey" not in found
    fold(connection, [recorded(first_thumbnail("2", "new.jpg"), 6)])
    found = document(connection, FRAME_ID)
    assert found is not None
    assert found["str_previewfilekey"] == "new.jpg"


def test_removed_metadata_leaves_document_and_words(connection: Connection[Any]) -> None:
    events = (
        uploaded("door", FRAME["path"]),
        FileMetadataSet(**FRAME, entries=(entry("note", "hero"), entry("kept", "grey"))),
        AssetMetadataSet(**DOOR, entries=(entry("note", "villain"),)),
        FileMetadataRemoved(**FRAME, keys=("note",)),
        AssetMetadataRemoved(**DOOR, keys=("note", "never there")),
    )
    fold(connection, log(BUCKET, asset("door"), events), batch_size=2)
    found = connection.execute(
        "SELECT document->'MD_', words @@ 'hero | villain', words @@ 'grey' FROM documents ORDER BY document_id"
    ).fetchall()
    assert found == [({}, False, False), ({"kept": "grey"}, False, True)]


def test_values_compare_by_their_type(connection: Connection[Any]) -> None:
    kinds = MetadataValueType
    entries = (
        entry("number", "1e3", kinds.NUMBER),
        entry("empty", "", kinds.NUMBER),
        entry("text", "12"),
        entry("day", "2026-02-03", kinds.DATE),
        entry("zoned", "2026-02-03T01:00:00+02:00", kinds.DATE),
        entry("before time", "0001-01-01T00:00:00+14:00", kinds.DATE),
        entry("point", '{"type": "Point", "coordinates": [8.5, 47.25]}', kinds.GEOPOINT),
        entry("lla", '{"lat": -33.5, "long": 151, "alt": 20}', kinds.LLA),
    )
    fold(connection, log(BUCKET, asset("door", metadata=entries)))
    found = connection.execute("SELECT key, number, moment, latitude, longitude FROM metadata ORDER BY key").fetchall()
    assert found == [
        ("before time", None, None, None, None),
        ("day", None, datetime(2026, 2, 3, tzinfo=UTC), None, None),
        ("empty", None, None, None, None),
        ("lla", None, None, -33.5, 151.0),
        ("number", 1000.0, None, None, None),
        ("point", None, None, 47.25, 8.5),
        ("text", None, None, None, None),
        ("zoned", None, datetime(2026, 2, 2, 23, tzinfo=UTC), None, None),
    ]


def test_the_vocabulary_counts_documents_and_forgets_unused_words(connection: Connection[Any]) -> None:
    fold(connection, log(BUCKET, asset("door", asset_name="Garage"), uploaded("door", "garage_12.exr")))
    assert connection.execute("SELECT * FROM vocabulary ORDER BY word").fetchall() == [
        ("asset", 1),
        ("door", 1),
        ("garage", 2),
    ]
    fold(connection, [recorded(AssetRenamed(**DOOR, asset_name="Gate"), 4)])
    assert connection.execute("SELECT * FROM vocabulary ORDER BY word").fetchall() == [
        ("asset", 1),
        ("door", 1),
        ("garage", 1),
        ("gate", 2),
    ]
    fold(connection, [recorded(AssetRenamed(**DOOR, asset_name="Tor"), 5)])
    assert connection.execute("SELECT word FROM vocabulary WHERE word LIKE 'g%'").fetchall() == [("garage",)]


def test_five_hundred_long_values_still_fit_one_document(connection: Connection[Any]) -> None:
    entries = tuple(entry(f"key {n:03}", " ".join(f"word{n}x{i}" * 5 for i in range(200))) for n in range(500))
    fold(connection, log(BUCKET, asset("door", metadata=entries)))
    found = document(connection, "films:door")
    assert found is not None
    assert len(found["MD_"]) == 500


def test_events_of_other_nouns_change_nothing(connection: Connection[Any]) -> None:
    before = rows(connection)
    fold(connection, log(ProjectionRebuildRequested(projection_name="search")))
    assert rows(connection) == before


def test_the_current_version_is_shown_as_it_is_called_now(connection: Connection[Any]) -> None:
    first = AssetVersionCreated(**DOOR, asset_version_id=1, comment="Rough")
    second = AssetVersionCreated(**DOOR, asset_version_id=12, comment="Final", version_alias="sent")
    older = (
        AssetVersionAliased(**DOOR, asset_version_id=1, version_alias="old"),
        AssetVersionDescribed(**DOOR, asset_version_id=1, comment="Discarded"),
    )
    fold(connection, log(BUCKET, asset("door"), first, second, *older))
    found = document(connection, "films:door") or {}
    assert (found["str_asset_version_id"], found["str_asset_version_comment"]) == ("v12 (sent)", "Final")
    newer = (
        AssetVersionAliased(**DOOR, asset_version_id=12, version_alias=None),
        AssetVersionDescribed(**DOOR, asset_version_id=12, comment="Approved"),
    )
    fold(connection, log(BUCKET, asset("gate"), *newer)[2:])
    found = document(connection, "films:door") or {}
    assert (found["str_asset_version_id"], found["str_asset_version_comment"]) == ("v12", "Approved")


def test_a_file_that_moved_away_is_found_no_more_and_counts_for_no_type(connection: Connection[Any]) -> None:
    here = [uploaded("door", "red.exr"), uploaded("door", "blue.png")]
    metadata = FileMetadataSet(**DOOR, path="red.exr", entries=(entry("colour", "crimson"),))
    picture = thumbnail("door", "red.exr", version="1", preview_key="p.jpg")
    fold(connection, log(BUCKET, asset("door"), here, metadata, picture))
    folder = document(connection, "films:door")
    assert folder is not None
    assert folder["str_assettype"] == "folder"
    later = [*log(BUCKET, asset("door"), here, metadata, picture), recorded(moved_away("door", "red.exr"), 7)]
    fold(connection, later[6:])
    left = rows(connection)
    assert [row["document_id"] for row in left["documents"]] == ["films:door", "films:door:blue.png"]
    assert [row["document_id"] for row in left["files"]] == ["films:door:blue.png"]
    assert (left["metadata"], left["previews"]) == ([], [])
    assert document(connection, "films:door") == {**folder, "str_assettype": ".png"}
    assert "crimson" not in [row["word"] for row in left["vocabulary"]]


def test_a_file_that_comes_to_a_path_that_another_left_begins_anew(connection: Connection[Any]) -> None:
    metadata = FileMetadataSet(**DOOR, path="red.exr", entries=(entry("colour", "crimson"),))
    events = [uploaded("door", "red.exr"), metadata, moved_away("door", "red.exr"), uploaded("door", "red.exr")]
    fold(connection, log(BUCKET, asset("door"), events))
    found = document(connection, "films:door:red.exr")
    assert found is not None
    assert found["MD_"] == {}


def _shown(connection: Connection[Any], document_id: str) -> dict[str, Any]:
    """A document that is there."""
    found = document(connection, document_id)
    assert found is not None
    return found


def test_an_archived_file_is_marked_and_counts_no_more_for_its_assets_type(connection: Connection[Any]) -> None:
    one, other = uploaded("door", "a.exr"), uploaded("door", "b.jpg")
    archived = FileArchived(**DOOR, path="b.jpg")
    fold(connection, log(BUCKET, asset("door"), one, other, archived))
    assert _shown(connection, "films:door:b.jpg")["bool_archived"] is True
    assert _shown(connection, "films:door:a.exr")["bool_archived"] is False
    assert _shown(connection, "films:door")["str_assettype"] == ".exr"
    fold(connection, [recorded(FileUnarchived(**DOOR, path="b.jpg"), 6)])
    assert _shown(connection, "films:door:b.jpg")["bool_archived"] is False
    assert _shown(connection, "films:door")["str_assettype"] == "folder"


def test_a_preview_of_a_file_does_not_count_for_its_assets_type(connection: Connection[Any]) -> None:
    fold(connection, log(BUCKET, asset("door"), uploaded("door", "a.exr"), uploaded("door", "a.exr.previewFile.png")))
    assert _shown(connection, "films:door")["str_assettype"] == ".exr"


def test_nothing_of_a_deleted_file_is_found(connection: Connection[Any]) -> None:
    noted = FileMetadataSet(**FRAME, entries=(entry("colour", "red"),))
    deleted = FilePermanentlyDeleted(**FRAME)
    fold(connection, log(BUCKET, asset("door"), uploaded("door", FRAME["path"]), noted, deleted))
    held = rows(connection)
    assert [row["document_id"] for row in held["documents"]] == ["films:door"]
    assert (held["files"], held["metadata"]) == ([], [])
    assert _shown(connection, "films:door")["str_assettype"] == "none"


def test_nothing_of_a_deleted_asset_is_found(connection: Connection[Any]) -> None:
    noted = FileMetadataSet(**FRAME, entries=(entry("colour", "red"),))
    given = log(
        BUCKET, asset("door"), asset("doors"), uploaded("door", FRAME["path"]), noted, uploaded("doors", "a.exr")
    )
    fold(connection, given)
    fold(connection, [recorded(AssetPermanentlyDeleted(**DOOR, reason="Wrong"), 7)])
    held = rows(connection)
    assert [row["document_id"] for row in held["documents"]] == ["films:doors", "films:doors:a.exr"]
    assert [row["asset_id"] for row in held["assets"]] == ["doors"]
    assert held["metadata"] == []


def test_a_deleted_preview_image_is_shown_no_more(connection: Connection[Any]) -> None:
    preview = AssetPreviewSet(**DOOR, stored=stored("previews/door.jpg"))
    fold(connection, log(BUCKET, asset("door"), preview, AssetPreviewDeleted(**DOOR)))
    assert "str_previewfilekey" not in _shown(connection, "films:door")
