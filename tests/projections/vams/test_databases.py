"""Rows of buckets and databases."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from domain.assets.events import AssetArchived, AssetUnarchived
from domain.buckets.events import BucketSyncDatabaseSet
from domain.databases.events import DatabaseMetadataRemoved, DatabaseMetadataSet
from domain.metadata import MetadataValueType
from projections.vams.rows import BucketRow, DatabaseMetadataRow, DatabaseRow
from projections.vams.sheets import BUCKETS, DATABASE_METADATA, DATABASES
from tests.projections.vams.samples import ASSET, BUCKET, DATABASE, asset, entry
from tests.projections.vams.tape import Tape, at, rows

CREATED = DatabaseRow("shows", "All shows", "bucket-1", True, [".exr", ".jpg"], [], 0, at(1), None, 1, 1)


def test_a_registered_bucket_has_a_row(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(BUCKET)
    tape.fold(tables)
    assert rows(tables, BUCKETS) == [BucketRow("bucket-1", "media", "library/", True, None)]


def test_the_database_of_new_folders_is_in_the_row_of_the_bucket(tables: Connection[Any]) -> None:
    first, second = Tape(), Tape()
    second.add(BUCKET, BucketSyncDatabaseSet(bucket_id=BUCKET.bucket_id, sync_database_id="shows"))
    first.entries = [second.entries.pop(0)]
    first.fold(tables)
    second.fold(tables)
    assert rows(tables, BUCKETS) == [BucketRow("bucket-1", "media", "library/", True, "shows")]


def test_a_new_database_is_empty(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(DATABASE)
    tape.fold(tables)
    assert rows(tables, DATABASES) == [CREATED]


def test_metadata_is_a_row_an_entry_and_moves_the_revision(tables: Connection[Any]) -> None:
    tape = Tape()
    entries = (entry("client", "Acme"), entry("year", "2026", MetadataValueType.NUMBER))
    tape.add(DATABASE, DatabaseMetadataSet(database_id="shows", entries=entries))
    tape.fold(tables)
    assert rows(tables, DATABASE_METADATA) == [
        DatabaseMetadataRow("shows", "client", "Acme", "string", 2),
        DatabaseMetadataRow("shows", "year", "2026", "number", 2),
    ]
    assert rows(tables, DATABASES) == [CREATED._replace(revision=2, position=2)]


def test_removed_metadata_is_gone_and_set_metadata_replaced(tables: Connection[Any]) -> None:
    tape = Tape()
    first = DatabaseMetadataSet(database_id="shows", entries=(entry("client", "Acme"), entry("year", "2026")))
    tape.add(DATABASE, first)
    tape.add(DatabaseMetadataRemoved(database_id="shows", keys=("client",)))
    tape.add(DatabaseMetadataSet(database_id="shows", entries=(entry("year", "2027"),)))
    tape.fold(tables)
    assert rows(tables, DATABASE_METADATA) == [DatabaseMetadataRow("shows", "year", "2027", "string", 4)]
    assert rows(tables, DATABASES) == [CREATED._replace(revision=4, position=4)]


def test_the_asset_count_is_of_active_assets_and_leaves_the_revision(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(DATABASE, asset(), asset("shot_020"), asset("shot_030"))
    tape.add(AssetArchived(**ASSET), AssetArchived(database_id="shows", asset_id="shot_020"), AssetUnarchived(**ASSET))
    tape.fold(tables)
    assert rows(tables, DATABASES) == [CREATED._replace(asset_count=2)]


def test_an_event_of_what_no_event_made_is_an_error(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(DatabaseMetadataRemoved(database_id="shows", keys=("client",)))
    with pytest.raises(LookupError, match="database_storage"):
        tape.fold(tables)
