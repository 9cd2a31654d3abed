"""Ledgers in memory, empty and with the beginnings of a library."""

from __future__ import annotations

import pytest

from tests.domain.library import given_asset, given_database
from tests.doubles.memory_ledger import MemoryLedger


@pytest.fixture
def ledger() -> MemoryLedger:
    """A ledger without an event."""
    return MemoryLedger()


@pytest.fixture
def shows(ledger: MemoryLedger) -> MemoryLedger:
    """A ledger with a bucket and the database `shows`."""
    given_database(ledger)
    return ledger


@pytest.fixture
def shot(shows: MemoryLedger) -> MemoryLedger:
    """A ledger with the asset `shot_010` in the database `shows`."""
    given_asset(shows)
    return shows
