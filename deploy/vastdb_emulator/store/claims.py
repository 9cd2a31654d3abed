"""Who is changing what: two transactions that change the same thing conflict, and the second one learns it at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np

from deploy.vastdb_emulator.errors import Conflict
from deploy.vastdb_emulator.store.chunks import RowIds


class Claims:
    """What open transactions have changed, and what was committed since the oldest of them began.

    A claim fails when another open transaction holds the thing, or when it was changed by a commit after `since`.
    """

    def __init__(self) -> None:
        self._held: dict[Hashable, int] = {}
        self._committed: dict[Hashable, int] = {}
        self._held_rows: dict[int, dict[int, list[RowIds]]] = {}
        self._committed_rows: dict[int, list[tuple[int, RowIds]]] = {}

    def claim(self, keys: Iterable[Hashable], *, owner: int, since: int) -> None:
        """Hold these for a transaction; Conflict, and nothing new held, where one is taken."""
        keys = tuple(keys)
        for key in keys:
            if self._held.get(key, owner) != owner or self._committed.get(key, since) > since:
                raise Conflict(f"Another transaction has changed {key}.")
        self._held.update(dict.fromkeys(keys, owner))

    def claim_rows(self, row_ids: RowIds, *, handle: int, owner: int, since: int) -> None:
        """Hold rows of a table for a transaction; Conflict where one is taken."""
        holders = self._held_rows.setdefault(handle, {})
        others = [ids for holder, claimed in holders.items() if holder != owner for ids in claimed]
        later = [ids for sequence, ids in self._committed_rows.get(handle, []) if sequence > since]
        if any(bool(np.isin(row_ids, ids).any()) for ids in (*others, *later)):
            raise Conflict(f"Another transaction has changed a row of the table with handle {handle}.")
        holders.setdefault(owner, []).append(row_ids)

    def release(self, owner: int, *, committed_as: int | None) -> None:
        """Let go of what a transaction holds; `committed_as` is its sequence number, None when it changed nothing."""
        keys = [key for key, holder in self._held.items() if holder == owner]
        for key in keys:
            del self._held[key]
            if committed_as is not None:
                self._committed[key] = committed_as
        for handle, holders in self._held_rows.items():
            row_ids = holders.pop(owner, [])
            if committed_as is not None:
                self._committed_rows.setdefault(handle, []).extend((committed_as, ids) for ids in row_ids)

    def forget(self, *, until: int) -> None:
        """Drop what was committed at or before `until`: no open transaction began earlier."""
        self._committed = {key: sequence for key, sequence in self._committed.items() if sequence > until}
        self._committed_rows = {
            handle: recent
            for handle, rows in self._committed_rows.items()
            if (recent := [entry for entry in rows if entry[0] > until])
        }
