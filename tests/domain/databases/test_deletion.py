"""Changing, deleting and restoring databases."""

from __future__ import annotations

import pytest

from domain.assets.commands import archive_asset, unarchive_asset
from domain.buckets.commands import register_bucket
from domain.databases.commands import set_database_metadata, update_database
from domain.databases.deletion import delete_database, restore_database
from domain.databases.errors import (
    DatabaseAlreadyExists,
    DatabaseIsDeleted,
    DatabaseNotDeleted,
    DatabaseNotEmpty,
    DatabaseNotFound,
)
from domain.databases.events import (
    DatabaseBucketSet,
    DatabaseDeleted,
    DatabaseDescribed,
    DatabaseRestored,
    DatabaseRestrictionsSet,
    RosterClosed,
)
from domain.errors import Invalid, NotFound, RevisionMismatch
from tests.domain.library import entry, given_asset, given_database, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger


def test_given_values_that_differ_change(shows: MemoryLedger) -> None:
    bucket = register_bucket(shows, "other", base_assets_prefix="/", order=order()).result["bucketId"]
    with recording(shows) as then:
        for _ in range(2):
            update_database(
                shows,
                "shows",
                description="All shows, and trailers",
                default_bucket_id=bucket,
                restrict_file_uploads_to_extensions=(".EXR",),
                order=order(),
            )
    assert then.events == [
        DatabaseDescribed(database_id="shows", description="All shows, and trailers"),
        DatabaseBucketSet(database_id="shows", default_bucket_id=bucket),
        DatabaseRestrictionsSet(
            database_id="shows",
            restrict_metadata_outside_schemas=False,
            restrict_file_uploads_to_extensions=(".exr",),
        ),
    ]


def test_bad_changes_are_refused(shows: MemoryLedger) -> None:
    with refused(shows, DatabaseNotFound, "databaseId"):
        update_database(shows, "plates", description="Some plates", order=order())
    with refused(shows, NotFound, "defaultBucketId"):
        update_database(shows, "shows", default_bucket_id="none", order=order())
    with refused(shows, Invalid, "description"):
        update_database(shows, "shows", description="All", order=order())
    with refused(shows, Invalid, "restrictFileUploadsToExtensions"):
        update_database(shows, "shows", restrict_file_uploads_to_extensions=("exr",), order=order())
    with refused(shows, RevisionMismatch, "expectedRevision"):
        update_database(shows, "shows", description="All shows!", order=order(expected_revision=2))


def test_an_empty_database_is_deleted_and_restored(shows: MemoryLedger) -> None:
    with recording(shows) as then:
        delete_database(shows, "shows", reason="Wrapped", order=order())
        restore_database(shows, "shows", reason="Pickup", order=order())
    closed = [RosterClosed(database_id="shows", part=part) for part in range(64)]
    assert then.events == [
        *closed,
        DatabaseDeleted(database_id="shows", reason="Wrapped"),
        DatabaseRestored(database_id="shows", reason="Pickup"),
    ]
    given_asset(shows)


def test_a_database_with_active_assets_stays(shot: MemoryLedger) -> None:
    given_asset(shot, "shot_020")
    archive_asset(shot, "shows", "shot_020", order=order())
    for with_archived in (False, True):
        with refused(shot, DatabaseNotEmpty, "databaseId"):
            delete_database(shot, "shows", with_archived_assets=with_archived, order=order())


def test_archived_assets_stay_in_a_deleted_database_only_when_that_is_said(shot: MemoryLedger) -> None:
    archive_asset(shot, "shows", "shot_010", order=order())
    with refused(shot, DatabaseNotEmpty, "databaseId"):
        delete_database(shot, "shows", order=order())
    delete_database(shot, "shows", with_archived_assets=True, order=order())
    with refused(shot, DatabaseIsDeleted, "databaseId"):
        unarchive_asset(shot, "shows", "shot_010", order=order())
    restore_database(shot, "shows", order=order())
    unarchive_asset(shot, "shows", "shot_010", order=order())
    with refused(shot, DatabaseNotEmpty, "databaseId"):
        delete_database(shot, "shows", with_archived_assets=True, order=order())


def test_a_deleted_database_takes_no_change_and_keeps_its_id(shows: MemoryLedger) -> None:
    delete_database(shows, "shows", order=order())
    with refused(shows, DatabaseIsDeleted, "databaseId"):
        given_asset(shows)
    with refused(shows, DatabaseIsDeleted, "databaseId"):
        update_database(shows, "shows", description="All shows!", order=order())
    with refused(shows, DatabaseIsDeleted, "databaseId"):
        set_database_metadata(shows, "shows", entries=[entry("lens", "35")], order=order())
    with refused(shows, DatabaseIsDeleted, "databaseId"):
        delete_database(shows, "shows", order=order())
    with refused(shows, DatabaseAlreadyExists, "databaseId"):
        given_database(shows)


def test_only_what_is_there_is_deleted_and_only_what_is_deleted_restored(shows: MemoryLedger) -> None:
    with refused(shows, DatabaseNotFound, "databaseId"):
        delete_database(shows, "plates", order=order())
    with refused(shows, DatabaseNotFound, "databaseId"):
        restore_database(shows, "plates", order=order())
    with refused(shows, DatabaseNotDeleted, "databaseId"):
        restore_database(shows, "shows", order=order())
    for revision in (0, 2):
        with refused(shows, RevisionMismatch, "expectedRevision"):
            delete_database(shows, "shows", order=order(expected_revision=revision))


@pytest.mark.parametrize("reason", ["a" * 257, "a\x00"])
def test_a_bad_reason_is_refused(shows: MemoryLedger, reason: str) -> None:
    with refused(shows, Invalid, "reason"):
        delete_database(shows, "shows", reason=reason, order=order())
