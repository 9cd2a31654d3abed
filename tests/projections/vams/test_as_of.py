"""The history at every position is what folding the log up to that position gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from psycopg import Connection

from domain.assets.asset import ASSETS, Asset
from domain.assets.events import AssetEvent, AssetVersionCreated
from domain.event import Recorded
from domain.files.events import FileEvent
from domain.files.file import FILES, File
from domain.files.previews import base_of
from domain.folders.events import FolderCreated, FolderDeleted
from domain.links.events import AssetLinkEvent
from domain.links.link import LINKS, AssetLink
from projections.vams.fold import fold_batch
from tests.projections.vams.commanding import logs

AS_OF = "valid_from <= {position} AND (valid_to IS NULL OR valid_to > {position})"
ASSET_COLUMNS = "database_id, asset_id, asset_name, tags, archived_at IS NOT NULL, asset_type, current_version"
LINK_COLUMNS = "asset_link_id, from_asset_id, to_asset_id, relationship_type, asset_link_alias_id, tags"
METADATA_COLUMNS = "database_id, asset_id, file_path, metadata_key, metadata_value"
ATTRIBUTE_COLUMNS = "database_id, asset_id, file_path, attribute_key, attribute_value"


class Model:
    """The library after some events, by the domain's own folds."""

    def __init__(self) -> None:
        self.assets: dict[tuple[str, str], Asset] = {}
        self.files: dict[tuple[str, str, str], File] = {}
        self.links: dict[str, AssetLink] = {}
        self.folders: set[tuple[str, str, str]] = set()

    def apply(self, entry: Recorded) -> None:
        match entry.event:
            case AssetEvent() as event:
                key = (event.database_id, event.asset_id)
                self.assets[key] = ASSETS.evolve(self.assets.get(key), event)
            case FileEvent() as event:
                path = (event.database_id, event.asset_id, event.path)
                self.files[path] = FILES.evolve(self.files.get(path), event)
            case FolderCreated() as event:
                self.folders.add((event.database_id, event.asset_id, event.path))
            case FolderDeleted() as event:
                self.folders.remove((event.database_id, event.asset_id, event.path))
            case AssetLinkEvent() as event:
                self.links[event.asset_link_id] = LINKS.evolve(self.links.get(event.asset_link_id), event)

    def asset_rows(self) -> set[tuple[Any, ...]]:
        return {
            (*key, asset.asset_name, asset.tags, asset.is_archived, self._type(key), asset.versions.newest or None)
            for key, asset in self._present_assets()
        }

    def file_rows(self) -> set[tuple[Any, ...]]:
        return {
            (*key, file.latest.s3_version_id, file.is_archived, file.primary_type) for key, file in self.present_files()
        }

    def metadata_rows(self) -> set[tuple[Any, ...]]:
        of_assets = {(*key, "/", e.key, e.value) for key, a in self._present_assets() for e in a.metadata.values()}
        return of_assets | {
            (*key, e.key, e.value) for key, file in self.present_files() for e in file.metadata.values()
        }

    def attribute_rows(self) -> set[tuple[Any, ...]]:
        return {(*key, e.key, e.value) for key, file in self.present_files() for e in file.attributes.values()}

    def folder_rows(self) -> set[tuple[Any, ...]]:
        return {key for key in self.folders if not self.assets[key[:2]].is_deleted}

    def present_files(self) -> Iterator[tuple[tuple[str, str, str], File]]:
        found = ((key, file) for key, file in self.files.items() if file.is_there)
        return ((key, file) for key, file in found if not self.assets[key[:2]].is_deleted)

    def _present_assets(self) -> Iterator[tuple[tuple[str, str], Asset]]:
        return ((key, asset) for key, asset in self.assets.items() if not asset.is_deleted)

    def link_rows(self) -> set[tuple[Any, ...]]:
        return {
            (key, link.parent.asset_id, link.child.asset_id, link.relationship_type, link.alias, link.tags)
            for key, link in self._present_links()
        }

    def link_metadata_rows(self) -> set[tuple[Any, ...]]:
        return {(key, e.key, e.value) for key, link in self._present_links() for e in link.metadata.values()}

    def _present_links(self) -> Iterator[tuple[str, AssetLink]]:
        return ((key, link) for key, link in self.links.items() if not link.is_deleted)

    def _type(self, asset: tuple[str, str]) -> str:
        active = [key for key, file in self.present_files() if not file.is_archived]
        paths = [path for *key, path in active if tuple(key) == asset and base_of(path) is None]
        if len(paths) == 1:
            return {"README": "unknown", "b/c.jpg": ".jpg"}.get(paths[0], ".exr")
        return "folder" if paths else "none"


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
        ):
            present = set(tables.execute(f"SELECT t::text FROM {table} t".encode()))
            columns = f"(SELECT x FROM (SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(h))).*) x)::text"
            assert set(tables.execute(f"SELECT {columns} FROM {kept} h WHERE valid_to IS NULL".encode())) == present
