"""Erases for good: every version, marker and rendition of deleted files, and everything below a deleted asset."""

from __future__ import annotations

import re
from contextlib import suppress

from domain.assets.asset import ASSETS
from domain.assets.deletion import record_asset_erased
from domain.assets.events import AssetPreviewDeleted, AssetPreviewSet
from domain.files.events import StoredObject
from domain.files.file import FILES, File
from domain.files.lifecycle import record_files_erased
from domain.links.commands import delete_asset_link
from domain.links.errors import LinkNotFound
from domain.media.commands import rendition_stem
from domain.uploads.commands import abort_upload, load_upload
from domain.uploads.errors import UploadAlreadyExpired, UploadClosed
from processors.lifecycle import belongings, paths, visibility
from processors.lifecycle.object_jobs import ObjectJob
from processors.lifecycle.tools import Tools, chunks, in_parallel
from processors.objects.store import ListedVersion
from processors.uploads.ending import remove

RENDITION = re.compile(r"_(thumb|proxy)\.[a-z0-9]{1,5}")
"""What follows a stem in the key of a rendition."""
REASON = "The asset was permanently deleted."


def erase_files(tools: Tools, job: ObjectJob) -> None:
    """Leave nothing of the deleted files in the store, then record that, so that their paths can be used again."""
    for chunk in tools.path_chunks(job):
        streams = tools.ledger.load_many(FILES, [(*job.asset, path) for path in chunk])
        files = [stream.state for stream in streams if stream.state is not None and stream.state.is_being_erased]
        erased = sum(in_parallel(lambda file: _erase_file(tools, file), files))
        with tools.pool.connection() as connection:
            visibility.forget(connection, [(file.latest.s3_bucket, file.latest.s3_key) for file in files])
        record_files_erased(tools.ledger, *job.asset, paths=[file.path for file in files], order=job.order)
        tools.advance(job, erased)


def erase_asset(tools: Tools, job: ObjectJob) -> None:
    """Delete the links and end the uploads of a deleted asset, and leave nothing below its prefix in the store."""
    asset = tools.ledger.load(ASSETS, *job.asset).state
    if asset is None or not asset.is_deleted or asset.is_erased:
        return
    with tools.pool.connection() as connection:
        links = belongings.links_of(connection, *job.asset)
        uploads = belongings.open_uploads_of(connection, *job.asset)
    for asset_link_id in links:
        with suppress(LinkNotFound):
            delete_asset_link(tools.ledger, asset_link_id, order=job.order)
    for upload_id in uploads:
        _end_upload(tools, job, upload_id)
    # What comes while this is read, a last copy or picture, is found by the next look.
    while _erase_below(tools, job, asset.s3_bucket, asset.asset_location):
        pass
    with tools.pool.connection() as connection:
        paths.forget(connection, *job.asset)
    record_asset_erased(tools.ledger, *job.asset, order=job.order)


def erase_preview(tools: Tools, job: ObjectJob) -> None:
    """Erase the preview images that the asset had when the last was deleted, by their versions.

    A file may have the key of a preview image, so nothing else at the key is touched.
    """
    shown: list[StoredObject] = []
    deleted: list[StoredObject] = []
    for event in tools.ledger.history(ASSETS, *job.asset):
        if isinstance(event, AssetPreviewSet):
            shown.append(event.stored)
        elif isinstance(event, AssetPreviewDeleted):
            deleted, shown = [*deleted, *shown], []

    def erase(image: StoredObject) -> None:
        tools.objects.delete_version(image.s3_bucket, image.s3_key, version_id=image.s3_version_id)

    in_parallel(erase, deleted)
    tools.advance(job, len(deleted))


def _erase_file(tools: Tools, file: File) -> int:
    """Erase what is at the file's key, and its renditions; how many versions that were."""
    bucket, key = file.latest.s3_bucket, file.latest.s3_key
    found = _erase_all(tools, list(tools.versions_at(bucket, key)))
    stem = rendition_stem(tools.ledger, bucket, key)
    if stem is None:
        return found
    pictures = [
        version
        for version in tools.objects.versions(bucket, f"{stem}_")
        if RENDITION.fullmatch(version.key.removeprefix(stem))
    ]
    return found + _erase_all(tools, pictures)


def _erase_all(tools: Tools, versions: list[ListedVersion]) -> int:
    for version in versions:
        tools.objects.delete_version(version.bucket, version.key, version_id=version.version_id)
    return len(versions)


def _erase_below(tools: Tools, job: ObjectJob, bucket: str, prefix: str) -> int:
    """Erase every version under the prefix; how many there were."""

    def erase(version: ListedVersion) -> None:
        tools.objects.delete_version(bucket, version.key, version_id=version.version_id)

    count = 0
    for chunk in chunks(tools.objects.versions(bucket, prefix)):
        in_parallel(erase, chunk)
        with tools.pool.connection() as connection:
            visibility.forget(connection, sorted({(bucket, version.key) for version in chunk}))
        tools.advance(job, len(chunk))
        count += len(chunk)
    return count


def _end_upload(tools: Tools, job: ObjectJob, upload_id: str) -> None:
    """Abort a session, and remove what arrived of it."""
    with suppress(UploadClosed, UploadAlreadyExpired):
        abort_upload(tools.ledger, upload_id, reason=REASON, order=job.order)
    _, upload = load_upload(tools.ledger, upload_id)
    remove(tools.ledger, tools.objects, upload)
