"""How files come to an asset: by an upload session, or registered where they are in the bucket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.cause import Order
from domain.files.commands import ObservedFile, register_files
from domain.files.events import StoredObject
from domain.uploads.acceptance import CompletedFile
from domain.uploads.commands import DeclaredFile, complete_upload, plan_upload, start_upload
from domain.uploads.events import UploadType
from gateway.demo.studio.desk import Asset, Desk

TYPES = {".exr": "image/x-exr", ".tif": "image/tiff", ".jpg": "image/jpeg", ".mov": "video/quicktime"}

Seen = tuple[str, StoredObject, int]
"""A path, the object version that is there now, and the position of its event."""


def frames_of(pattern: str, frames: range) -> list[str]:
    """A path a frame; the pattern has a `{}`."""
    return [pattern.format(f"{frame:04}") for frame in frames]


def upload(desk: Desk, asset: Asset, paths: Sequence[str]) -> tuple[list[Seen], Order]:
    """Bring files by one session, and the order that ended it."""
    started = desk.someone()
    objects = {path: _stored(desk, asset, path) for path in paths}
    declared = [DeclaredFile(path, stored.size_bytes, stored.content_sha256) for path, stored in objects.items()]
    _, planned = plan_upload(desk.ledger, *asset.key, upload_type=UploadType.ASSET_FILE, files=declared)
    upload_id = desk.uuid()
    start_upload(
        desk.ledger,
        upload_id,
        asset=asset.key,
        upload_type=UploadType.ASSET_FILE,
        s3_bucket=asset.s3_bucket,
        files=planned,
        lifetime=timedelta(days=1),
        order=started,
    )
    ended = desk.someone()
    files = [CompletedFile(path, stored) for path, stored in objects.items()]
    outcome = complete_upload(desk.ledger, upload_id, files=files, order=ended)
    return _seen(objects, outcome.position), ended


def register(desk: Desk, asset: Asset, paths: Sequence[str]) -> tuple[list[Seen], Order]:
    """Make known what is in the bucket already, and the order that did."""
    objects = {path: _stored(desk, asset, path) for path in paths}
    order = desk.someone()
    files = [ObservedFile(path, stored) for path, stored in objects.items()]
    outcome = register_files(desk.ledger, *asset.key, files=files, order=order)
    return _seen(objects, outcome.position), order


def _seen(objects: dict[str, StoredObject], last: int) -> list[Seen]:
    first = last - len(objects) + 1
    return [(path, stored, position) for position, (path, stored) in enumerate(objects.items(), first)]


def _stored(desk: Desk, asset: Asset, path: str) -> StoredObject:
    extension = path[path.rindex(".") :]
    return StoredObject(
        s3_bucket=asset.s3_bucket,
        s3_key=f"{asset.location}{path}",
        s3_version_id=desk.hex(32),
        size_bytes=desk.lot.randrange(200_000, 60_000_000),
        etag=desk.hex(32),
        last_modified=desk.whole_second(),
        content_type=TYPES.get(extension, "application/octet-stream"),
        content_sha256=desk.hex(64) if desk.chance(0.5) else None,
    )
