"""Rebuild and verify of the columnar tables by the gateway's own machinery, while the live print moves on."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from domain.event import Recorded
from gateway.consumers import positions
from gateway.consumers.contracts import Pool
from gateway.consumers.generations import begin, ensure
from gateway.consumers.rebuild import rebuild
from gateway.consumers.runner import run
from gateway.consumers.verify import verify
from projections.columnar.duckdb_delta.prints import DeltaPrints
from projections.columnar.prints import record
from projections.columnar.projection import ColumnarProjection
from projections.columnar.vast_db.prints import VastPrints
from projections.printing import Target
from tests.gateway.consumers.toy import open_pool, row_of
from tests.projections.columnar.events import inspected, produced
from tests.projections.vams.samples import uploaded
from tests.projections.vams.tape import Tape
from tests.waiting import eventually


class TapeFeed:
    """A log in memory that a test appends to."""

    def __init__(self) -> None:
        self._tape = Tape()

    def add_files(self, start: int, count: int) -> None:
        for number in range(start, start + count):
            path = f"a.{number:04}.exr"
            self._tape.add(uploaded(path), inspected(path), produced(path))

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        return self._tape.entries[after : after + limit]

    def head(self) -> int:
        return len(self._tape.entries)

    def wait(self, after: int, timeout_seconds: float) -> bool:
        return threading.Event().wait(min(timeout_seconds, 0.01)) or self.head() > after


@pytest.fixture
def pool(database_url: str) -> Iterator[Pool]:
    with open_pool(database_url, size=10) as pool:
        positions.migrate(pool)
        yield pool


@pytest.fixture(params=["delta", "vast"])
def projection(request: pytest.FixtureRequest, tmp_path: Path) -> ColumnarProjection:
    if request.param == "delta":
        return ColumnarProjection(DeltaPrints(str(tmp_path)))
    return ColumnarProjection(VastPrints(request.getfixturevalue("vast")))


def test_a_rebuild_equals_the_live_print_and_readers_never_stop(pool: Pool, projection: ColumnarProjection) -> None:
    feed = TapeFeed()
    feed.add_files(0, 40)
    ensure(projection, pool)
    stop, counts, errors = threading.Event(), [], list[Exception]()

    def read() -> None:
        while not stop.is_set():
            try:
                with pool.connection() as connection:
                    live = projection.open_live(connection)
                seen = [live.count(name) for name in ("asset_files", "files", "proxy_outputs", "events")]
                counts.append((*seen, live.count("channels")))
            except Exception as error:
                errors.append(error)
                raise

    threads = [
        threading.Thread(target=run, args=(projection, feed, pool), kwargs={"stop": stop, "page": 30}),
        threading.Thread(target=read),
    ]
    for thread in threads:
        thread.start()
    try:
        eventually(lambda: row_of(pool, "columnar").position == 120)
        feed.add_files(40, 40)
        assert rebuild(projection, feed, pool, progress=lambda _: None, page=50) == 2
        feed.add_files(80, 20)
        eventually(lambda: row_of(pool, "columnar").position == 300)
        found = verify(projection, feed, pool)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert errors == []
    assert len(counts) > 10
    assert (found.position, found.differences) == (300, ())
    assert found.row_counts == {
        "files": 100,
        "parts": 100,
        "channels": 300,
        "attributes": 0,
        "proxy_outputs": 100,
        "events": 300,
        "asset_files": 100,
        "assets": 0,
        "asset_versions": 0,
        "metadata": 0,
    }
    # The log has three events a file in this order, so a whole batch shows in the counts of all tables.
    for links, files, proxies, events, channels in counts:
        expected = ((events + 2) // 3, (events + 1) // 3, events // 3, 3 * ((events + 1) // 3))
        assert (links, files, proxies, channels) == expected
    assert [one[3] for one in counts] == sorted(one[3] for one in counts)


@pytest.mark.parametrize("is_at_head", [False, True])
def test_a_rebuild_goes_on_from_what_one_that_was_killed_left_unrecorded(
    pool: Pool, tmp_path: Path, is_at_head: bool
) -> None:
    """Killed between the writes to the store and the commit in Postgres: in a first batch, or in the swap."""
    feed = TapeFeed()
    feed.add_files(0, 4)
    killed, survivor = (ColumnarProjection(DeltaPrints(str(tmp_path))) for _ in range(2))
    ensure(killed, pool)
    if is_at_head:
        rebuild(killed, feed, pool, progress=lambda _: None, to=12)
        feed.add_files(4, 1)
    else:
        begin(killed, pool, "building")
    batch = feed.read(12 if is_at_head else 0, 100)
    killed.prepare(batch, target=Target(2, is_live=False))
    assert rebuild(survivor, feed, pool, progress=lambda _: None) == 2
    assert row_of(pool, "columnar").position == feed.head()
    assert verify(survivor, feed, pool).differences == ()


def test_verify_finds_a_row_that_was_changed_behind_the_log(pool: Pool, projection: ColumnarProjection) -> None:
    feed = TapeFeed()
    feed.add_files(0, 2)
    ensure(projection, pool)
    assert rebuild(projection, feed, pool, progress=lambda _: None) == 2
    prints: Any = projection._prints
    store = prints._store(2)[0] if isinstance(prints, DeltaPrints) else prints._store(2)
    row = next(store.read("files", {"file_path": {"contains": "0001"}}))
    feed.add_files(2, 1)
    stop = threading.Event()
    runner = threading.Thread(target=run, args=(projection, feed, pool), kwargs={"stop": stop})
    runner.start()
    eventually(lambda: row_of(pool, "columnar").position == 9)
    stop.set()
    runner.join()
    store.replace_rows("files", [row | {"size_bytes": 7}], key=["file_id"])
    if isinstance(prints, DeltaPrints):  # whose readers see the recorded versions only
        with pool.connection() as connection:
            record.advance(connection, 2, position=9, versions=prints.versions(2))
    (difference,) = verify(projection, feed, pool).differences
    assert (difference.table, difference.key) == ("files", {"file_id": row["file_id"]})
    assert difference.live == row | {"size_bytes": 7}
    assert difference.rebuilt == row
