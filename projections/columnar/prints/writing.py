"""Writes a batch's rows to the store: one commit a table, and no row twice however often it is repeated."""

from __future__ import annotations

import datetime as dt
from threading import Lock

from projections.columnar.rows.fold import Sheet
from projections.columnar.store import ColumnarStore

SMALL_COMMITS = 32
SMALL_BYTES = 4 * 2**20
LARGE_COMMITS = 512
KEPT_VERSIONS = dt.timedelta(days=1)
"""How long versions can be read that are no longer the newest: more than any query or verify may take."""
TIDYING = Lock()
"""One merge at a time: each holds the rows of a large file in memory."""


def write(store: ColumnarStore, sheet: Sheet) -> None:
    """Put the rows in the place of whatever the store has under the sheet's keys."""
    before = store.version(sheet.table)
    if sheet.is_new and sheet.rows.num_rows:
        store.write(sheet.table, sheet.rows)
    if not sheet.is_new:
        store.replace_rows(sheet.table, sheet.rows, key=tuple(sheet.keys[0]), removed=sheet.keys)
    _tidy(store, sheet.table, before)


def _tidy(store: ColumnarStore, table: str, before: int) -> None:
    """Merge small files now and then: often the smallest, seldom all, so that few bytes are written twice."""
    now = store.version(table)
    if now // LARGE_COMMITS > before // LARGE_COMMITS:
        with TIDYING:
            store.compact(table)
            store.vacuum(table, retention=KEPT_VERSIONS)
    elif now // SMALL_COMMITS > before // SMALL_COMMITS:
        with TIDYING:
            store.compact(table, target_bytes=SMALL_BYTES)
