"""Prints of the embedded backend: the tables of a batch are commits of their own, and readers are held to versions."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection

from projections.columnar.errors import Unavailable
from projections.columnar.prints.writing import write
from projections.columnar.projection import ColumnarProjection
from projections.printing import Difference, Target
from tests.projections.columnar.striking import Striking, everything, library
from tests.projections.vams.commanding import commands, log_of
from tests.projections.vams.samples import observed
from tests.projections.vams.tape import Tape


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the prints of `striking` lie."""
    return tmp_path / "columnar"


def test_readers_see_nothing_of_a_batch_that_was_prepared_and_not_committed(striking: Striking) -> None:
    log = library()
    striking.strike(log[:6])
    before = everything(striking)
    striking.prepare(log[6:])
    assert everything(striking) == before
    striking.strike(log[6:])
    assert len(striking.rows("events")) == 13


@pytest.mark.parametrize("crash_after", range(1, 7))
def test_a_crash_between_any_two_tables_changes_nothing(
    striking: Striking, crash_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch after the crash is longer, as it is when events arrived meanwhile."""
    log = library()
    striking.strike(log[:4])
    written: list[str] = []

    def failing(store: Any, sheet: Any) -> None:
        if len(written) == crash_after:
            raise Unavailable("the disk is gone")
        written.append(sheet.table)
        write(store, sheet)

    monkeypatch.setattr("projections.columnar.duckdb_delta.prints.write", failing)
    with pytest.raises(Unavailable):
        striking.prepare(log[4:10])
    monkeypatch.undo()
    assert written == ["files", "parts", "channels", "attributes", "proxy_outputs", "asset_files"][:crash_after]
    striking.restart()
    striking.strike(log[4:])
    striking.create(2)
    striking.strike(log, generation=2)
    assert striking.differences(generation=2) == []


def test_differences_name_the_changed_the_missing_and_the_added_row(striking: Striking) -> None:
    log = library()
    striking.strike(log)
    striking.create(2)
    striking.strike(log, generation=2)
    store = striking.store(1)
    events = {row["position"]: row for row in store.read("events")}
    forged, added = events[3] | {"actor": "user:eve"}, events[5] | {"position": 99}
    store.replace_rows("events", [forged, added], key=["position"], removed=[{"position": 7}])
    assert striking.differences(generation=2) == []
    striking.pin_newest()
    assert striking.differences(generation=2) == [
        Difference("events", {"position": 3}, forged, events[3]),
        Difference("events", {"position": 7}, None, events[7]),
        Difference("events", {"position": 99}, added, None),
    ]
    assert striking.differences(generation=2, limit=2) == striking.differences(generation=2)[:2]
    live = Target(1, is_live=True)
    assert striking.projection.row_counts(striking.connection, target=live)["events"] == 13


def test_many_small_commits_stay_few_files(striking: Striking) -> None:
    tape = Tape()
    for number in range(70):
        striking.strike([tape.add(observed(f"{number}.exr"))])
    store: Any = striking.store(1)
    assert store.version("events") == 72
    merged_and_since = store._catalog.snapshot("events").files.column("num_records").to_pylist()
    assert sorted(merged_and_since) == [1] * 7 + [63]
    assert [row["position"] for row in striking.rows("events")] == list(range(1, 71))


def test_a_replaced_print_outlives_its_readers_and_is_then_deleted(
    striking: Striking, connection: Connection[Any], root: Path
) -> None:
    log = library()
    striking.strike(log)
    reader = striking.live
    striking.create(2)
    striking.strike(log, generation=2)
    striking.publish(2, replaced=1)
    striking.projection.drop(connection, generation=1)
    assert reader.count("files", {"is_deep": False}) == 3
    assert striking.rows("files") == list(reader.read("files", order_by=["file_id"]))
    impatient = ColumnarProjection(striking.prints, retired_seconds=0)
    impatient.prepare(log, target=Target(2, is_live=True))
    impatient.apply(log, connection, target=Target(2, is_live=True))
    assert [path.name for path in root.iterdir()] == ["g2"]
    impatient.drop(connection, generation=1)
    assert len(striking.rows("events")) == 13


def test_a_print_that_was_never_live_is_deleted_at_once(
    striking: Striking, connection: Connection[Any], root: Path
) -> None:
    striking.create(2)
    striking.projection.drop(connection, generation=2)
    striking.projection.drop(connection, generation=2)
    assert [path.name for path in root.iterdir()] == ["g1"]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_commands=st.lists(commands, max_size=40), seed=st.integers(0, 2**16))
def test_random_logs_in_random_batches_with_crashes_give_the_same_rows(
    striking: Striking, given_commands: list[Any], seed: int
) -> None:
    log, chance = log_of(given_commands), random.Random(seed)
    striking.create(3)
    striking.strike(log, generation=3)
    striking.create(1)
    striking.publish(1, replaced=None)
    start = 0
    while start < len(log):
        end = min(start + chance.randint(1, 15), len(log))
        if chance.random() < 0.3:
            striking.prepare(log[start:end])
            end = min(end + chance.randint(0, 4), len(log))
        striking.strike(log[start:end])
        start = end
    assert striking.differences(generation=3) == []
