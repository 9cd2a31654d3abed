"""The store over a database of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from gateway.ledger.datastore import LedgerDatastore
from gateway.ledger.feed import Feed
from gateway.ledger.recorder import LedgerRecorder
from tests.gateway.ledger.notes import TOPICS
from tests.waiting import eventually


@pytest.fixture
def recorder(database_url: str) -> Iterator[LedgerRecorder]:
    """A recorder over an empty log."""
    with closing(LedgerDatastore(database_url, pool_size=20)) as datastore:
        yield LedgerRecorder(datastore)


@pytest.fixture
def feed(recorder: LedgerRecorder) -> Iterator[Feed]:
    """A started feed of the same log, already in contact with it."""
    with closing(Feed(recorder, TOPICS)) as feed:
        feed.start()
        eventually(lambda: feed.healthy)
        yield feed
