"""What the tests of the generated log share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from domain.cause import ActorKind, Cause, Order
from domain.event import Recorded
from domain.ledger import recorded
from gateway.ledger.opening import OpenLedger
from gateway.ledger.recorder import Row

EVENTS, SEED = 1_200, 7


def order() -> Order:
    """An order of a person, after everything that was generated."""
    cause = Cause(actor_kind=ActorKind.USER, actor_id="ada", correlation_id="test", at=datetime(2027, 1, 1, tzinfo=UTC))
    return Order(cause=cause)


def rows(log: OpenLedger) -> list[Row]:
    """The whole log as it is stored."""
    return list(log.recorder.select_page(0, 1_000_000))


def events(log: OpenLedger) -> Iterator[Recorded]:
    """The whole log, decoded."""
    for row in rows(log):
        yield recorded(_Notification(row))


class _Notification:
    def __init__(self, row: Row) -> None:
        self.id = row.position
        self.originator_id = row.stream_id
        self.originator_version = row.revision
        self.topic = row.topic
        self.state = row.state
