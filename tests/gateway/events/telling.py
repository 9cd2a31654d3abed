"""Folds a log and asks the tables what each of its events changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg import Connection

from domain.event import Recorded, encode, stored_topic
from gateway.events.changes import CHANGES
from projections.vams.fold import fold_batch

TOLD = (
    "SELECT r1.position, c.entity, c.entity_id, c.field, c.key, c.before, c.after FROM log_index r1"
    f" CROSS JOIN LATERAL {CHANGES.replace('{p}', 'r1')} c ORDER BY r1.position, c.rank, c.key"
)


class Told(NamedTuple):
    """One change."""

    entity: str
    entity_id: str | None
    field: str
    key: str | None
    before: Any
    after: Any


def changes(connection: Connection[Any], log: Sequence[Recorded]) -> dict[int, list[Told]]:
    """The changes of each position, after folding the log; what was lifted has other fields in `ledger.events`."""
    fold_batch(log, connection)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger.events VALUES (%s, %s, %s)",
            [(entry.position, stored_topic(type(entry.event)), _state(entry)) for entry in log],
        )
    found: dict[int, list[Told]] = defaultdict(list)
    for position, *values in connection.execute(TOLD.encode()):
        found[position].append(Told(*values))
    return found


def _state(entry: Recorded) -> bytes:
    return b'{"event": {"older": true}}' if entry.is_lifted else encode(entry.cause, entry.event)
