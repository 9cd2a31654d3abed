"""The recorder in place of the library's: an append is one round trip, cannot hang, is never repeated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from eventsourcing.persistence import OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg import Connection
from psycopg.rows import DictRow, args_row, scalar_row

from domain.ledger import Held
from gateway.ledger.datastore import LedgerDatastore
from gateway.ledger.errors import AppendUnknown, LedgerUnavailable, LogMoved
from gateway.ledger.schema import LogTable, statement

ARRAY_BYTES = 1 << 20
"""Larger appends go through COPY, which costs a second round trip and no composite arrays."""
ROW_BYTES = 80
"""What an event costs beside its state."""

APPEND = "SELECT {schema}.{append}(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[])"
APPEND_HELD = (
    "SELECT {schema}.{append_held}(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[], %b::uuid[], %b::bigint[])"
)
HOLD = "SELECT {schema}.{hold}(%b::uuid[], %b::bigint[])"
SEQUENCE = "pg_get_serial_sequence('{schema}.{table}', 'notification_id')::regclass"
RESERVE = f"SELECT setval({SEQUENCE}, nextval({SEQUENCE}) + %s - 1)"
COPY = (
    "COPY {schema}.{table} (originator_id, originator_version, topic, state, notification_id) "
    "FROM STDIN (FORMAT BINARY)"
)
SELECT_STREAMS = (
    "SELECT originator_id, originator_version, topic, state FROM {schema}.{table} "
    "WHERE originator_id = ANY (%b) ORDER BY originator_id, originator_version"
)
SELECT_STREAMS_UNTIL = SELECT_STREAMS.replace("ORDER BY", "AND notification_id <= %b ORDER BY")
# The OFFSET keeps a planner without statistics from reading the whole log to hash it.
SELECT_PAST = (
    "SELECT e.originator_id, e.originator_version, e.topic, e.state "
    "FROM unnest(%b::uuid[], %b::bigint[]) AS k (id, version) CROSS JOIN LATERAL ("
    "SELECT * FROM {schema}.{table} WHERE originator_id = k.id AND originator_version > k.version OFFSET 0"
    ") AS e ORDER BY e.originator_id, e.originator_version"
)
SELECT_POSITION = "SELECT notification_id FROM {schema}.{table} WHERE originator_id = %b AND originator_version = %b"
SELECT_PAGE = (
    "SELECT notification_id, originator_id, originator_version, topic, state FROM {schema}.{table} "
    "WHERE notification_id > %b ORDER BY notification_id LIMIT %b"
)
SELECT_LAST_GIVEN = "SELECT coalesce(pg_sequence_last_value(" + SEQUENCE + "), 0)"
SELECT_STREAM_IDS = "SELECT originator_id FROM {schema}.{table} WHERE originator_version = 1"
SELECT_HEAD = "SELECT max(notification_id) FROM {schema}.{table}"


class Row(NamedTuple):
    """An event as the table holds it."""

    position: int
    stream_id: UUID
    revision: int
    topic: str
    state: bytes


class LedgerRecorder(PostgresApplicationRecorder):
    """Appends to one log and reads it. Holds no connection between calls; safe to call from many threads.

    Reads raise LedgerUnavailable. Nothing is retried here: a read's caller may, an append's must not.
    """

    def __init__(self, datastore: LedgerDatastore) -> None:
        super().__init__(datastore, events_table_name=datastore.log.table)
        self.conninfo = datastore.conninfo
        self.log = datastore.log
        self.channel_name = self.log.channel

    def insert_events(
        self, stored_events: Sequence[StoredEvent], *, held: Sequence[Held] = (), **_: Any
    ) -> Sequence[int]:
        """Append all of the events in one transaction and return their positions, ascending, in their order.

        Raises eventsourcing's IntegrityError when a (stream, revision) is taken or a held stream is past its
        revision, LedgerUnavailable when nothing was recorded for another reason, and AppendUnknown when the
        connection was lost before the answer.
        """
        if not stored_events:
            return []
        size = sum(len(event.state) + ROW_BYTES for event in stored_events)
        with self._connection() as connection:
            try:
                return self._append(connection, stored_events, held, size_bytes=size)
            except psycopg.OperationalError as error:
                if connection.closed:
                    raise AppendUnknown(len(stored_events)) from error
                raise

    def select_streams(
        self, originator_ids: Sequence[UUID], *, after: Sequence[int] = (), until: int | None = None
    ) -> Sequence[StoredEvent]:
        """Events of these streams in one statement, each stream's in order of revision.

        All of them; or with `after`, those past a revision for each; or with `until`, those up to that log position
        (inclusive).
        """
        query, bounds = _selection(after, until)
        with self._connection() as connection:
            cursor = connection.cursor(binary=True, row_factory=args_row(StoredEvent))
            cursor.execute(statement(query, self.log), [list(originator_ids), *bounds], prepare=True)
            return cursor.fetchall()

    def select_position(self, originator_id: UUID, originator_version: int) -> int | None:
        """The position of one event, None when there is no such event."""
        with self._connection() as connection:
            cursor = connection.cursor(binary=True, row_factory=scalar_row)
            cursor.execute(statement(SELECT_POSITION, self.log), [originator_id, originator_version], prepare=True)
            position: int | None = cursor.fetchone()
            return position

    def select_page(self, after: int, limit: int) -> Sequence[Row]:
        """Up to `limit` undecoded events with positions over `after`, ascending."""
        with self._connection() as connection:
            return fetch_page(connection, self.log, after=after, limit=limit)

    def copy_events(self, stored_events: Sequence[StoredEvent], *, after: int) -> None:
        """Append all of the events in one transaction, as the positions that follow `after`.

        Raises LogMoved when that is not the end of the log, and what insert_events() raises.
        """
        with self._connection() as connection:
            self._copy(connection, stored_events, (), after=after)

    def last_given_position(self) -> int:
        """The position before the next one: the head, or past it when an append that failed had taken some."""
        with self._connection() as connection:
            cursor = connection.cursor(row_factory=scalar_row)
            return int(cursor.execute(statement(SELECT_LAST_GIVEN, self.log)).fetchall()[0])

    def stream_ids(self) -> set[UUID]:
        """Every stream there is: for logs that are known to be small."""
        with self._connection() as connection:
            cursor = connection.cursor(binary=True, row_factory=scalar_row)
            return set(cursor.execute(statement(SELECT_STREAM_IDS, self.log)).fetchall())

    def max_notification_id(self) -> int | None:
        """The position of the last event, None while the log is empty."""
        with self._connection() as connection:
            cursor = connection.cursor(row_factory=scalar_row)
            head: int | None = cursor.execute(statement(SELECT_HEAD, self.log)).fetchone()
            return head

    def _append(
        self, connection: Connection[DictRow], events: Sequence[StoredEvent], held: Sequence[Held], *, size_bytes: int
    ) -> Sequence[int]:
        if size_bytes > ARRAY_BYTES:
            return self._copy(connection, events, held)
        cursor = connection.cursor(row_factory=scalar_row)
        rows = ((e.originator_id, e.originator_version, e.topic, e.state) for e in events)
        values = [*_columns(rows), *_columns(held)]
        return cursor.execute(statement(APPEND_HELD if held else APPEND, self.log), values, prepare=True).fetchall()

    def _copy(
        self,
        connection: Connection[DictRow],
        events: Sequence[StoredEvent],
        held: Sequence[Held],
        *,
        after: int | None = None,
    ) -> Sequence[int]:
        with connection.transaction(), connection.cursor(row_factory=scalar_row) as cursor:
            cursor.execute(statement("SELECT pg_advisory_xact_lock({key})", self.log))
            if held:
                cursor.execute(statement(HOLD, self.log), _columns(held))
            cursor.execute(statement("NOTIFY {channel}", self.log))
            # The lock keeps other appends from taking positions, so those up to the new value are all ours.
            end = 1 + int(cursor.execute(statement(RESERVE, self.log), [len(events)]).fetchall()[0])
            positions = range(end - len(events), end)
            if after is not None and positions[0] != after + 1:
                raise LogMoved(after, positions[0])
            with cursor.copy(statement(COPY, self.log)) as copy:
                copy.set_types(["uuid", "int8", "text", "bytea", "int8"])
                for event, position in zip(events, positions, strict=True):
                    copy.write_row((event.originator_id, event.originator_version, event.topic, event.state, position))
        return positions

    @contextmanager
    def _connection(self) -> Iterator[Connection[DictRow]]:
        try:
            with self.datastore.get_connection() as connection:
                yield connection
        except OperationalError as error:
            raise LedgerUnavailable(error) from error


def _selection(after: Sequence[int], until: int | None) -> tuple[str, list[Any]]:
    """The statement that reads streams between these bounds, and its values after the streams."""
    assert not after or until is None
    if after:
        return SELECT_PAST, [list(after)]
    return (SELECT_STREAMS, []) if until is None else (SELECT_STREAMS_UNTIL, [until])


def _columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def fetch_page(connection: Connection[Any], log: LogTable, *, after: int, limit: int) -> Sequence[Row]:
    """Up to `limit` undecoded events with positions over `after`, ascending, read on this connection."""
    cursor = connection.cursor(binary=True, row_factory=args_row(Row))
    cursor.execute(statement(SELECT_PAGE, log), [after, limit], prepare=True)
    return cursor.fetchall()
