"""How fast the real projections follow the real log, live and in a rebuild, and how late they are under a load."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from statistics import quantiles

import pytest

from domain.assets.commands import create_asset, update_asset
from domain.cause import ActorKind, Cause, Order
from domain.databases.commands import create_database
from domain.files.commands import ObservedFile, register_files
from domain.files.events import StoredObject
from gateway.composition import Parts, parts, prepare, working
from gateway.consumers.rebuild import rebuild
from gateway.consumers.waiting import Positions
from gateway.settings import Settings

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]

FILES, BULKS = 10_000, 2
WRITERS, LAG_EVENTS, PERIOD_SECONDS = 4, 2_000, 0.005
PROJECTIONS = ("tables", "search", "columnar")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Noted:
    """An event that was recorded, and when."""

    position: int
    recorded_at: float


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Write a line to the terminal, past the capture."""

    def write(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n  {line}")

    return write


@pytest.fixture
def opened(empty_database_url: str, tmp_path: Path) -> Iterator[Parts]:
    """The real composition on an empty database, with an empty asset for each writer."""
    settings = Settings(data_dir=tmp_path)
    with parts(settings, empty_database_url, public_url="http://127.0.0.1") as found:
        bucket_id = prepare(found)
        create_database(
            found.log.ledger, "bench", description="made by a benchmark", default_bucket_id=bucket_id, order=_order()
        )
        for number in range(WRITERS):
            given = {"asset_name": "n", "description": "made by a benchmark", "is_distributable": True}
            create_asset(found.log.ledger, "bench", f"asset-{number}", **given, order=_order())  # type: ignore[arg-type]
        yield found


def test_projection_rates(opened: Parts, say: Say) -> None:
    for number in range(BULKS):
        files = [_observed(f"asset-{number}", f"cache/{n:05}.bgeo") for n in range(FILES)]
        register_files(opened.log.ledger, "bench", f"asset-{number}", files=files, order=_order())
    head = opened.log.recorder.max_notification_id() or 0
    assert opened.log.feed.wait(head - 1, 30)
    feed = head / _seconds(lambda: _read(opened))
    say(f"the feed alone, {head} events from the database: {feed:,.0f} events/s")
    for name in PROJECTIONS:
        with Positions(opened.pool) as reached:
            live = head / _seconds(lambda name=name, reached=reached: _follow(opened, reached, name, head))  # type: ignore[misc]
        projection = opened.projections[name]
        again = head / _seconds(
            lambda projection=projection: rebuild(projection, opened.log.feed, opened.pool, progress=lambda _: None)  # type: ignore[misc]
        )
        say(
            f"{name:8} live {live:7,.0f} events/s ({live / feed:.2f} of the feed alone), "
            f"rebuild {again:7,.0f} events/s ({again / feed:.2f})"
        )


def test_lag_at_200_events_a_second(opened: Parts, say: Say) -> None:
    with Positions(opened.pool) as reached, working(opened), ThreadPoolExecutor(WRITERS + len(PROJECTIONS)) as threads:
        recorded: dict[str, Queue[Noted | None]] = {name: Queue() for name in PROJECTIONS}
        lags = {name: threads.submit(_lags, reached, name, queue) for name, queue in recorded.items()}
        began = time.perf_counter()
        writers = [threads.submit(_write, opened, number, began, recorded) for number in range(WRITERS)]
        for writer in writers:
            writer.result()
        pace = LAG_EVENTS / (time.perf_counter() - began)
        for queue in recorded.values():
            queue.put(None)
        found = {name: lag.result() for name, lag in lags.items()}
    say(f"every follower of one process at {pace:.0f} events/s, recorded to visible and noticed:")
    for name, seconds in found.items():
        cuts = quantiles(seconds, n=100)
        median, late, worst = (value * 1000 for value in (cuts[49], cuts[98], max(seconds)))
        say(f"{name:8} p50 {median:6.1f} ms, p99 {late:6.1f} ms, worst {worst:6.1f} ms")


def _write(opened: Parts, writer: int, began: float, recorded: Mapping[str, Queue[Noted | None]]) -> None:
    """One writer's share of the events, each at its time, on an asset of its own."""
    for number in range(writer, LAG_EVENTS, WRITERS):
        time.sleep(max(0.0, began + number * PERIOD_SECONDS - time.perf_counter()))
        outcome = update_asset(
            opened.log.ledger, "bench", f"asset-{writer}", description=f"take {number}", order=_order()
        )
        for queue in recorded.values():
            queue.put(Noted(outcome.position, time.perf_counter()))


def _lags(reached: Positions, name: str, recorded: Queue[Noted | None]) -> list[float]:
    """Seconds from each note until the follower had reached its position."""
    lags = []
    while noted := recorded.get():
        assert reached.wait(name, noted.position, 30)
        lags.append(time.perf_counter() - noted.recorded_at)
    return lags


def _follow(opened: Parts, reached: Positions, name: str, head: int) -> None:
    with working(opened, (name,)):
        assert reached.wait(name, head, 600)


def _read(opened: Parts) -> None:
    position = 0
    while page := opened.log.feed.read(position, 5000):
        position = page[-1].position


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _order() -> Order:
    return Order(cause=Cause(actor_kind=ActorKind.USER, actor_id="b", correlation_id="b", at=datetime.now(UTC)))


def _observed(asset_id: str, path: str) -> ObservedFile:
    stored = StoredObject(
        s3_bucket="assets",
        s3_key=f"{asset_id}/{path}",
        s3_version_id="1",
        size_bytes=1,
        etag="e",
        last_modified=datetime.now(UTC),
        content_type="application/octet-stream",
    )
    return ObservedFile(path, stored)
