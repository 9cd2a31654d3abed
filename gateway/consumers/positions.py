"""The table of positions: how far each generation of each follower has come, moved by compare-and-set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.sql import SQL

from gateway.consumers.contracts import Pool
from gateway.consumers.errors import Fenced, UnknownConsumer

Role: TypeAlias = Literal["live", "building", "scratch", "previous", "dropped"]
State: TypeAlias = Literal["running", "failed", "stopped"]

CHANNEL = "consumers"
IDLE_IN_TRANSACTION_MS = 10_000
"""A paused owner keeps its row lock no longer than this; Python may take as long between two statements of a batch."""

COLUMNS = SQL("name, generation, role, shape, position, state, failure, failed_position, events_per_second, updated_at")
ADVANCE = """
WITH moved AS (
    UPDATE consumers.positions
    SET position = %(to)s, state = 'running', failure = NULL, failed_position = NULL,
        events_per_second = %(rate)s, updated_at = clock_timestamp()
    WHERE name = %(name)s AND generation = %(generation)s AND role = %(role)s AND position = %(position)s
    RETURNING 1)
SELECT set_config('idle_in_transaction_session_timeout', %(idle)s, true),
       set_config('synchronous_commit', coalesce(%(flush)s, current_setting('synchronous_commit')), true) FROM moved
"""
FAIL = """
UPDATE consumers.positions
SET state = %(state)s, failure = %(failure)s, failed_position = %(failed_position)s, updated_at = clock_timestamp()
WHERE name = %(name)s AND generation = %(generation)s AND role = %(role)s AND position = %(position)s
"""
INSERT = SQL(
    "INSERT INTO consumers.positions (name, generation, role, shape)"
    " SELECT %s, coalesce(max(generation), 0) + 1, %s, %s FROM consumers.positions WHERE name = %s RETURNING {}"
)
RETRY = """
UPDATE consumers.positions
SET state = 'running', failure = NULL, failed_position = NULL, updated_at = clock_timestamp()
WHERE name = %s AND role IN ('live', 'building') AND state <> 'running'
"""


@dataclass(frozen=True)
class Row:
    """One generation of one follower, as the table has it."""

    name: str
    generation: int
    role: Role
    shape: int | None
    position: int
    """The last event whose effect is committed; 0 before the first."""
    state: State
    """`failed` is tried again by itself, `stopped` waits for retry()."""
    failure: str | None
    failed_position: int | None
    """The event that failed; None when the failure is of no one event."""
    events_per_second: float
    updated_at: datetime

    def seconds_to(self, head: int) -> float | None:
        """How long the rest up to `head` takes at the pace it had last; None while it had none."""
        return max(head - self.position, 0) / self.events_per_second if self.events_per_second else None


def migrate(pool: Pool) -> None:
    """Create the table of positions; any number of processes may do so at once."""
    with pool.connection() as connection, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('consumers.migrate', 0))")
        connection.execute(Path(__file__).with_name("schema.sql").read_bytes())


def find(connection: Connection[Any], name: str, role: Role, *, is_locking: bool = False) -> Row | None:
    """The row of this name in this role, None when there is none; locked until the transaction ends if asked."""
    query = SQL("SELECT {} FROM consumers.positions WHERE name = %s AND role = %s {}")
    lock = SQL("FOR UPDATE" if is_locking else "")
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(query.format(COLUMNS, lock), (name, role)).fetchone()


def live(connection: Connection[Any], name: str, *, is_locking: bool = False) -> Row:
    """The generation that readers see. Raises UnknownConsumer."""
    row = find(connection, name, "live", is_locking=is_locking)
    if row is None:
        raise UnknownConsumer(name)
    return row


def select(connection: Connection[Any], *roles: Role) -> list[Row]:
    """Every row in one of these roles, by name and generation."""
    query = SQL("SELECT {} FROM consumers.positions WHERE role = ANY (%s) ORDER BY name, generation")
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(query.format(COLUMNS), (list(roles),)).fetchall()


def insert(connection: Connection[Any], name: str, role: Role, *, shape: int | None) -> Row:
    """A new generation at position 0; its number was never used before under this name."""
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        row = cursor.execute(INSERT.format(COLUMNS), (name, role, shape, name)).fetchone()
    return cast("Row", row)


def advance(
    connection: Connection[Any], row: Row, *, to: int, events_per_second: float, is_flushed: bool = True
) -> Row:
    """Move the position inside the caller's transaction, which also holds the effect. Raises Fenced.

    Unless `is_flushed`, the commit does not wait for the disk; see contracts.is_flushed().
    """
    limits = {"idle": str(IDLE_IN_TRANSACTION_MS), "flush": None if is_flushed else "off"}
    parameters = vars(row) | {"to": to, "rate": events_per_second} | limits
    if connection.execute(ADVANCE, parameters).rowcount != 1:
        raise Fenced(row.name, row.generation, row.position)
    return replace(
        row,
        position=to,
        state="running",
        failure=None,
        failed_position=None,
        events_per_second=events_per_second,
    )


def limit_idling(connection: Connection[Any]) -> None:
    """Let the server end this transaction, and with it the locks on rows, should its owner be paused in it."""
    connection.execute(
        "SELECT set_config('idle_in_transaction_session_timeout', %s, true)", (str(IDLE_IN_TRANSACTION_MS),)
    )


def fail(connection: Connection[Any], row: Row, *, state: State, failure: str, failed_position: int | None) -> None:
    """Show a failure in the table. Raises Fenced when another owner has moved on, whose failure it then is not."""
    parameters = vars(row) | {"state": state, "failure": failure, "failed_position": failed_position}
    if connection.execute(FAIL, parameters).rowcount != 1:
        raise Fenced(row.name, row.generation, row.position)


def change_role(connection: Connection[Any], row: Row, role: Role) -> Row:
    """Give a generation another role. Raises Fenced when it no longer is what the row says."""
    changed = connection.execute(
        "UPDATE consumers.positions SET role = %(to)s, updated_at = clock_timestamp()"
        " WHERE name = %(name)s AND generation = %(generation)s AND role = %(role)s AND position = %(position)s",
        vars(row) | {"to": role},
    )
    if changed.rowcount != 1:
        raise Fenced(row.name, row.generation, row.position)
    return replace(row, role=role)


def announce(connection: Connection[Any], row: Row) -> None:
    """Tell waiting processes how far the live generation is; a hint, sent after the commit it tells of.

    Postgres takes a lock of the whole cluster to commit a NOTIFY. Sent alone it waits for no disk while
    holding it; sent with the batch it would hold up every append to the log for the time of one flush.
    """
    if row.role == "live":
        connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, f"{row.name}:{row.position}"))


def retry(name: str, pool: Pool) -> bool:
    """Let a stopped follower try its failing event again; False when nothing of this name had failed."""
    with pool.connection() as connection:
        return connection.execute(RETRY, (name,)).rowcount > 0


def skip(name: str, position: int, pool: Pool) -> None:
    """Let the follower pass over this event in every print from now on, and go on if it stood still there."""
    with pool.connection() as connection, connection.transaction():
        connection.execute("INSERT INTO consumers.skips VALUES (%s, %s) ON CONFLICT DO NOTHING", (name, position))
        connection.execute(RETRY, (name,))


def skipped(name: str, pool: Pool) -> frozenset[int]:
    """The positions that this follower passes over."""
    with pool.connection() as connection:
        rows = connection.execute("SELECT position FROM consumers.skips WHERE name = %s", (name,)).fetchall()
    return frozenset(row[0] for row in rows)


def live_positions(connection: Connection[Any]) -> dict[str, int]:
    """The live position of every follower, by name."""
    return {row.name: row.position for row in select(connection, "live")}
