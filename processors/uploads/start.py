"""Open an upload session: plan it, ask the store for multipart uploads, record it."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import quote

import msgspec

from domain.assets.asset import Asset
from domain.cause import Order
from domain.errors import DomainError
from domain.ledger import Ledger
from domain.stream import Outcome
from domain.uploads.commands import DeclaredFile, plan_upload, start_upload
from domain.uploads.events import PlannedFile, UploadType
from domain.uploads.plan import LIMITS, UploadLimits
from processors.objects.store import ObjectStore

PARALLEL_CALLS = 8
IMAGE_TYPES = {
    ".exr": "image/x-exr",
    ".dpx": "image/x-dpx",
    ".hdr": "image/vnd.radiance",
    ".tx": "image/tiff",
    ".cin": "image/x-cineon",
}


def start(
    ledger: Ledger,
    store: ObjectStore,
    upload_id: str,
    *,
    asset: tuple[str, str],
    upload_type: UploadType,
    files: Sequence[DeclaredFile],
    lifetime: timedelta,
    limits: UploadLimits = LIMITS,
    order: Order,
) -> Outcome:
    """Open a session for an asset (database id, asset id). Raises what `plan_upload` raises, first of all."""
    remembered = ledger.remembered(order)
    if remembered:
        return remembered
    found, planned = plan_upload(ledger, *asset, upload_type=upload_type, files=files, limits=limits)
    with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
        opened = tuple(pool.map(lambda file: _opened(store, found, file, upload_id), planned))
    try:
        outcome = start_upload(
            ledger,
            upload_id,
            asset=asset,
            upload_type=upload_type,
            s3_bucket=found.s3_bucket,
            files=opened,
            lifetime=lifetime,
            order=order,
        )
    except DomainError:
        _abort(store, found, opened)
        raise
    if outcome.replayed:
        _abort(store, found, opened)
    return outcome


def object_metadata(asset: tuple[str, str], upload_id: str) -> dict[str, str]:
    """User metadata of an uploaded object, under VAMS's names; percent-encoded, as S3 keeps ASCII only."""
    return {"databaseid": quote(asset[0]), "assetid": quote(asset[1]), "uploadid": upload_id}


def content_type(path: str) -> str:
    """The media type by the file's name."""
    dot = path.rfind(".")
    known = IMAGE_TYPES.get(path[dot:].lower()) if dot >= 0 else None
    return known or mimetypes.guess_type(path)[0] or "application/octet-stream"


def _abort(store: ObjectStore, asset: Asset, files: Sequence[PlannedFile]) -> None:
    """Close what was opened for a session that does not exist: refused, or started by another call with the key."""
    with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
        opened = [(file.s3_key, file.multipart_id) for file in files if file.multipart_id]
        list(pool.map(lambda one: store.abort_multipart(asset.s3_bucket, one[0], multipart_id=one[1]), opened))


def _opened(store: ObjectStore, asset: Asset, file: PlannedFile, upload_id: str) -> PlannedFile:
    if file.size_bytes == 0:
        return file
    multipart_id = store.create_multipart(
        asset.s3_bucket,
        file.s3_key,
        content_type=content_type(file.path),
        metadata=object_metadata((asset.database_id, asset.asset_id), upload_id),
    )
    return msgspec.structs.replace(file, multipart_id=multipart_id)
