"""Workers, the database and OpenSearch are struck at random under load; whatever happens, every print ends as the log.

INTERNEG_DRILL_SEED repeats a drill with another seed than the test's own. Times differ from run to run all the same.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Thread

import pytest

from gateway import composition
from gateway.composition import Parts
from gateway.consumers.ownership import LEASE_SECONDS
from gateway.consumers.status import FollowerState, status
from gateway.consumers.verify import verify
from gateway.settings import read_settings
from tests.doubles.opensearch import Node, running_node
from tests.doubles.postgres import Database, external_database
from tests.system.accounts import PROJECTIONS
from tests.system.fleet import Fleet, Worker, fleet
from tests.system.steady_load import DATABASE, SteadyLoad, steady_load

pytestmark = pytest.mark.leaves_sockets

WORKERS = 3
SECONDS_TO_TAKE_OVER = 10.0
"""Of a killed worker. A paused one keeps what it owns for its lease."""
SECONDS_TO_CONVERGE = 120.0
FOLLOWERS = (*PROJECTIONS, "media", "rebuilds")
ROUNDS = [
    pytest.param(2, 2, id="2-rounds"),
    *(pytest.param(10, seed, id=f"10-rounds-{seed}", marks=pytest.mark.soak) for seed in range(2, 7)),
]
"""Fifty rounds in five libraries, because each verify strikes everything that the library holds again."""
ASSETS = """
SELECT a.asset_id, a.asset_name, a.archived_at IS NOT NULL,
  (SELECT m.metadata_value FROM tables.asset_file_metadata_storage m
   WHERE (m.database_id, m.asset_id, m.metadata_key) = (a.database_id, a.asset_id, 'take')),
  (SELECT count(*) FROM tables.asset_files f WHERE (f.database_id, f.asset_id) = (a.database_id, a.asset_id))
FROM tables.asset_storage a WHERE a.database_id = %s
"""
OPEN_JOBS = """SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
  AND (scheduled_at IS NULL OR scheduled_at <= now())"""


class Drill:
    """One product under load, and the ways to strike it. Every fault has ended when its method returns."""

    def __init__(self, product: Fleet, database: Database, node: Node, random: Random) -> None:
        self.product = product
        self.random = random
        self._database = database
        self._node = node
        self._waking: list[Thread] = []
        self._deck: list[Callable[[], str]] = []

    def strike(self) -> str:
        """The next fault of a shuffled deck, so that each has its turn; says what was done."""
        if not self._deck:
            often = [self.kill_worker, self.pause_worker, self.restart_at_once, self.restart_fast, self.pause_search]
            self._deck = [*often, *often, *often, self.kill_search]
            self.random.shuffle(self._deck)
        began = time.monotonic()
        done = self._deck.pop()()
        return f"{done} ({time.monotonic() - began:.1f} s)"

    def kill_worker(self) -> str:
        follower, victim = self._victim()
        self.product.kill(victim)
        seconds = self.product.seconds_until_replaced(follower, victim, patience=SECONDS_TO_TAKE_OVER)
        self.product.add()
        return f"{victim.name} killed, {follower} taken over in {seconds:.1f} s"

    def pause_worker(self) -> str:
        """Stop it until another owns what it did, and for a moment more; it wakes up into the next faults."""
        follower, victim = self._victim()
        victim.pause()
        patience = LEASE_SECONDS + SECONDS_TO_TAKE_OVER
        seconds = self.product.seconds_until_replaced(follower, victim, patience=patience)
        longer = self.random.uniform(0, 3)
        waking = Thread(target=self._wake, args=(victim, longer))
        waking.start()
        self._waking.append(waking)
        return f"{victim.name} paused for {seconds + longer:.1f} s, {follower} taken over in {seconds:.1f} s"

    def restart_at_once(self) -> str:
        self._database.restart("immediate")
        return "Postgres restarted at once"

    def restart_fast(self) -> str:
        self._database.restart("fast")
        return "Postgres restarted"

    def pause_search(self) -> str:
        """For longer than a request may take, or for less."""
        seconds = self.random.uniform(1, 12)
        self._node.pause()
        waking = Thread(target=self._resume_search, args=(seconds,))
        waking.start()
        self._waking.append(waking)
        return f"OpenSearch paused for {seconds:.1f} s"

    def kill_search(self) -> str:
        self.settle()
        self._node.kill()
        time.sleep(self.random.uniform(0, 2))
        began = time.monotonic()
        self._node.start()
        return f"OpenSearch killed, back after {time.monotonic() - began:.1f} s"

    def settle(self) -> None:
        """Every worker runs again."""
        for waking in self._waking:
            waking.join()
        self._waking.clear()

    def _victim(self) -> tuple[str, Worker]:
        self.product.wait_for_workers(2)
        follower = self.random.choice(FOLLOWERS)
        return follower, self.product.owner_of(follower)

    def _resume_search(self, after: float) -> None:
        time.sleep(after)
        self._node.resume()

    def _wake(self, worker: Worker, after: float) -> None:
        time.sleep(after)
        worker.resume()


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with running_node() as running:
        yield running


@pytest.mark.parametrize(("rounds", "seed"), ROUNDS)
@pytest.mark.timeout(3600)
def test_whatever_is_struck_every_print_ends_as_the_log_says(rounds: int, seed: int, node: Node) -> None:
    seed = int(os.environ.get("INTERNEG_DRILL_SEED", seed))
    random = Random(seed)
    with _places() as (directory, database):
        settings = {"opensearch_url": node.url, "opensearch_prefix": f"drill-{seed}", "read_wait_seconds": "0.2"}
        with (
            fleet(directory / "data", database.url, workers=WORKERS, **settings) as product,
            _observing(product) as parts,
        ):
            drill = Drill(product, database, node, random)
            with steady_load(product.gateway.url, random) as load:
                for number in range(1, rounds + 1):
                    _say(f"round {number} of {rounds}, seed {seed}: {_round(drill, load, parts, random)}")
            product.stop()


def _round(drill: Drill, load: SteadyLoad, parts: Parts, random: Random) -> str:
    """Faults under load, then quiet; says what happened."""
    before, began = load.commands, time.monotonic()
    struck = []
    for _ in range(random.randint(2, 3)):
        time.sleep(random.uniform(0.2, 1.5))
        load.check()
        struck.append(drill.strike())
    drill.settle()
    settled = time.monotonic()
    with load.held():
        quiet = time.monotonic()
        head = _converged(parts, drill.product)
        converged = time.monotonic()
        rows = {name: _verified(parts, name) for name in PROJECTIONS}
        _check_acknowledged(load, parts)
        verified = time.monotonic()
    told = [
        f"{'; '.join(struck)}. {load.commands - before} commands in {settled - began:.0f} s",
        f"quiet in {quiet - settled:.0f} s",
        f"head {head} reached in {converged - quiet:.1f} s",
        f"{sum(rows.values())} rows the same in {verified - converged:.1f} s",
    ]
    return ", ".join(told)


def _converged(parts: Parts, product: Fleet) -> int:
    """The head of the log once every follower is there, none fails, and no job is left that would move it."""
    deadline = time.monotonic() + SECONDS_TO_CONVERGE
    while True:
        found = status(parts.log.feed, parts.pool)
        product.check()
        behind = [one for one in found if one.position < one.head or one.state != FollowerState.LIVE]
        with parts.pool.connection() as connection:
            jobs = connection.execute(OPEN_JOBS).fetchone()
        head = parts.log.recorder.max_notification_id() or 0
        if not behind and jobs == (0,) and {one.head for one in found} == {head}:
            return head
        assert time.monotonic() < deadline, (behind, jobs, head, product.log.read_text()[-5000:])
        time.sleep(0.2)


def _verified(parts: Parts, name: str) -> int:
    """How many rows were compared, all of them the same."""
    found = verify(parts.projections[name], parts.log.feed, parts.pool)
    assert found.differences == (), f"{name} at {found.position}: {found.differences}"
    return sum(found.row_counts.values())


def _check_acknowledged(load: SteadyLoad, parts: Parts) -> None:
    """The tables show every asset as it was acknowledged, and no other."""
    with parts.pool.connection() as connection:
        rows = connection.execute(ASSETS, (DATABASE,)).fetchall()
    found = {asset_id: tuple(values) for asset_id, *values in rows}
    expected = {
        asset_id: (asset.asset_name, asset.is_archived, asset.entry, asset.files)
        for writer in load.writers
        for asset_id, asset in writer.assets.items()
    }
    keys = found.keys() | expected.keys()
    assert {key: (found.get(key), expected.get(key)) for key in keys if found.get(key) != expected.get(key)} == {}


@contextmanager
def _places() -> Iterator[tuple[Path, Database]]:
    """A short directory, and the database that the product does not start itself."""
    with tempfile.TemporaryDirectory(prefix="interneg-drill-") as name:
        directory = Path(name)
        with external_database(directory / "postgres") as database:
            yield directory, database


@contextmanager
def _observing(product: Fleet) -> Iterator[Parts]:
    """The parts of a process that looks and does no work; its pools live through the drill like everybody's."""
    given = {f"INTERNEG_{name.upper()}": value for name, value in product.settings.items()}
    settings = read_settings(given, data_dir=product.data_dir)
    with composition.parts(settings, product.database_url, public_url=product.gateway.url) as parts:
        yield parts


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
