"""A ledger with one asset."""

from __future__ import annotations

import pytest

from tests.domain.assets.scene import furnish
from tests.doubles.memory_ledger import MemoryLedger


@pytest.fixture
def ledger() -> MemoryLedger:
    ledger = MemoryLedger()
    furnish(ledger)
    return ledger
