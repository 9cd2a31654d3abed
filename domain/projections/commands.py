"""What people ask of followers of the log; processors do the work."""

from __future__ import annotations

from collections.abc import Collection

from domain.cause import Order
from domain.errors import Conflict, NotFound
from domain.event import Event
from domain.ledger import Ledger
from domain.projections.events import (
    ProjectionEventSkipped,
    ProjectionRebuildRequested,
    ProjectionRollbackRequested,
)
from domain.stream import Aggregate, Decision, Outcome
from domain.text import check_text, require_text

Skipped = frozenset[int]
"""The positions that a follower was told to pass over."""


class FollowerDoesNotStandThere(Conflict):
    """Only the event that a follower stands still at can be passed over."""

    def __init__(self, name: str, position: int, *, stands_at: int | None) -> None:
        where = "does not stand still" if stands_at is None else f"stands still at position {stands_at}"
        super().__init__(f"{name!r} {where}, so position {position} can't be passed over.", path=("position",))


class NoEarlierPrint(Conflict):
    """Nothing is kept that could be returned to."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No earlier print of {name!r} is kept: rebuild it instead.", path=("name",))


def _evolve(skipped: Skipped | None, event: Event) -> Skipped:
    known = skipped or frozenset()
    return known | {event.skipped_position} if isinstance(event, ProjectionEventSkipped) else known


PROJECTIONS = Aggregate("projection", _evolve)


def rebuild_projection(
    ledger: Ledger, name: str, *, known: Collection[str], reason: str | None = None, order: Order
) -> Outcome:
    """Ask for a rebuild of one of the `known` projections. Raises NotFound, Invalid."""
    return _ask(ledger, name, known, ProjectionRebuildRequested(projection_name=name, reason=reason), order=order)


def rollback_projection(
    ledger: Ledger,
    name: str,
    *,
    known: Collection[str],
    kept: Collection[str],
    reason: str | None = None,
    order: Order,
) -> Outcome:
    """Ask for the print that was replaced last of one of the `known` projections; `kept` are those that have one.

    Raises NotFound, NoEarlierPrint, Invalid.
    """
    if name in known and name not in kept:
        raise NoEarlierPrint(name)
    return _ask(ledger, name, known, ProjectionRollbackRequested(projection_name=name, reason=reason), order=order)


def skip_event(
    ledger: Ledger, name: str, *, position: int, stands_at: int | None, reason: str, order: Order
) -> Outcome:
    """Decide that the follower passes over the event it stands still at; once decided, nothing more is recorded.

    Raises FollowerDoesNotStandThere, Invalid.
    """
    require_text(reason, name="reason", longest=256)

    def decide() -> Decision:
        stream = ledger.load(PROJECTIONS, name)
        if stream.state and position in stream.state:
            return Decision(())
        if stands_at != position:
            raise FollowerDoesNotStandThere(name, position, stands_at=stands_at)
        event = ProjectionEventSkipped(projection_name=name, skipped_position=position, reason=reason)
        return Decision((stream.then(event),))

    return ledger.carry_out(order, decide)


def _ask(
    ledger: Ledger,
    name: str,
    known: Collection[str],
    event: ProjectionRebuildRequested | ProjectionRollbackRequested,
    *,
    order: Order,
) -> Outcome:
    check_text(event.reason, name="reason", longest=256)
    if name not in known:
        raise NotFound("projection", name, path=("name",))
    return ledger.carry_out(order, lambda: Decision((ledger.load(PROJECTIONS, name).then(event),)))
