"""The processor's own list of the links and open upload sessions of each asset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from domain.event import Recorded
from domain.links.events import AssetLinkCreated, AssetLinkDeleted
from domain.uploads.events import UploadAborted, UploadCompleted, UploadExpired, UploadStarted

ADD_LINKS = """
INSERT INTO lifecycle.asset_links
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING
"""
ADD_UPLOADS = """
INSERT INTO lifecycle.open_uploads SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING
"""
FORGET_LINKS = "DELETE FROM lifecycle.asset_links WHERE asset_link_id = ANY(%s)"
FORGET_UPLOADS = "DELETE FROM lifecycle.open_uploads WHERE upload_id = ANY(%s)"
LINKS = """
SELECT asset_link_id FROM lifecycle.asset_links
WHERE (from_database_id, from_asset_id) = (%(database)s, %(asset)s)
OR (to_database_id, to_asset_id) = (%(database)s, %(asset)s) ORDER BY 1
"""
UPLOADS = "SELECT upload_id FROM lifecycle.open_uploads WHERE database_id = %s AND asset_id = %s ORDER BY 1"


def note(connection: Connection[Any], batch: Sequence[Recorded]) -> None:
    """Add what began in the batch, and forget what ended."""
    events = [entry.event for entry in batch]
    links = [
        (event.asset_link_id, event.from_database_id, event.from_asset_id, event.to_database_id, event.to_asset_id)
        for event in events
        if isinstance(event, AssetLinkCreated)
    ]
    uploads = [
        (event.upload_id, event.database_id, event.asset_id) for event in events if isinstance(event, UploadStarted)
    ]
    gone = [event.asset_link_id for event in events if isinstance(event, AssetLinkDeleted)]
    gone += [event.upload_id for event in events if isinstance(event, UploadCompleted | UploadAborted | UploadExpired)]
    for statement, rows in ((ADD_LINKS, links), (ADD_UPLOADS, uploads)):
        if rows:
            connection.execute(statement.encode(), [list(column) for column in zip(*rows, strict=True)])
    if gone:
        connection.execute(FORGET_LINKS.encode(), [gone])
        connection.execute(FORGET_UPLOADS.encode(), [gone])


def links_of(connection: Connection[Any], database_id: str, asset_id: str) -> list[str]:
    """The links that an asset is an end of, as of the processor's position."""
    rows = connection.execute(LINKS.encode(), {"database": database_id, "asset": asset_id}).fetchall()
    return [row[0] for row in rows]


def open_uploads_of(connection: Connection[Any], database_id: str, asset_id: str) -> list[str]:
    """The upload sessions of an asset that have not ended, as of the processor's position."""
    return [row[0] for row in connection.execute(UPLOADS.encode(), (database_id, asset_id)).fetchall()]
