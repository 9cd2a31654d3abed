"""What happens to databases after they were created."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from domain.databases.events import (
    AssetEnrolled,
    DatabaseBucketSet,
    DatabaseDeleted,
    DatabaseDescribed,
    DatabaseRestored,
    DatabaseRestrictionsSet,
    RosterClosed,
)
from projections.vams.fold import fold_batch
from projections.vams.sheets import DATABASES
from tests.projections.vams.samples import DATABASE
from tests.projections.vams.tape import Tape, at, rows

SHOWS: Any = {"database_id": "shows"}


def test_each_change_is_in_the_row(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(DATABASE)
    tape.add(DatabaseDescribed(**SHOWS, description="All shows and trailers"))
    tape.add(DatabaseBucketSet(**SHOWS, default_bucket_id="bucket-2"))
    tape.add(
        DatabaseRestrictionsSet(
            **SHOWS, restrict_metadata_outside_schemas=True, restrict_file_uploads_to_extensions=(".exr",)
        )
    )
    tape.fold(tables)
    (row,) = rows(tables, DATABASES)
    assert (row.description, row.default_bucket_id) == ("All shows and trailers", "bucket-2")
    assert (row.restrict_metadata_outside_schemas, row.restrict_file_uploads_to_extensions) == (True, [".exr"])
    assert (row.revision, row.position, row.archived_at) == (4, 4, None)


def test_a_deleted_database_has_the_time_and_a_restored_one_has_none(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(DATABASE, AssetEnrolled(**SHOWS, part=1, asset_id="a"), RosterClosed(**SHOWS, part=0))
    tape.add(DatabaseDeleted(**SHOWS))
    tape.fold(tables)
    assert [(row.archived_at, row.revision, row.position) for row in rows(tables, DATABASES)] == [(at(4), 2, 4)]
    restored = tape.add(DatabaseRestored(**SHOWS))
    fold_batch([restored], tables)
    assert [(row.archived_at, row.revision, row.position) for row in rows(tables, DATABASES)] == [(None, 3, 5)]
