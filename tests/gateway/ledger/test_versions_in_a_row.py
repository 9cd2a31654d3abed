"""Many writers number the versions of one asset without a gap, a repeat or a refusal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from domain.assets.events import AssetVersionCreated
from domain.assets.versions import create_asset_version
from domain.ledger import Ledger
from gateway.ledger.opening import open_ledger
from tests.domain.assets.scene import SHOT, events
from tests.domain.library import given_asset, given_database, order

WRITERS = 32
EACH = 4


def _create(ledger: Ledger, start: Barrier, writer: int) -> list[int]:
    start.wait()
    made = [create_asset_version(ledger, *SHOT, comment=f"by {writer}", order=order()) for _ in range(EACH)]
    return [int(outcome.result["assetVersionId"]) for outcome in made]


def test_thirty_two_writers_number_versions_without_gap_or_repeat(database_url: str) -> None:
    start = Barrier(WRITERS)
    with open_ledger(database_url) as log, ThreadPoolExecutor(WRITERS) as pool:
        given_database(log.ledger)
        given_asset(log.ledger)
        answered = list(pool.map(lambda writer: _create(log.ledger, start, writer), range(WRITERS)))
        recorded = [event for event in events(log.ledger) if isinstance(event, AssetVersionCreated)]
    everything = list(range(1, WRITERS * EACH + 1))
    assert sorted(number for numbers in answered for number in numbers) == everything
    assert [event.asset_version_id for event in recorded] == everything


def test_two_processes_number_versions_without_gap_or_repeat(database_url: str) -> None:
    start = Barrier(WRITERS)
    with (
        open_ledger(database_url) as here,
        open_ledger(database_url) as there,
        ThreadPoolExecutor(WRITERS) as pool,
    ):
        given_database(here.ledger)
        given_asset(here.ledger)
        ledgers = (here.ledger, there.ledger)
        answered = list(pool.map(lambda writer: _create(ledgers[writer % 2], start, writer), range(WRITERS)))
    assert sorted(number for numbers in answered for number in numbers) == list(range(1, WRITERS * EACH + 1))
