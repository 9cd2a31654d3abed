"""A generated log folds the same in small batches, as it comes, and in a rebuild."""

from __future__ import annotations

from gateway.consumers import positions
from gateway.consumers.contracts import Print
from gateway.consumers.generations import ensure
from gateway.consumers.line import Line
from gateway.consumers.rebuild import rebuild
from gateway.consumers.verify import verify
from gateway.ledger.opening import OpenLedger
from projections.printing import Target
from projections.vams.projection import TablesProjection
from tests.gateway.consumers.toy import open_pool

BATCH = 97
INDEXES = "SELECT regexp_replace(indexdef, 'tables(_g[0-9]+)?[.]', '') FROM pg_indexes WHERE schemaname = %s ORDER BY 1"


def test_rows_and_indexes_of_a_rebuilt_print_are_those_of_the_live_one(database_url: str, log: OpenLedger) -> None:
    tables = TablesProjection()
    with open_pool(database_url) as pool:
        positions.migrate(pool)
        row = ensure(tables, pool)
        line = Line(Print(tables, Target(row.generation, is_live=True)), log.feed, pool, row=row, page=BATCH)
        while line.step():
            pass
        found = verify(tables, log.feed, pool)
        assert (found.differences, found.position) == ((), log.recorder.max_notification_id())
        assert found.row_counts["asset_files"] > 100
        assert found.row_counts["file_media"] > 50
        rebuild(tables, log.feed, pool, progress=lambda _: None)
        with pool.connection() as connection:
            live, kept = (connection.execute(INDEXES, (name,)).fetchall() for name in ("tables", "tables_g1"))
        assert live == kept
        assert len(live) > 80
