"""Run a plan: one statement, its JSON passed through as bytes, URLs signed where any were asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import orjson
import psycopg
import psycopg_pool
from psycopg import AsyncConnection
from psycopg.adapt import Loader
from psycopg.rows import tuple_row

from gateway.graphql.errors import DATABASE_AWAY, ClientError
from gateway.reads.plan import Plan

GUARDED = (
    "SELECT at.position, shown.* FROM"
    " (SELECT position FROM consumers.positions WHERE name = 'tables' AND role = 'live') at"
    " LEFT JOIN LATERAL ({statement}) shown ON true"
)
"""A statement for at most one row, with the position of the tables in the snapshot that it reads."""
Sign = Callable[..., str]
"""Sign(bucket, key, *, version_id, expires_seconds, file_name) gives a URL."""


class JsonBytes(Loader):
    """Leaves JSON as the bytes that Postgres sent."""

    def load(self, data: Any) -> bytes:
        """The bytes themselves."""
        return bytes(data)


async def configure_reads(connection: AsyncConnection[Any]) -> None:
    """Set up a connection of the read pool: raw JSON, no transaction per statement."""
    connection.adapters.register_loader("json", JsonBytes)
    await connection.set_autocommit(True)


class Behind(Exception):
    """The tables are not where they have been: a crash of the database took back what it had not flushed."""


class Reader:
    """Executes planned statements for the gateway."""

    def __init__(self, pool: psycopg_pool.AsyncConnectionPool[Any], sign: Sign) -> None:
        self._pool = pool
        self._sign = sign
        self.statements = 0
        """Statements run so far; tests count them."""

    async def fragment(self, plan: Plan, expression: str, *, at_least: int = 0) -> orjson.Fragment | None:
        """The JSON of the expression, None for null. Raises ClientError for what the caller can act on, and Behind."""
        (body,) = await self.row(f"{plan.prelude}SELECT {expression}", plan.values, at_least=at_least) or (None,)
        if body is None:
            return None
        if plan.has_signed:
            body = orjson.dumps(self._signed(orjson.loads(body), plan.marker))
        return orjson.Fragment(body)

    async def fetch(self, statement: str, values: Mapping[str, Any]) -> Any:
        """First column of the first row."""
        row = await self.row(statement, values)
        return row[0] if row else None

    async def row(self, statement: str, values: Mapping[str, Any], *, at_least: int = 0) -> tuple[Any, ...] | None:
        """The first row, None when there is none. Raises Behind when the tables are before the position."""
        if at_least:
            statement = GUARDED.format(statement=statement)
        found = await self.rows(statement.encode(), values)
        if not at_least:
            return found[0] if found else None
        position, *row = found[0] if found else (0,)
        if position < at_least:
            raise Behind
        return tuple(row) if any(value is not None for value in row) else None

    async def rows(self, statement: Any, values: Any) -> list[tuple[Any, ...]]:
        """All rows."""
        self.statements += 1
        with _translated():
            try:
                return await self._rows(statement, values)
            except psycopg.OperationalError as error:
                if not _is_lost(error):
                    raise
            # The server was away for a moment, so the other idle connections are as dead as this one was.
            await self._pool.check()
            return await self._rows(statement, values)

    async def _rows(self, statement: Any, values: Any) -> list[tuple[Any, ...]]:
        async with self._connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row)
            await cursor.execute(statement, values)
            return await cursor.fetchall()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection[Any]]:
        async with self._pool.connection() as connection:
            yield connection

    def _signed(self, value: Any, marker: str) -> Any:
        if isinstance(value, dict):
            if marker in value:
                bucket, key, version_id, file_name = value[marker]
                return self._sign(bucket, key, version_id=version_id, expires_seconds=value["s"], file_name=file_name)
            return {key: self._signed(child, marker) for key, child in value.items()}
        if isinstance(value, list):
            return [self._signed(child, marker) for child in value]
        return value


def _is_lost(error: psycopg.OperationalError) -> bool:
    """Whether the connection went away under the statement, which reads may then repeat."""
    if isinstance(error, psycopg_pool.PoolTimeout):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))


class _translated:  # noqa: N801 - read as a statement: with _translated()
    """Turns what the database says into what a caller can act on."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, psycopg.errors.QueryCanceled):
            raise ClientError("The query took too long: ask for less at once.", "LIMIT_EXCEEDED") from error
        if isinstance(error, psycopg.DataError):
            raise ClientError("An argument or cursor does not fit what it is compared with.", "INVALID") from error
        if isinstance(error, psycopg.OperationalError | psycopg_pool.PoolTimeout):
            raise ClientError(DATABASE_AWAY, "UNAVAILABLE") from error
