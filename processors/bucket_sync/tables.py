"""The tables of bucket sync: keys and databases as the log has them, and the problems that people have to know of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

from psycopg import Connection

from domain.databases.events import DatabaseBucketSet, DatabaseCreated, DatabaseDeleted, DatabaseRestored
from domain.event import Event, Recorded
from domain.files.events import FileVersionSeen

SCHEMA_SQL = files(__package__).joinpath("schema.sql").read_text("utf-8")
MIGRATION_LOCK = 7_245_018_351

ADD_KEYS = """
INSERT INTO bucket_sync.keys (s3_bucket, s3_key) SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING
"""
PUT_DATABASES = """
INSERT INTO bucket_sync.databases (database_id, bucket_id, is_active)
SELECT * FROM unnest(%s::text[], %s::text[], %s::boolean[])
ON CONFLICT (database_id) DO UPDATE SET bucket_id = excluded.bucket_id, is_active = excluded.is_active
"""
DATABASES = "SELECT database_id, bucket_id, is_active FROM bucket_sync.databases WHERE database_id = ANY(%s)"
USERS = """
SELECT bucket_id, array_agg(database_id ORDER BY database_id)
FROM bucket_sync.databases WHERE is_active GROUP BY bucket_id
"""
KEYS = """
SELECT s3_key FROM bucket_sync.keys
WHERE s3_bucket = %(bucket)s AND s3_key > %(after)s COLLATE "C"
  AND (%(until)s::text IS NULL OR s3_key <= %(until)s COLLATE "C") AND starts_with(s3_key, %(prefix)s)
ORDER BY s3_key LIMIT %(limit)s
"""
TELL = """
INSERT INTO bucket_sync.problems AS p
    (s3_bucket, s3_key, code, message, event_name, excerpt, occurrences, first_at, last_at)
SELECT s3_bucket, s3_key, code, min(message), min(event_name), excerpt, count(*), clock_timestamp(), clock_timestamp()
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
     AS told (s3_bucket, s3_key, code, message, event_name, excerpt)
GROUP BY s3_bucket, s3_key, code, excerpt
ON CONFLICT (s3_bucket, s3_key, code, excerpt) DO UPDATE SET
    message = excluded.message, event_name = excluded.event_name, last_at = excluded.last_at,
    occurrences = p.occurrences + excluded.occurrences
"""
SOLVE = """
DELETE FROM bucket_sync.problems p USING unnest(%s::text[], %s::text[]) AS solved (s3_bucket, s3_key)
WHERE p.s3_bucket = solved.s3_bucket AND p.s3_key = solved.s3_key
"""
FORGET = "DELETE FROM bucket_sync.problems WHERE last_at < clock_timestamp() - interval '30 days'"


class Problem(NamedTuple):
    """What could not be recorded, and why."""

    s3_bucket: str
    s3_key: str
    code: str
    message: str
    event_name: str | None = None
    excerpt: str = ""


def migrate(connection: Connection[Any]) -> None:
    """Create the tables unless they exist; safe from many processes at once."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        connection.execute(SCHEMA_SQL.encode())


def add_keys(connection: Connection[Any], batch: Sequence[Recorded]) -> None:
    """Note the keys that the batch stores something at."""
    events = [entry.event for entry in batch]
    keys = {(event.stored.s3_bucket, event.stored.s3_key) for event in events if isinstance(event, FileVersionSeen)}
    if keys:
        connection.execute(ADD_KEYS.encode(), _columns(sorted(keys)))


def put_databases(connection: Connection[Any], batch: Sequence[Recorded]) -> None:
    """Bring the databases to the end of the batch."""
    events = [entry.event for entry in batch if isinstance(entry.event, DATABASE_EVENTS)]
    if not events:
        return
    ids = sorted({event.database_id for event in events})
    rows = connection.execute(DATABASES.encode(), (ids,)).fetchall()
    states = {row[0]: (row[1], row[2]) for row in rows}
    for event in events:
        states[event.database_id] = _state(states.get(event.database_id), event)
    connection.execute(PUT_DATABASES.encode(), _columns([(key, *states[key]) for key in ids]))


def users_of_buckets(connection: Connection[Any]) -> dict[str, list[str]]:
    """Ids of the active databases by the id of their default bucket."""
    return {row[0]: row[1] for row in connection.execute(USERS.encode()).fetchall()}


def known_keys(
    connection: Connection[Any], bucket: str, prefix: str, *, after: str, until: str | None, limit: int
) -> list[str]:
    """At most `limit` keys under the prefix that ever held a file, past one and up to another, in S3's order."""
    values = {"bucket": bucket, "prefix": prefix, "after": after, "until": until, "limit": limit}
    return [row[0] for row in connection.execute(KEYS.encode(), values).fetchall()]


def tell(connection: Connection[Any], problems: Iterable[Problem], *, solved: Iterable[tuple[str, str]]) -> None:
    """Note problems, forget those of (bucket, key) that are in order now, and those nobody spoke of for a month."""
    listed, ordered = list(problems), list(solved)
    with connection.transaction():
        if ordered:
            connection.execute(SOLVE.encode(), _columns(ordered))
        if listed:
            connection.execute(TELL.encode(), _columns(listed))
            connection.execute(FORGET.encode())


DATABASE_EVENTS = (DatabaseCreated, DatabaseBucketSet, DatabaseDeleted, DatabaseRestored)


def _state(before: tuple[str, bool] | None, event: Event) -> tuple[str, bool]:
    if isinstance(event, DatabaseCreated):
        return event.default_bucket_id, True
    assert before is not None
    match event:
        case DatabaseBucketSet():
            return event.default_bucket_id, before[1]
        case DatabaseDeleted():
            return before[0], False
    return before[0], True


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
