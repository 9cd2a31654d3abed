"""Delete markers as archiving wants them: on top of what is archived, and exactly those taken away from what is not.

The job asks the log what is archived now, whatever event it answers: so jobs that are repeated, or come late, agree.
No bytes are copied and no version is made, so that versions of assets keep matching what is in the bucket.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool

from domain.assets.asset import ASSETS, Asset
from domain.files.file import FILES
from processors.lifecycle.object_jobs import ObjectJob
from processors.lifecycle.tools import Tools, in_parallel

ObjectKey = tuple[str, str]
"""Bucket and key."""
FIND = """
SELECT m.s3_bucket, m.s3_key, m.marker_id FROM lifecycle.delete_markers m
JOIN unnest(%s::text[], %s::text[]) AS k (s3_bucket, s3_key) USING (s3_bucket, s3_key)
"""
INTEND = """
INSERT INTO lifecycle.delete_markers (s3_bucket, s3_key) SELECT * FROM unnest(%s::text[], %s::text[])
ON CONFLICT (s3_bucket, s3_key) DO UPDATE SET marker_id = NULL
"""
PUT = """
UPDATE lifecycle.delete_markers m SET marker_id = k.marker_id
FROM unnest(%s::text[], %s::text[], %s::text[]) AS k (s3_bucket, s3_key, marker_id)
WHERE m.s3_bucket = k.s3_bucket AND m.s3_key = k.s3_key
"""
FORGET = """
DELETE FROM lifecycle.delete_markers m USING unnest(%s::text[], %s::text[]) AS k (s3_bucket, s3_key)
WHERE m.s3_bucket = k.s3_bucket AND m.s3_key = k.s3_key
"""


def settle(tools: Tools, job: ObjectJob) -> None:
    """Bring the markers of the job's files, and of its asset's preview image, to what the log says now."""
    for paths in tools.path_chunks(job):
        asset = tools.ledger.load(ASSETS, *job.asset).state
        if asset is None or asset.is_deleted:
            return
        files = [stream.state for stream in tools.ledger.load_many(FILES, [(*job.asset, path) for path in paths])]
        wanted = {
            (file.latest.s3_bucket, file.latest.s3_key): asset.is_archived or file.is_archived
            for file in files
            if file is not None and file.is_there
        }
        _bring(tools, wanted)
        tools.advance(job, len(wanted))
    if job.paths is None:
        _bring(tools, _preview(tools.ledger.load(ASSETS, *job.asset).state))


def own_markers(pool: ConnectionPool[Any], keys: Sequence[ObjectKey]) -> dict[ObjectKey, str | None]:
    """The markers that archiving put at these keys; None for one about to be put, which is ours when it is on top."""
    with pool.connection() as connection:
        return _find(connection, keys)


def forget(connection: Connection[Any], keys: Sequence[ObjectKey]) -> None:
    """Nothing is known of markers at these keys any more."""
    if keys:
        connection.execute(FORGET.encode(), _columns(keys))


def _preview(asset: Asset | None) -> dict[ObjectKey, bool]:
    if asset is None or asset.is_deleted or asset.preview is None:
        return {}
    return {(asset.preview.s3_bucket, asset.preview.s3_key): asset.is_archived}


def _bring(tools: Tools, wanted: Mapping[ObjectKey, bool]) -> None:
    with tools.pool.connection() as connection:
        known = _find(connection, list(wanted))
    _hide(tools, [key for key, is_hidden in wanted.items() if is_hidden], known)
    _reveal(tools, {key: marker for key, marker in known.items() if not wanted[key]})


def _hide(tools: Tools, keys: Sequence[ObjectKey], known: Mapping[ObjectKey, str | None]) -> None:
    """Put a marker on top of each that has none. One that somebody else put there stays theirs."""
    tops = dict(zip(keys, in_parallel(partial(_top, tools), keys), strict=True))
    ours = {key: top[0] for key, top in tops.items() if top and top[1] and key in known and known[key] is None}
    bare = [key for key, top in tops.items() if top and not top[1]]
    in_parallel(partial(_erase, tools), [(key, marker) for key in bare if (marker := known.get(key))])
    with tools.pool.connection() as connection:
        if bare:
            connection.execute(INTEND.encode(), _columns(bare))
    made = in_parallel(lambda key: tools.objects.delete(*key), bare)
    ours |= {key: marker for key, marker in zip(bare, made, strict=True) if marker is not None}
    if ours:
        with tools.pool.connection() as connection:
            connection.execute(PUT.encode(), _columns([(*key, marker) for key, marker in ours.items()]))


def _reveal(tools: Tools, known: Mapping[ObjectKey, str | None]) -> None:
    """Take away the markers that were put by archiving, and no others."""

    def take_away(item: tuple[ObjectKey, str | None]) -> None:
        key, marker = item
        if marker is None:
            top = _top(tools, key)
            marker = top[0] if top and top[1] else None
        if marker is not None:
            _erase(tools, (key, marker))

    in_parallel(take_away, known.items())
    with tools.pool.connection() as connection:
        forget(connection, list(known))


def _top(tools: Tools, key: ObjectKey) -> tuple[str, bool] | None:
    """What is on top: its version id, and whether it is a delete marker; None where the store has nothing."""
    top = next(tools.versions_at(*key), None)
    return None if top is None else (top.version_id, top.is_delete_marker)


def _erase(tools: Tools, marker: tuple[ObjectKey, str]) -> None:
    (bucket, key), version_id = marker
    tools.objects.delete_version(bucket, key, version_id=version_id)


def _find(connection: Connection[Any], keys: Sequence[ObjectKey]) -> dict[ObjectKey, str | None]:
    if not keys:
        return {}
    rows = connection.cursor(row_factory=tuple_row).execute(FIND.encode(), _columns(keys))
    return {(bucket, key): marker for bucket, key, marker in rows}


def _columns(rows: Sequence[tuple[str, ...]]) -> list[list[str]]:
    return [list(column) for column in zip(*rows, strict=True)]
