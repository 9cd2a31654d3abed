"""How fast the real projections follow the real log, live and in a rebuild."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.assets.commands import create_asset
from domain.databases.commands import create_database
from domain.files.commands import register_files
from gateway.composition import Parts, parts, prepare, working
from gateway.consumers.rebuild import rebuild
from gateway.consumers.waiting import Positions
from gateway.settings import Settings
from tests.benchmarks.conftest import Say
from tests.benchmarks.steady import observed, order

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]

FILES, BULKS = 10_000, 2
PROJECTIONS = ("tables", "search", "columnar")


@pytest.fixture
def opened(empty_database_url: str, tmp_path: Path) -> Iterator[Parts]:
    """The real composition on an empty database, with an empty asset for each bulk."""
    settings = Settings(data_dir=tmp_path)
    with parts(settings, empty_database_url, public_url="http://127.0.0.1") as found:
        bucket_id = prepare(found)
        create_database(
            found.log.ledger, "bench", description="made by a benchmark", default_bucket_id=bucket_id, order=order()
        )
        for number in range(BULKS):
            given = {"asset_name": "n", "description": "made by a benchmark", "is_distributable": True}
            create_asset(found.log.ledger, "bench", f"asset-{number}", **given, order=order())  # type: ignore[arg-type]
        yield found


def test_projection_rates(opened: Parts, say: Say) -> None:
    for number in range(BULKS):
        files = [observed(f"asset-{number}", f"cache/{n:05}.bgeo") for n in range(FILES)]
        register_files(opened.log.ledger, "bench", f"asset-{number}", files=files, order=order())
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
