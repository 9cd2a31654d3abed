"""Logs for tests: events with a cause, at positions without gaps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.assets.events import AssetCreated
from domain.buckets.events import BucketRegistered
from domain.cause import ActorKind, Cause
from domain.event import Event, Recorded
from domain.files.events import FileMovedAway, FilePlace, FileUploaded, StoredObject
from domain.links.events import AssetLinkCreated, AssetLinkDeleted, RelationshipType
from domain.media.events import Rendition, RenditionKind, RenditionsProduced
from domain.metadata import MetadataEntry, MetadataValueType

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

BUCKET = BucketRegistered(
    bucket_id="bucket-1", bucket_name="library", base_assets_prefix="assets/", is_versioning_enabled=True
)


def log(*events: Event | Iterable[Event]) -> list[Recorded]:
    """The events as the log holds them: the first at position 1, a second apart."""
    flat = [e for event in events for e in ([event] if isinstance(event, Event) else event)]
    return [recorded(event, position) for position, event in enumerate(flat, 1)]


def recorded(event: Event, position: int) -> Recorded:
    cause = Cause(
        actor_kind=ActorKind.USER,
        actor_id="ada",
        correlation_id="test",
        at=START + timedelta(seconds=position),
    )
    return Recorded(position, UUID(int=position), 1, cause, event)


def asset(asset_id: str, **fields: object) -> AssetCreated:
    """An asset of the database `films`, named by its id unless told otherwise."""
    given: dict[str, object] = {
        "database_id": "films",
        "asset_id": asset_id,
        "asset_name": asset_id,
        "description": "An asset",
        "is_distributable": True,
        "tags": (),
        "bucket_id": BUCKET.bucket_id,
        "s3_bucket": BUCKET.bucket_name,
        "asset_location": f"assets/{asset_id}/",
    }
    return AssetCreated(**(given | fields))  # type: ignore[arg-type]


def uploaded(asset_id: str, path: str, *, database_id: str = "films", version: str = "1") -> FileUploaded:
    """A file of 1000 bytes under its asset's prefix."""
    return FileUploaded(
        database_id=database_id,
        asset_id=asset_id,
        path=path,
        upload_id="upload-1",
        stored=stored(f"assets/{asset_id}/{path}", version=version),
    )


def moved_away(asset_id: str, path: str) -> FileMovedAway:
    """The file went to another asset of `films`."""
    place = FilePlace(database_id="films", asset_id="elsewhere", path=path)
    return FileMovedAway(database_id="films", asset_id=asset_id, path=path, transfer_id="transfer-1", destination=place)


def stored(s3_key: str, *, version: str = "1") -> StoredObject:
    return StoredObject(
        s3_bucket=BUCKET.bucket_name,
        s3_key=s3_key,
        s3_version_id=version,
        size_bytes=1000,
        etag=f"etag-{version}",
        last_modified=datetime(2026, 2, 1, 8, 30, tzinfo=UTC),
    )


def thumbnail(asset_id: str, path: str, *, version: str, preview_key: str) -> RenditionsProduced:
    """A thumbnail made from this version of a file."""
    source = stored(f"assets/{asset_id}/{path}", version=version)
    picture = Rendition(
        kind=RenditionKind.THUMBNAIL,
        s3_key=preview_key,
        s3_version_id="t1",
        content_type="image/jpeg",
        width=256,
        height=144,
        size_bytes=9000,
        color_space="srgb",
        source_color_space="acescg",
        color_rule="chromaticities",
    )
    return RenditionsProduced(
        database_id="films",
        asset_id=asset_id,
        path=path,
        s3_bucket=source.s3_bucket,
        s3_key=source.s3_key,
        s3_version_id=version,
        size_bytes=source.size_bytes,
        last_modified=source.last_modified,
        attempt=1,
        recipe="1",
        processing_seconds=0.1,
        renditions=(picture,),
    )


def linked(
    kind: RelationshipType, *, start: str = "door", end: str = "wall", name: str | None = None
) -> AssetLinkCreated:
    """A link between two assets of `films`, named by kind and ends unless told otherwise."""
    return AssetLinkCreated(**_ends(kind, start, end, name=name), relationship_type=kind)


def unlinked(
    kind: RelationshipType, *, start: str = "door", end: str = "wall", name: str | None = None
) -> AssetLinkDeleted:
    """That link is gone."""
    return AssetLinkDeleted(**_ends(kind, start, end, name=name))


def _ends(kind: RelationshipType, start: str, end: str, *, name: str | None) -> dict[str, Any]:
    ends = {"from_database_id": "films", "from_asset_id": start, "to_database_id": "films", "to_asset_id": end}
    return {"asset_link_id": name or f"{kind}:{start}:{end}", **ends}


def entry(key: str, value: str, value_type: MetadataValueType = MetadataValueType.STRING) -> MetadataEntry:
    return MetadataEntry(key=key, value=value, value_type=value_type)
