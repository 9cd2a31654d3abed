"""The processor's own list of the files each asset ever had."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from psycopg import Connection

from domain.event import Recorded
from domain.files.events import FileVersionSeen

SCHEMA_SQL = files(__package__).joinpath("schema.sql").read_text("utf-8")
MIGRATION_LOCK = 7_245_018_333

ADD = """
INSERT INTO lifecycle.asset_paths (database_id, asset_id, path, position)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[])
ON CONFLICT DO NOTHING
"""
SELECT = """
SELECT path FROM lifecycle.asset_paths
WHERE database_id = %s AND asset_id = %s AND position <= %s ORDER BY path
"""
AFTER = """
SELECT path FROM lifecycle.asset_paths
WHERE database_id = %s AND asset_id = %s AND path > %s AND starts_with(path, %s) ORDER BY path LIMIT %s
"""
FORGET = "DELETE FROM lifecycle.asset_paths WHERE database_id = %s AND asset_id = %s"


def migrate(connection: Connection[Any]) -> None:
    """Create the table unless it exists; safe from many processes at once."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        connection.execute(SCHEMA_SQL.encode())


def add(connection: Connection[Any], batch: Sequence[Recorded]) -> None:
    """Note the files that the batch stores something in; the first position of each stays."""
    firsts: dict[tuple[str, str, str], int] = {}
    for entry in batch:
        if isinstance(entry.event, FileVersionSeen):
            firsts.setdefault((entry.event.database_id, entry.event.asset_id, entry.event.path), entry.position)
    if firsts:
        columns = zip(*((*key, position) for key, position in firsts.items()), strict=True)
        connection.execute(ADD.encode(), [list(column) for column in columns])


def paths_at(connection: Connection[Any], database_id: str, asset_id: str, *, position: int) -> list[str]:
    """Every path that the asset had a file at by then, in byte order."""
    rows = connection.execute(SELECT.encode(), (database_id, asset_id, position)).fetchall()
    return [row[0] for row in rows]


def paths_after(
    connection: Connection[Any], database_id: str, asset_id: str, *, after: str, limit: int, prefix: str = ""
) -> list[str]:
    """At most `limit` paths beyond this one, with this beginning, that the asset ever had a file at, in byte order."""
    rows = connection.execute(AFTER.encode(), (database_id, asset_id, after, prefix, limit)).fetchall()
    return [row[0] for row in rows]


def forget(connection: Connection[Any], database_id: str, asset_id: str) -> None:
    """The asset is no more, and nothing asks for its files again."""
    connection.execute(FORGET.encode(), (database_id, asset_id))
