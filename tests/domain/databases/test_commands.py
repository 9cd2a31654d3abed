"""Creating databases and setting their metadata."""

from __future__ import annotations

from typing import Any

import pytest

from domain.databases.commands import create_database, remove_database_metadata, set_database_metadata
from domain.databases.errors import DatabaseAlreadyExists, DatabaseNotFound
from domain.databases.events import DatabaseCreated, DatabaseMetadataRemoved, DatabaseMetadataSet
from domain.errors import Invalid, NotFound, RevisionMismatch
from domain.metadata import MetadataInvalid, TooManyMetadataEntries
from tests.domain.library import BUCKET_ID, entry, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger

CREATED = DatabaseCreated(database_id="plates", description="All plates", default_bucket_id=BUCKET_ID)


def _create(ledger: MemoryLedger, database_id: str = "plates", **values: Any) -> None:
    given = {"description": "All plates", "default_bucket_id": BUCKET_ID, "order": order()}
    create_database(ledger, database_id, **(given | values))  # type: ignore[arg-type]


def test_a_database_is_created(shows: MemoryLedger) -> None:
    with recording(shows) as then:
        _create(shows)
    assert then.events == [CREATED]


def test_extensions_are_kept_in_lower_case_and_once(shows: MemoryLedger) -> None:
    with recording(shows) as then:
        _create(
            shows,
            restrict_metadata_outside_schemas=True,
            restrict_file_uploads_to_extensions=(".EXR", ".jpg", ".exr"),
        )
    assert then.events == [
        DatabaseCreated(
            database_id="plates",
            description="All plates",
            default_bucket_id=BUCKET_ID,
            restrict_metadata_outside_schemas=True,
            restrict_file_uploads_to_extensions=(".exr", ".jpg"),
        )
    ]


@pytest.mark.parametrize(
    "database_id", ["", "ab", "a" * 64, "GLOBAL", "a b c", "shöws", "a/b", "shows\n", "..", "abc\x00", "abc\ud800"]
)
def test_a_bad_id_is_refused(shows: MemoryLedger, database_id: str) -> None:
    with refused(shows, Invalid, "databaseId"):
        _create(shows, database_id)


@pytest.mark.parametrize("database_id", ["abc", "a" * 63, "A-b_9", "global"])
def test_an_id_at_the_limits_is_taken(shows: MemoryLedger, database_id: str) -> None:
    with recording(shows) as then:
        _create(shows, database_id)
    assert len(then.events) == 1


@pytest.mark.parametrize("description", ["", "abc", "a" * 257, "four\x00", "four\udfff"])
def test_a_bad_description_is_refused(shows: MemoryLedger, description: str) -> None:
    with refused(shows, Invalid, "description"):
        _create(shows, description=description)


@pytest.mark.parametrize("extension", ["exr", ".", "", ".tar.gz", "." + "a" * 16, ".é"])
def test_a_bad_extension_is_refused(shows: MemoryLedger, extension: str) -> None:
    with refused(shows, Invalid, "restrictFileUploadsToExtensions"):
        _create(shows, restrict_file_uploads_to_extensions=(".exr", extension))


def test_a_taken_id_is_refused(shows: MemoryLedger) -> None:
    with refused(shows, DatabaseAlreadyExists, "databaseId"):
        _create(shows, "shows")


def test_an_unknown_bucket_is_refused(shows: MemoryLedger) -> None:
    with refused(shows, NotFound, "defaultBucketId"):
        _create(shows, default_bucket_id="bucket-9")


def test_metadata_records_only_what_differs(shows: MemoryLedger) -> None:
    set_database_metadata(shows, "shows", entries=[entry("client", "Acme"), entry("year", "2026")], order=order())
    with recording(shows) as then:
        set_database_metadata(shows, "shows", entries=[entry("client", "Acme"), entry("year", "2027")], order=order())
    assert then.events == [DatabaseMetadataSet(database_id="shows", entries=(entry("year", "2027"),))]


def test_replacing_all_metadata_removes_the_other_keys(shows: MemoryLedger) -> None:
    set_database_metadata(shows, "shows", entries=[entry("client", "Acme"), entry("year", "2026")], order=order())
    with recording(shows) as then:
        set_database_metadata(shows, "shows", entries=[entry("unit", "B")], replace_all=True, order=order())
    assert then.events == [
        DatabaseMetadataRemoved(database_id="shows", keys=("client", "year")),
        DatabaseMetadataSet(database_id="shows", entries=(entry("unit", "B"),)),
    ]


def test_removing_metadata_passes_over_unknown_keys(shows: MemoryLedger) -> None:
    set_database_metadata(shows, "shows", entries=[entry("client", "Acme")], order=order())
    with recording(shows) as then:
        remove_database_metadata(shows, "shows", keys=["year", "client", "client"], order=order())
    assert then.events == [DatabaseMetadataRemoved(database_id="shows", keys=("client",))]
    with recording(shows) as then:
        remove_database_metadata(shows, "shows", keys=["client"], order=order())
    assert then.events == []


def test_metadata_of_an_unknown_database_is_refused(shows: MemoryLedger) -> None:
    with refused(shows, DatabaseNotFound, "databaseId"):
        set_database_metadata(shows, "plates", entries=[entry("a", "b")], order=order())
    with refused(shows, DatabaseNotFound, "databaseId"):
        remove_database_metadata(shows, "plates", keys=["a"], order=order())


def test_metadata_at_another_revision_is_refused(shows: MemoryLedger) -> None:
    with refused(shows, RevisionMismatch, "expectedRevision"):
        set_database_metadata(shows, "shows", entries=[entry("a", "b")], order=order(expected_revision=2))
    with refused(shows, RevisionMismatch, "expectedRevision"):
        remove_database_metadata(shows, "shows", keys=["a"], order=order(expected_revision=0))
    with recording(shows) as then:
        set_database_metadata(shows, "shows", entries=[entry("a", "b")], order=order(expected_revision=1))
    assert [recorded.revision for recorded in then.entries] == [2]


def test_bad_metadata_is_refused(shows: MemoryLedger) -> None:
    with refused(shows, MetadataInvalid, "entries", "1", "key"):
        set_database_metadata(shows, "shows", entries=[entry("a", "b"), entry("", "c")], order=order())
    with refused(shows, TooManyMetadataEntries, "entries"):
        set_database_metadata(shows, "shows", entries=[entry(f"k{n}", "v") for n in range(501)], order=order())
