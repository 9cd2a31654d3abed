"""The metadata entries of one owner, by one statement."""

from __future__ import annotations

from typing import cast

from gateway.context import Info
from gateway.metadata import MetadataEntry
from gateway.reads.root import by_key, read_many
from gateway.reads.sources import Many


async def read_entries(
    info: Info, database_id: str, asset_id: str | None, *, path: str | None, is_attributes: bool
) -> list[MetadataEntry]:
    """Entries of a database, of an asset of it, or of the file at this path of that asset."""
    key = {"database_id": database_id}
    source = "DatabaseMetadata"
    if asset_id is not None:
        key |= {"asset_id": asset_id, "file_path": "/" if path is None else path.removeprefix("/")}
        source = "FileAttribute" if is_attributes else "AssetMetadata"
    order = "{t}.attribute_key" if is_attributes else "{t}.metadata_key"
    return await _read(info, Many(source, "true", order, by_key(**key)))


async def read_link_entries(info: Info, asset_link_id: str) -> list[MetadataEntry]:
    """Entries of a link."""
    return await _read(info, Many("LinkMetadata", "true", "{t}.metadata_key", by_key(asset_link_id=asset_link_id)))


async def _read(info: Info, spec: Many) -> list[MetadataEntry]:
    found = await read_many(info, lambda plan, field, _: plan.many(field.nodes, spec, None, {}))
    return cast("list[MetadataEntry]", found)
