"""Transactions with snapshot isolation: a view for each, its changes replayed on the latest state at commit."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from itertools import count
from threading import RLock

from deploy.vastdb_emulator.errors import NotFound
from deploy.vastdb_emulator.store.catalog import Catalog
from deploy.vastdb_emulator.store.chunks import RowIds
from deploy.vastdb_emulator.store.claims import Claims

Change = Callable[[Catalog], Catalog]
AUTOCOMMIT = 0


@dataclass
class _Transaction:
    base: Catalog
    sequence: int
    view: Catalog
    changes: list[Change] = field(default_factory=list)
    used_at: float = field(default_factory=time.monotonic)


class Transactions:
    """The committed state and the transactions that are open; safe to use from many threads.

    `save` makes a state durable before anyone sees it; when it raises, the transaction is rolled back.
    A transaction that is not used for `timeout_seconds` is rolled back.
    """

    def __init__(self, catalog: Catalog, save: Callable[[Catalog], None], *, timeout_seconds: float) -> None:
        self._lock = RLock()
        self._latest = catalog
        self._save = save
        self._timeout_seconds = timeout_seconds
        self._sequence = 0
        self._open: dict[int, _Transaction] = {}
        self._claims = Claims()
        self._row_ids: dict[int, int] = {}
        # Numbers of an earlier run must stay unknown, so they are taken from the clock.
        self._numbers = count(time.time_ns() // 1000)
        self._handles = count(1 + max(catalog.tables, default=0))

    def begin(self) -> int:
        """Open a transaction on the latest state, and return its number."""
        with self._lock:
            self._expire()
            number = next(self._numbers)
            self._open[number] = _Transaction(self._latest, self._sequence, self._latest)
            return number

    def commit(self, number: int) -> None:
        """Make the changes visible and durable, or none of them; Conflict rolls the transaction back."""
        with self._lock:
            transaction = self._transaction(number)
            try:
                committed_as = self._publish(transaction)
            except BaseException:
                self._close(number, None)
                raise
            self._close(number, committed_as)

    def rollback(self, number: int) -> None:
        """Forget the changes."""
        with self._lock:
            self._transaction(number)
            self._close(number, None)

    def view(self, number: int) -> Catalog:
        """What the transaction sees; `AUTOCOMMIT` sees the latest state. NotFound for one that is not open."""
        with self._lock:
            return self._latest if number == AUTOCOMMIT else self._transaction(number).view

    def change(
        self, number: int, change: Change, *, claims: Iterable[Hashable] = (), rows: tuple[int, RowIds] | None = None
    ) -> None:
        """Apply a change in a transaction; with `AUTOCOMMIT` in one of its own.

        The change is a pure function: it is applied again, to the latest state, at commit. It claims what it changes,
        things by any key and `rows` by the table's handle and their ids: Conflict where another transaction has them.
        """
        with self._lock:
            if number == AUTOCOMMIT:
                own = self.begin()
                self.change(own, change, claims=claims, rows=rows)
                self.commit(own)
                return
            transaction = self._transaction(number)
            changed = change(transaction.view)
            self._claims.claim(claims, owner=number, since=transaction.sequence)
            if rows is not None:
                self._claims.claim_rows(rows[1], handle=rows[0], owner=number, since=transaction.sequence)
            transaction.view = changed
            transaction.changes.append(change)

    def allocate_row_ids(self, handle: int, length: int, *, at_least: int) -> int:
        """The first of `length` row ids that no transaction has had."""
        with self._lock:
            first = max(self._row_ids.get(handle, 0), at_least)
            self._row_ids[handle] = first + length
            return first

    def new_handle(self) -> int:
        """A number for a table or a projection."""
        with self._lock:
            return next(self._handles)

    def _publish(self, transaction: _Transaction) -> int | None:
        if not transaction.changes:
            return None
        state = transaction.view
        if self._latest is not transaction.base:
            state = self._latest
            for change in transaction.changes:
                state = change(state)
        self._save(state)
        self._latest = state
        self._sequence += 1
        return self._sequence

    def _transaction(self, number: int) -> _Transaction:
        self._expire()
        transaction = self._open.get(number)
        if transaction is None:
            raise NotFound(f"Transaction {number} is not open.")
        transaction.used_at = time.monotonic()
        return transaction

    def _expire(self) -> None:
        deadline = time.monotonic() - self._timeout_seconds
        for number in [number for number, transaction in self._open.items() if transaction.used_at < deadline]:
            self._close(number, None)

    def _close(self, number: int, committed_as: int | None) -> None:
        del self._open[number]
        self._claims.release(number, committed_as=committed_as)
        oldest = min((transaction.sequence for transaction in self._open.values()), default=self._sequence)
        self._claims.forget(until=oldest)
