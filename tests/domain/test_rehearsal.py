"""A rehearsal decides as the log would, and leaves it alone."""

from __future__ import annotations

import pytest

from domain.assets.asset import ASSETS
from domain.assets.commands import archive_asset
from domain.assets.errors import AssetAlreadyArchived, AssetAlreadyExists
from domain.databases.deletion import delete_database
from domain.databases.errors import DatabaseNotEmpty
from domain.rehearsal import Rehearsal
from tests.domain.library import given_asset, given_database, log, order
from tests.doubles.memory_ledger import MemoryLedger


def test_commands_find_what_the_log_holds_and_what_was_rehearsed(ledger: MemoryLedger) -> None:
    given_database(ledger)
    before = log(ledger)
    rehearsal = Rehearsal(ledger)
    given_asset(rehearsal)
    with pytest.raises(AssetAlreadyExists):
        given_asset(rehearsal)
    outcome = archive_asset(rehearsal, "shows", "shot_010", order=order())
    with pytest.raises(AssetAlreadyArchived):
        archive_asset(rehearsal, "shows", "shot_010", order=order())
    with pytest.raises(DatabaseNotEmpty):
        delete_database(rehearsal, "shows", order=order())
    assert outcome.position == rehearsal.head() == len(before) + 4
    assert log(ledger) == before
    assert ledger.load(ASSETS, "shows", "shot_010").state is None


def test_an_idempotency_key_is_remembered_within_the_rehearsal_alone(ledger: MemoryLedger) -> None:
    given_database(ledger)
    given_asset(ledger)
    keyed = order(idempotency_key="once", fingerprint="f")
    rehearsal = Rehearsal(ledger)
    assert not archive_asset(rehearsal, "shows", "shot_010", order=keyed).replayed
    assert archive_asset(rehearsal, "shows", "shot_010", order=keyed).replayed
    assert not archive_asset(ledger, "shows", "shot_010", order=keyed).replayed


def test_the_past_of_a_rehearsal_is_that_of_its_own_positions(ledger: MemoryLedger) -> None:
    given_database(ledger)
    rehearsal = Rehearsal(ledger)
    given_asset(rehearsal)
    created = rehearsal.head()
    archive_asset(rehearsal, "shows", "shot_010", order=order())
    (then,) = rehearsal.load_many(ASSETS, [("shows", "shot_010")], until=created)
    assert then.state
    assert not then.state.is_archived
    assert rehearsal.position_of(ASSETS, "shows", "shot_010", revision=1) == created
