"""The processor's own tables, and the statements on those that jobs and callbacks use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import tuple_row

from domain.executions.execution import Attempt
from processors.workflows.jobs import StepJob

SCHEMA_SQL = files(__package__).joinpath("schema.sql").read_text("utf-8")
MIGRATION_LOCK = 7_245_018_355

BEAT = """
INSERT INTO workflows.beats AS b (execution_id, attempt, step, heard_at, calls, message)
VALUES (%s, %s, %s, clock_timestamp(), 0, NULL)
ON CONFLICT (execution_id, attempt, step) DO UPDATE SET heard_at = excluded.heard_at
"""
CALL = """
INSERT INTO workflows.beats AS b (execution_id, attempt, step, heard_at, calls, message)
VALUES (%s, %s, %s, clock_timestamp(), 1, %s)
ON CONFLICT (execution_id, attempt, step) DO UPDATE SET calls = b.calls + 1, message = excluded.message
"""
HEARD = "SELECT heard_at FROM workflows.beats WHERE execution_id = %s AND attempt = %s AND step = %s"
FIND = "SELECT position, correlation_id FROM workflows.executions WHERE execution_id = %s"
ADD_UPLOADS = """
INSERT INTO workflows.uploads (execution_id, attempt, step, path, s3_key, multipart_id, size_bytes)
SELECT %s, %s, %s, u.* FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) u
ON CONFLICT (execution_id, attempt, step, path) DO UPDATE
SET s3_key = excluded.s3_key, multipart_id = excluded.multipart_id, size_bytes = excluded.size_bytes
"""
UPLOADS = """
SELECT path, s3_key, multipart_id, size_bytes FROM workflows.uploads
WHERE execution_id = %s AND attempt = %s AND step = %s ORDER BY path
"""


class PendingUpload(NamedTuple):
    """A file that an endpoint sends part by part."""

    path: str
    s3_key: str
    multipart_id: str | None
    size_bytes: int


def migrate(connection: Connection[Any]) -> None:
    """Create the tables unless they exist; safe from many processes at once."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        connection.execute(SCHEMA_SQL.encode())


def note_beat(connection: Connection[Any], execution_id: str, at: Attempt) -> None:
    """The step was heard of just now."""
    connection.execute(BEAT.encode(), (execution_id, at.attempt, at.step))


def note_call(connection: Connection[Any], execution_id: str, at: Attempt, *, message: str | None) -> None:
    """The step's endpoint was called just now, in vain when there is a message."""
    connection.execute(CALL.encode(), (execution_id, at.attempt, at.step, message))


def heard_at(connection: Connection[Any], execution_id: str, at: Attempt) -> datetime | None:
    """When the step was last heard of; None when it never was."""
    row = connection.execute(HEARD.encode(), (execution_id, at.attempt, at.step)).fetchone()
    return None if row is None else row[0]


def find_job(connection: Connection[Any], execution_id: str, at: Attempt) -> StepJob | None:
    """The job of an attempt, as the queue had it; None for an execution the processor has not come to yet."""
    row = connection.execute(FIND.encode(), (execution_id,)).fetchone()
    if row is None:
        return None
    return StepJob(execution_id=execution_id, attempt=at.attempt, step=at.step, position=row[0], correlation_id=row[1])


def add_uploads(
    connection: Connection[Any], execution_id: str, at: Attempt, *, uploads: Sequence[PendingUpload]
) -> None:
    """Remember files that are going to be sent."""
    columns = [list(column) for column in zip(*uploads, strict=True)]
    connection.execute(ADD_UPLOADS.encode(), (execution_id, at.attempt, at.step, *columns))


def pending_uploads(connection: Connection[Any], execution_id: str, at: Attempt) -> list[PendingUpload]:
    """The files that the endpoint asked to send, by path."""
    cursor = connection.cursor(row_factory=tuple_row)
    rows = cursor.execute(UPLOADS.encode(), (execution_id, at.attempt, at.step)).fetchall()
    return [PendingUpload._make(row) for row in rows]
