"""A small log in one table, a projection of it and a consumer whose sink would show any event applied twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import takewhile
from threading import Event as Signal
from threading import Thread
from typing import Any, ClassVar
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection, sql
from psycopg_pool import ConnectionPool

from domain.cause import ActorKind, Cause
from domain.event import Event, Recorded, Stored, encode, stream_id
from gateway.consumers.contracts import Follower, Pool
from gateway.consumers.ownership import dedicated
from gateway.consumers.positions import Role, Row, find
from gateway.consumers.runner import run
from projections.printing import SchemaPrint, Target, Views

LOG = """
CREATE TABLE log (position bigserial PRIMARY KEY, stream_id uuid NOT NULL, topic text NOT NULL, state bytea NOT NULL);
CREATE TABLE sink (position bigint NOT NULL, pid integer NOT NULL DEFAULT pg_backend_pid());
"""
TABLES = """
CREATE TABLE items (number integer PRIMARY KEY, text text NOT NULL, position bigint NOT NULL);
CREATE INDEX items_text ON items (text);
CREATE TABLE totals (bucket integer PRIMARY KEY, count bigint NOT NULL, sum bigint NOT NULL);
"""
STREAM = stream_id("toy", "one")


class Noted(Event, frozen=True, kw_only=True):
    """A number was noted."""

    TOPIC: ClassVar[str] = "toy-noted"
    number: int
    text: str


class UnreadableToy(Exception):
    """The log holds something this toy cannot decode."""

    def __init__(self, position: int) -> None:
        super().__init__(f"no class for the event at {position}")
        self.position = position


def create_log(url: str) -> None:
    """The empty toy log, and the table that Sink writes to."""
    with psycopg.connect(url) as connection:
        connection.execute(LOG.encode())


decode = msgspec.json.Decoder(Stored[Noted]).decode


class TableFeed:
    """The toy log as a feed."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        with self._pool.connection() as connection:
            query = "SELECT position, stream_id, topic, state FROM log WHERE position > %s ORDER BY position LIMIT %s"
            rows = connection.execute(query, (after, limit), binary=True).fetchall()
        if rows and rows[0][2] != Noted.TOPIC:
            raise UnreadableToy(rows[0][0])
        return [_recorded(*row) for row in takewhile(lambda row: row[2] == Noted.TOPIC, rows)]

    def head(self) -> int:
        with self._pool.connection() as connection:
            row = connection.execute("SELECT coalesce(max(position), 0) FROM log").fetchone()
        assert row
        return int(row[0])

    def wait(self, after: int, timeout_seconds: float) -> bool:
        with dedicated(self._pool) as connection:
            connection.execute("LISTEN log")
            if self.head() > after:
                return True
            return any(True for _ in connection.notifies(timeout=timeout_seconds, stop_after=1))


def _recorded(position: int, stream: UUID, _: str, state: bytes) -> Recorded:
    stored = decode(state)
    return Recorded(position, stream, position, stored.cause, stored.event)


def append(pool: Pool, numbers: Sequence[int], *, topic: str = Noted.TOPIC, at: datetime | None = None) -> int:
    """Note these numbers in one transaction, and return the position of the last."""
    cause = Cause(actor_kind=ActorKind.SYSTEM, actor_id="toy", correlation_id="toy", at=at or datetime.now(UTC))
    states = [encode(cause, Noted(number=number, text=f"number {number}")) for number in numbers]
    with pool.connection() as connection, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(1)")
        row = connection.execute(
            "WITH added AS (INSERT INTO log (stream_id, topic, state) SELECT %s, %s, unnest(%s::bytea[])"
            " RETURNING position) SELECT max(position), pg_notify('log', '') FROM added",
            (STREAM, topic, states),
        ).fetchone()
    assert row
    return int(row[0])


class ToyProjection(SchemaPrint):
    """Each number as an item, and per hundred of them a count and a sum that a repeated event would spoil."""

    shape = 1

    def __init__(self, tables: str = TABLES, *, name: str = "toy", early: Collection[str] | None = None) -> None:
        views = Views("shown", 'CREATE VIEW "Items" AS SELECT number FROM items')
        super().__init__(name, tables, views=views, early=early)
        self.poison: set[int] = set()
        self.before_apply: Callable[[Sequence[Recorded]], None] = lambda batch: None

    def prepare(self, batch: Sequence[Recorded], *, target: Target) -> None:
        pass

    def apply(self, batch: Sequence[Recorded], connection: Connection[Any], *, target: Target) -> None:
        self.before_apply(batch)
        self.use(connection, target=target)
        rows = [(event.number, event.text, recorded.position) for recorded, event in _noted(batch)]
        for number, _, position in rows:
            if number in self.poison:
                raise ValueError(f"number {number} at {position} is poison")
        numbers, texts, positions = zip(*rows, strict=True)
        connection.execute(
            "INSERT INTO items SELECT * FROM unnest(%s::int[], %s::text[], %s::bigint[])"
            " ON CONFLICT (number) DO UPDATE SET text = excluded.text, position = excluded.position",
            (list(numbers), list(texts), list(positions)),
        )
        connection.execute(
            "INSERT INTO totals SELECT n / 100, count(*), sum(n) FROM unnest(%s::int[]) n GROUP BY 1"
            " ON CONFLICT (bucket) DO UPDATE"
            " SET count = totals.count + excluded.count, sum = totals.sum + excluded.sum",
            (list(numbers),),
        )


class Sink:
    """A consumer that writes each position down, with nothing to stop it from doing so twice."""

    name = "sink"

    def prepare(self, batch: Sequence[Recorded]) -> None:
        pass

    def commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> None:
        connection.execute("INSERT INTO sink SELECT unnest(%s::bigint[])", ([event.position for event in batch],))


def _noted(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Noted]]:
    for recorded in batch:
        assert isinstance(recorded.event, Noted)
        yield recorded, recorded.event


def open_pool(url: str, *, size: int = 4) -> Pool:
    """A pool that must be closed."""
    return ConnectionPool(url, min_size=1, max_size=size, kwargs={"autocommit": True}, open=True)


@contextmanager
def running(follower: Follower, pool: Pool, *, page: int = 1000, feed: TableFeed | None = None) -> Iterator[Signal]:
    """A runner of this follower in a thread, stopped and joined at the end."""
    stop = Signal()
    errors: list[BaseException] = []

    def target() -> None:
        try:
            run(follower, feed or TableFeed(pool), pool, stop=stop, page=page)
        except BaseException as error:
            errors.append(error)
            raise

    thread = Thread(target=target)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()
        assert not errors


def row_of(pool: Pool, name: str, role: Role = "live") -> Row:
    """The row in the table of positions, which must exist."""
    with pool.connection() as connection:
        row = find(connection, name, role)
    assert row is not None
    return row


def fetch(pool: Pool, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with pool.connection() as connection:
        return connection.execute(sql.SQL(query)).fetchall()
