"""A log that a test writes by hand, and a look at the rows of a print."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

from domain.cause import ActorKind, Cause
from domain.event import Event, Recorded, stream_id
from projections.vams.fold import fold_batch
from projections.vams.sheet import R, Table

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
T = TypeVar("T", bound=tuple[Any, ...])


def at(position: int) -> datetime:
    """When the event at this position was recorded: a second for each position."""
    return START + timedelta(seconds=position)


def cause(position: int) -> Cause:
    """The cause of the event at this position."""
    return Cause(actor_kind=ActorKind.USER, actor_id="ada", correlation_id=f"request-{position}", at=at(position))


class Tape:
    """Events in the order they were added; the position is the number of the event."""

    def __init__(self) -> None:
        self.entries: list[Recorded] = []
        self._revisions: dict[tuple[str, ...], int] = {}

    def add(self, event: Event, *more: Event) -> Recorded:
        """Add one or more events and return the last."""
        for one in (event, *more):
            key = _stream(one)
            self._revisions[key] = self._revisions.get(key, 0) + 1
            position = len(self.entries) + 1
            entry = Recorded(position, stream_id(*key), self._revisions[key], cause(position), one)
            self.entries.append(entry)
        return entry

    def fold(self, connection: Connection[Any]) -> None:
        """Fold all events as one batch."""
        fold_batch(self.entries, connection)


def rows(connection: Connection[Any], table: Table[R]) -> list[R]:
    """All present rows, by key."""
    return [table.row._make(values) for values in _select(connection, table.name, table.key_length)]


def history(connection: Connection[Any], table: Table[R]) -> list[tuple[R, int, int | None]]:
    """All states with the positions they were valid from and to, by key and then by position."""
    assert table.history is not None
    states = _select(connection, table.history, table.key_length)
    found = [(table.row._make(values[:-2]), values[-2], values[-1]) for values in states]
    return sorted(found, key=lambda state: (state[0][: table.key_length], state[1]))


def table_rows(connection: Connection[Any], name: str, columns: int) -> list[tuple[Any, ...]]:
    """All rows of any table, by its first columns."""
    return list(_select(connection, name, columns))


def _select(connection: Connection[Any], name: str, order_by: int) -> Iterator[tuple[Any, ...]]:
    order = SQL(", ").join(SQL(str(column)) for column in range(1, order_by + 1))
    query = SQL("SELECT * FROM {} ORDER BY {}").format(Identifier(name), order)
    return iter(connection.cursor(row_factory=tuple_row).execute(query).fetchall())


STREAM_KEYS = {
    "AssetEvent": ("database_id", "asset_id"),
    "DatabaseEvent": ("database_id",),
    "FileEvent": ("database_id", "asset_id", "path"),
    "UploadEvent": ("upload_id",),
    "TagTypeEvent": (),
    "TagEvent": (),
    "MetadataSchemaEvent": (),
    "AssetLinkEvent": ("asset_link_id",),
    "CommentEvent": ("database_id", "asset_id", "comment_id"),
    "FeatureEvent": ("feature_name",),
    "SubscriptionEvent": ("subscription_id",),
    "UserEvent": ("user_id",),
    "RoleEvent": ("role_name",),
    "ApiKeyEvent": ("api_key_id",),
    "ConstraintEvent": ("constraint_id",),
    "WorkflowExecutionEvent": ("execution_id",),
    "MediaEvent": ("s3_bucket", "s3_version_id", "s3_key"),
}


def _stream(event: Event) -> tuple[str, ...]:
    bases = [base.__name__ for base in type(event).__mro__[1:]]
    kind = next((base for base in bases if base in STREAM_KEYS), bases[0])
    return (kind, *(getattr(event, name) for name in STREAM_KEYS.get(kind, ())))
