"""The library as a caller should find it: plain dictionaries, changed by the same commands, refusing the same ones."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

Entries = dict[str, str]
View = dict[str, Any]
TAGS = ("hero", "night")
"""The tags that exist."""


class Refused(Exception):
    """The command has to be refused with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class File:
    """A path of an asset: every object version it had, oldest first, with its size."""

    sizes: dict[str, int] = field(default_factory=dict)
    latest: str = ""
    metadata: Entries = field(default_factory=dict)
    attributes: Entries = field(default_factory=dict)
    is_there: bool = True
    is_archived: bool = False
    primary_type: str | None = None
    left_metadata: Entries = field(default_factory=dict)
    """What a file had that moved away from this path."""
    left_attributes: Entries = field(default_factory=dict)
    erased: dict[str, int] = field(default_factory=dict)
    """Versions that were permanently deleted, with their sizes."""

    def see(self, version: str, size: int) -> None:
        """A version is on top; where the last file moved away, another one begins."""
        self.primary_type = self.primary_type if self.is_there else None
        self.sizes.setdefault(version, size)
        self.latest, self.is_there = version, True
        self.left_metadata, self.left_attributes = {}, {}

    def leave(self) -> None:
        """The file moves away; what was seen here stays known."""
        self.is_there = False
        self.left_metadata, self.left_attributes = self.metadata, self.attributes
        self.metadata, self.attributes = {}, {}

    def delete(self) -> None:
        """Everything goes for ever; what versions of the asset held of it stays listed."""
        self.erased |= self.sizes
        self.sizes, self.latest, self.primary_type = {}, "", None
        self.metadata, self.attributes, self.left_metadata, self.left_attributes = {}, {}, {}, {}
        self.is_there, self.is_archived = False, False


@dataclass
class Version:
    """What was bookmarked."""

    comment: str
    alias: str | None
    files: dict[str, str]
    metadata: Entries
    file_metadata: dict[str, Entries]
    file_attributes: dict[str, Entries]
    is_archived: bool = False


@dataclass
class Asset:
    """An asset with what belongs to it."""

    name: str
    description: str = "made by the machine"
    is_distributable: bool = True
    tags: list[str] = field(default_factory=list)
    metadata: Entries = field(default_factory=dict)
    is_archived: bool = False
    reason: str | None = None
    files: dict[str, File] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)
    folders: set[str] = field(default_factory=set)
    """Those that were made."""

    def type(self) -> str:
        """As VAMS has it: from the number and the names of the files."""
        paths = [path for path, file in self.present().items() if not file.is_archived]
        if len(paths) == 1:
            return PurePosixPath(paths[0]).suffix.lower() or "unknown"
        return "folder" if paths else "none"

    def present(self) -> dict[str, File]:
        """The files that are there, by path."""
        return {path: file for path, file in self.files.items() if file.is_there}

    def file(self, path: str) -> File:
        """A file that is there."""
        if path not in self.present():
            raise Refused("NOT_FOUND")
        return self.files[path]

    def active_file(self, path: str) -> File:
        """A file that can be changed."""
        file = self.file(path)
        if file.is_archived:
            raise Refused("FILE_ALREADY_ARCHIVED")
        return file

    def require_writable(self, paths: Iterable[str]) -> None:
        """Whether the paths take new versions."""
        if any(path in self.present() and self.files[path].is_archived for path in paths):
            raise Refused("FILE_ALREADY_ARCHIVED")

    def version(self, number: int) -> Version:
        """The version of this number."""
        if not 1 <= number <= len(self.versions):
            raise Refused("NOT_FOUND")
        return self.versions[number - 1]

    def bookmark(self, comment: str, alias: str | None, files: dict[str, str]) -> None:
        """Make the next version of these files, with everybody's metadata as it is now."""
        held = {path: self.files[path] for path in files if path in self.files}
        self.versions.append(
            Version(
                comment,
                alias,
                files,
                dict(self.metadata),
                {path: dict(file.metadata) for path, file in held.items()},
                {path: dict(file.attributes) for path, file in held.items()},
            )
        )


@dataclass
class Link:
    """Two assets, parent and child or related."""

    start: str
    end: str
    kind: str
    alias: str | None
    tags: list[str]
    metadata: Entries = field(default_factory=dict)


@dataclass
class Library:
    """One database's assets by id, and the links between them."""

    assets: dict[str, Asset] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)

    def copy(self) -> Library:
        """The library as it is now, for good."""
        return deepcopy(self)

    def asset(self, asset_id: str) -> Asset:
        """An asset that exists."""
        if asset_id not in self.assets:
            raise Refused("NOT_FOUND")
        return self.assets[asset_id]

    def active(self, asset_id: str) -> Asset:
        """An asset that can be changed."""
        asset = self.asset(asset_id)
        if asset.is_archived:
            raise Refused("ASSET_ALREADY_ARCHIVED")
        return asset

    def create(self, asset_id: str, tags: list[str], metadata: Entries) -> None:
        if asset_id in self.assets:
            raise Refused("ALREADY_EXISTS")
        _require_tags(tags)
        self.assets[asset_id] = Asset(asset_id, tags=tags, metadata=dict(metadata))

    def update(self, asset_id: str, changes: dict[str, Any]) -> None:
        asset = self.active(asset_id)
        tags = changes.get("tags", asset.tags)
        _require_tags([tag for tag in tags if tag not in asset.tags])
        asset.name = changes.get("assetName", asset.name)
        asset.description = changes.get("description", asset.description)
        asset.is_distributable = changes.get("isDistributable", asset.is_distributable)
        asset.tags = tags

    def archive(self, asset_id: str, reason: str | None) -> None:
        asset = self.active(asset_id)
        asset.is_archived, asset.reason = True, reason

    def unarchive(self, asset_id: str) -> None:
        asset = self.asset(asset_id)
        if not asset.is_archived:
            raise Refused("ASSET_NOT_ARCHIVED")
        asset.is_archived, asset.reason = False, None

    def see_files(self, asset_id: str, seen: dict[str, tuple[str, int]]) -> None:
        asset = self.active(asset_id)
        asset.require_writable(seen)
        for path, (version, size) in seen.items():
            asset.files.setdefault(path, File()).see(version, size)

    def transfer(self, source: tuple[str, str], destination: tuple[str, str], *, is_move: bool, made: str) -> None:
        """Move or copy a file (asset id, path); `made` is the object version at the destination."""
        if source == destination:
            raise Refused("TRANSFER_ONTO_ITSELF")
        start, end = self.active(source[0]), self.active(destination[0])
        file = start.active_file(source[1])
        if destination[1] in end.present():
            raise Refused("DESTINATION_EXISTS")
        arrived = end.files.setdefault(destination[1], File())
        metadata = {**arrived.left_metadata, **file.metadata}
        attributes = {**arrived.left_attributes, **file.attributes}
        arrived.see(made, file.sizes[file.latest])
        arrived.metadata, arrived.attributes = metadata, attributes
        if is_move:
            arrived.primary_type = file.primary_type
            file.leave()

    def archive_file(self, asset_id: str, path: str) -> None:
        self.active(asset_id).active_file(path).is_archived = True

    def unarchive_file(self, asset_id: str, path: str) -> None:
        file = self.active(asset_id).file(path)
        if not file.is_archived:
            raise Refused("FILE_NOT_ARCHIVED")
        file.is_archived = False

    def delete_file(self, asset_id: str, path: str) -> None:
        self.active(asset_id).file(path).delete()

    def revert_file(self, asset_id: str, path: str, *, version: str, made: str) -> None:
        """Put a version of a file on top; `made` is the object version that it is then."""
        file = self.active(asset_id).active_file(path)
        if version not in file.sizes:
            raise Refused("NOT_FOUND")
        if version == file.latest:
            raise Refused("FILE_VERSION_IS_LATEST")
        file.see(made, file.sizes[version])

    def create_folder(self, asset_id: str, path: str) -> None:
        asset = self.active(asset_id)
        if path in asset.folders or path in asset.present():
            raise Refused("ALREADY_EXISTS")
        asset.folders.add(path)

    def delete_folder(self, asset_id: str, path: str) -> None:
        asset = self.active(asset_id)
        if path not in asset.folders:
            raise Refused("NOT_FOUND")
        asset.folders.remove(path)

    def set_primary_type(self, asset_id: str, path: str, primary_type: str) -> None:
        self.active(asset_id).active_file(path).primary_type = primary_type or None

    def create_version(self, asset_id: str, comment: str, alias: str | None, chosen: dict[str, str] | None) -> None:
        asset = self.active(asset_id)
        _require_free(asset, alias)
        if chosen is None:
            files = {path: file.latest for path, file in asset.present().items() if not file.is_archived}
        else:
            known = {path: file.sizes for path, file in asset.files.items() if not file.is_archived}
            files = {path: version for path, version in chosen.items() if version in known.get(path, ())}
        asset.bookmark(comment, alias, files)

    def revert(self, asset_id: str, number: int, *, with_metadata: bool, files: dict[str, str]) -> None:
        """Put the files of a version on top, as the object versions that `files` says, and bookmark exactly those."""
        asset = self.active(asset_id)
        version = asset.version(number)
        for path, made in files.items():
            asset.files[path].see(made, asset.files[path].sizes[version.files[path]])
            if with_metadata:
                asset.files[path].metadata = dict(version.file_metadata[path])
                asset.files[path].attributes = dict(version.file_attributes[path])
        if with_metadata:
            asset.metadata = dict(version.metadata)
        asset.bookmark(f"Back (reverted from v{number})", None, files)

    def update_version(self, asset_id: str, number: int, *, comment: str | None, alias: str | None) -> None:
        asset = self.active(asset_id)
        version = asset.version(number)
        if alias is not None and alias != (version.alias or ""):
            _require_free(asset, alias or None)
            version.alias = alias or None
        version.comment = version.comment if comment is None else comment

    def archive_version(self, asset_id: str, number: int) -> None:
        asset = self.active(asset_id)
        version = asset.version(number)
        if number == len(asset.versions):
            raise Refused("ASSET_VERSION_IS_CURRENT")
        if version.is_archived:
            raise Refused("ASSET_VERSION_ALREADY_ARCHIVED")
        version.is_archived = True

    def unarchive_version(self, asset_id: str, number: int) -> None:
        version = self.active(asset_id).version(number)
        if not version.is_archived:
            raise Refused("ASSET_VERSION_NOT_ARCHIVED")
        version.is_archived = False

    def entries(self, owner: str, path: str | None, attributes: bool) -> Entries:
        """What setMetadata changes: of a link, an asset or a file of one."""
        if owner in self.links:
            return self.links[owner].metadata
        asset = self.active(owner)
        if path is None:
            return asset.metadata
        file = asset.active_file(path)
        return file.attributes if attributes else file.metadata

    def set_entries(self, owner: str, path: str | None, attributes: bool, *, given: Entries, replace: bool) -> None:
        entries = self.entries(owner, path, attributes)
        if replace:
            entries.clear()
        entries.update(given)

    def remove_entries(self, owner: str, path: str | None, attributes: bool, *, keys: list[str]) -> None:
        entries = self.entries(owner, path, attributes)
        for key in keys:
            entries.pop(key, None)

    def link(self, link_id: str, link: Link) -> None:
        if link.alias and link.kind == "RELATED":
            raise Refused("LINK_ALIAS_INVALID")
        if link.start == link.end:
            raise Refused("LINK_TO_SELF")
        for end in (link.start, link.end):
            if self.asset(end).is_archived:
                raise Refused("ARCHIVED")
        self._require_place(link)
        _require_tags(link.tags)
        self.links[link_id] = link

    def update_link(self, link_id: str, *, alias: str | None, tags: list[str] | None) -> None:
        if link_id not in self.links:
            raise Refused("NOT_FOUND")
        link = self.links[link_id]
        if alias and link.kind == "RELATED":
            raise Refused("LINK_ALIAS_INVALID")
        if alias is not None and (alias or None) != link.alias:
            if self._is_taken(link.start, link.end, alias or None):
                raise Refused("LINK_ALREADY_EXISTS")
            link.alias = alias or None
        if tags is not None:
            _require_tags([tag for tag in tags if tag not in link.tags])
            link.tags = tags

    def unlink(self, link_id: str) -> None:
        if link_id not in self.links:
            raise Refused("NOT_FOUND")
        del self.links[link_id]

    def _require_place(self, link: Link) -> None:
        if link.kind == "RELATED":
            pairs = [{other.start, other.end} for other in self.links.values() if other.kind == "RELATED"]
            if {link.start, link.end} in pairs:
                raise Refused("LINK_ALREADY_EXISTS")
            return
        if self._is_taken(link.start, link.end, link.alias):
            raise Refused("LINK_ALREADY_EXISTS")
        if link.end in self._parents(link.start):
            raise Refused("LINK_REVERSED")
        if link.end in self._above(link.start):
            raise Refused("LINK_WOULD_CYCLE")

    def _is_taken(self, start: str, end: str, alias: str | None) -> bool:
        taken = [(other.start, other.end, other.alias) for other in self.links.values() if other.kind == "PARENT_CHILD"]
        return (start, end, alias) in taken

    def _parents(self, asset_id: str) -> set[str]:
        return {one.start for one in self.links.values() if one.kind == "PARENT_CHILD" and one.end == asset_id}

    def _above(self, asset_id: str) -> set[str]:
        parents = self._parents(asset_id)
        return parents.union(*(self._above(parent) for parent in parents))


def _require_tags(tags: list[str]) -> None:
    if any(tag not in TAGS for tag in tags):
        raise Refused("NOT_FOUND")


def _require_free(asset: Asset, alias: str | None) -> None:
    if alias is not None and alias in [version.alias for version in asset.versions]:
        raise Refused("VERSION_ALIAS_TAKEN")
