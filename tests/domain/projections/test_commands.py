"""What is asked of followers of the log."""

from __future__ import annotations

from domain.errors import Invalid, NotFound
from domain.projections.commands import (
    FollowerDoesNotStandThere,
    NoEarlierPrint,
    rebuild_projection,
    rollback_projection,
    skip_event,
)
from domain.projections.events import (
    ProjectionEventSkipped,
    ProjectionRebuildRequested,
    ProjectionRollbackRequested,
)
from tests.domain.library import order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger

KNOWN = ("tables", "search")


def test_every_request_is_recorded(ledger: MemoryLedger) -> None:
    with recording(ledger) as then:
        rebuild_projection(ledger, "tables", known=KNOWN, reason="New index", order=order())
        rebuild_projection(ledger, "tables", known=KNOWN, order=order())
    assert then.events == [
        ProjectionRebuildRequested(projection_name="tables", reason="New index"),
        ProjectionRebuildRequested(projection_name="tables"),
    ]


def test_an_unknown_projection_or_a_bad_reason_is_refused(ledger: MemoryLedger) -> None:
    with refused(ledger, NotFound, "name"):
        rebuild_projection(ledger, "columnar", known=KNOWN, order=order())
    with refused(ledger, Invalid, "reason"):
        rebuild_projection(ledger, "tables", known=KNOWN, reason="a\x00", order=order())


def test_a_rollback_needs_an_earlier_print(ledger: MemoryLedger) -> None:
    with recording(ledger) as then:
        rollback_projection(ledger, "tables", known=KNOWN, kept=["tables"], order=order())
    assert then.events == [ProjectionRollbackRequested(projection_name="tables")]
    with refused(ledger, NoEarlierPrint, "name"):
        rollback_projection(ledger, "search", known=KNOWN, kept=["tables"], order=order())
    with refused(ledger, NotFound, "name"):
        rollback_projection(ledger, "columnar", known=KNOWN, kept=["tables"], order=order())


def test_an_event_is_skipped_once_where_the_follower_stands(ledger: MemoryLedger) -> None:
    with recording(ledger) as then:
        skip_event(ledger, "tables", position=41, stands_at=41, reason="Broken build", order=order())
        skip_event(ledger, "tables", position=41, stands_at=None, reason="Broken build", order=order())
    assert then.events == [ProjectionEventSkipped(projection_name="tables", skipped_position=41, reason="Broken build")]
    for stands_at in (None, 43):
        with refused(ledger, FollowerDoesNotStandThere, "position"):
            skip_event(ledger, "tables", position=42, stands_at=stands_at, reason="Broken build", order=order())
    with refused(ledger, Invalid, "reason"):
        skip_event(ledger, "tables", position=42, stands_at=42, reason=" ", order=order())
