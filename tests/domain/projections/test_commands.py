"""Asking for a rebuild."""

from __future__ import annotations

from domain.errors import Invalid, NotFound
from domain.projections.commands import rebuild_projection
from domain.projections.events import ProjectionRebuildRequested
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
