"""Delete markers on the objects that files moved away from, where the transfer itself could not put them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import takewhile

from domain.files.events import StoredObject
from domain.files.file import FILES
from processors.lifecycle.object_jobs import ObjectJob
from processors.lifecycle.tools import Tools, in_parallel
from processors.objects.store import ListedVersion, ObjectStore


def settle(tools: Tools, job: ObjectJob) -> None:
    """Hide what is still on top of a key of the asset though its file moved away."""
    for paths in tools.path_chunks(job):
        streams = tools.ledger.load_many(FILES, [(*job.asset, path) for path in paths])
        moved = [file.latest for stream in streams if (file := stream.state) is not None and file.moved_to is not None]
        in_parallel(partial(_hide_stored, tools.objects), moved)
        tools.advance(job, len(moved))


def hide(objects: ObjectStore, bucket: str, key: str, *, version_id: str) -> None:
    """Put a marker on this version if it is on top, but not on one that is stored there at the same moment.

    Of markers that several put there at the same moment the oldest stays, whoever looks afterwards.
    """
    before = objects.versions_of(bucket, key)
    if not before or before[0].version_id != version_id:
        return
    marker = objects.delete(bucket, key)
    after = objects.versions_of(bucket, key)
    if marker is not None and _stored(after) - _stored(before):
        superfluous = [marker]
    else:
        on_top = takewhile(lambda version: version.is_delete_marker, after)
        superfluous = [version.version_id for version in on_top][:-1]
    for version in superfluous:
        objects.delete_version(bucket, key, version_id=version)


def _stored(listed: Iterable[ListedVersion]) -> set[str]:
    return {version.version_id for version in listed if not version.is_delete_marker}


def _hide_stored(objects: ObjectStore, stored: StoredObject) -> None:
    hide(objects, stored.s3_bucket, stored.s3_key, version_id=stored.s3_version_id)
