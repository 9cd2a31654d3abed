"""The history at every position is what folding the log up to that position gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from psycopg import Connection

from domain.assets.events import AssetVersionCreated
from domain.event import Recorded
from projections.vams.fold import fold_batch
from tests.projections.vams.commanding import logs
from tests.projections.vams.model import Model

AS_OF = "valid_from <= {position} AND (valid_to IS NULL OR valid_to > {position})"
ASSET_COLUMNS = "database_id, asset_id, asset_name, tags, archived_at IS NOT NULL, asset_type, current_version"
LINK_COLUMNS = "asset_link_id, from_asset_id, to_asset_id, relationship_type, asset_link_alias_id, tags"
METADATA_COLUMNS = "database_id, asset_id, file_path, metadata_key, metadata_value"
ATTRIBUTE_COLUMNS = "database_id, asset_id, file_path, attribute_key, attribute_value"


def _as_of(connection: Connection[Any], columns: str, table: str, position: int) -> set[tuple[Any, ...]]:
    query = f"SELECT {columns} FROM {table} WHERE {AS_OF.format(position=position)}"
    rows = [tuple(tuple(v) if isinstance(v, list) else v for v in row) for row in connection.execute(query.encode())]
    assert len(rows) == len(set(rows))
    return set(rows)


def _version_files(connection: Connection[Any], event: AssetVersionCreated) -> set[tuple[Any, ...]]:
    query = "SELECT file_key, version_id FROM asset_file_versions_storage WHERE (database_id, asset_id) = (%s, %s)"
    key = (event.database_id, event.asset_id, event.asset_version_id)
    return set(connection.execute(f"{query} AND asset_version_id = %s".encode(), key))


def _expected_files(model: Model, event: AssetVersionCreated) -> set[tuple[Any, ...]]:
    if event.files is not None:
        return {(file.path, file.s3_version_id) for file in event.files}
    asset = (event.database_id, event.asset_id)
    active = [(key, file) for key, file in model.present_files() if not file.is_archived]
    return {(key[2], file.latest.s3_version_id) for key, file in active if key[:2] == asset}


def _steps(log: list[Recorded]) -> Iterator[tuple[Recorded, Model]]:
    model = Model()
    for entry in log:
        model.apply(entry)
        yield entry, model


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=logs)
def test_every_position_shows_the_library_of_that_position(tables: Connection[Any], log: list[Recorded]) -> None:
    with tables.transaction(force_rollback=True):
        fold_batch(log, tables)
        for entry, model in _steps(log):
            at = entry.position
            assert _as_of(tables, ASSET_COLUMNS, "asset_storage_history", at) == model.asset_rows()
            file_columns = "database_id, asset_id, path, s3_version_id, archived_at IS NOT NULL, primary_type"
            assert _as_of(tables, file_columns, "asset_files_history", at) == model.file_rows()
            assert _as_of(tables, METADATA_COLUMNS, "asset_file_metadata_history", at) == model.metadata_rows()
            assert _as_of(tables, ATTRIBUTE_COLUMNS, "file_attribute_history", at) == model.attribute_rows()
            assert _as_of(tables, LINK_COLUMNS, "asset_links_history", at) == model.link_rows()
            link_metadata = "asset_link_id, metadata_key, metadata_value"
            assert _as_of(tables, link_metadata, "asset_link_metadata_history", at) == model.link_metadata_rows()
            folders = _as_of(tables, "database_id, asset_id, path", "asset_folders_history", at)
            assert folders == model.folder_rows()
            if isinstance(entry.event, AssetVersionCreated):
                assert _version_files(tables, entry.event) == _expected_files(model, entry.event)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=logs)
def test_the_present_is_the_open_end_of_the_history(tables: Connection[Any], log: list[Recorded]) -> None:
    with tables.transaction(force_rollback=True):
        fold_batch(log, tables)
        for table, kept in (
            ("asset_storage", "asset_storage_history"),
            ("asset_files", "asset_files_history"),
            ("asset_folders", "asset_folders_history"),
            ("asset_versions_storage", "asset_versions_storage_history"),
            ("asset_file_metadata_storage", "asset_file_metadata_history"),
            ("file_attribute_storage", "file_attribute_history"),
            ("asset_links_storage", "asset_links_history"),
            ("asset_link_metadata_storage", "asset_link_metadata_history"),
            ("database_storage", "database_storage_history"),
            ("database_metadata_storage", "database_metadata_history"),
        ):
            present = set(tables.execute(f"SELECT t::text FROM {table} t".encode()))
            columns = f"(SELECT x FROM (SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(h))).*) x)::text"
            assert set(tables.execute(f"SELECT {columns} FROM {kept} h WHERE valid_to IS NULL".encode())) == present
