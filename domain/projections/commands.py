"""The command to rebuild a projection; a processor does the work."""

from __future__ import annotations

from collections.abc import Collection

from domain.cause import Order
from domain.errors import NotFound
from domain.ledger import Ledger
from domain.projections.events import ProjectionRebuildRequested
from domain.stream import Aggregate, Decision, Outcome
from domain.text import check_text


def _count(requests: int | None, _: ProjectionRebuildRequested) -> int:
    return (requests or 0) + 1


REBUILDS = Aggregate("projection", _count)


def rebuild_projection(
    ledger: Ledger, name: str, *, known: Collection[str], reason: str | None = None, order: Order
) -> Outcome:
    """Ask for a rebuild of one of the `known` projections. Raises NotFound, Invalid."""
    check_text(reason, name="reason", longest=256)
    if name not in known:
        raise NotFound("projection", name, path=("name",))

    def decide() -> Decision:
        event = ProjectionRebuildRequested(projection_name=name, reason=reason)
        return Decision((ledger.load(REBUILDS, name).then(event),))

    return ledger.carry_out(order, decide)
