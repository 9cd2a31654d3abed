"""Repetition, crashes, batch boundaries, and prints beside the live one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from psycopg import Connection

from domain.event import Recorded
from projections.columnar.filters import Column
from projections.columnar.prints.record import NoLivePrint, PrintUnknown
from projections.printing import Difference, Target
from tests.projections.columnar.striking import NAMES, Striking, everything, library


def batches(log: Sequence[Recorded], sizes: Sequence[int]) -> list[Sequence[Recorded]]:
    found, start = [], 0
    for size in [*sizes, len(log)]:
        found.append(log[start : start + size])
        start += size
    return [batch for batch in found if batch]


def test_a_log_struck_twice_gives_the_rows_of_once(either: Striking) -> None:
    log = library()
    either.strike(log)
    once = everything(either)
    assert {name: len(rows) for name, rows in once.items()} == {
        "files": 3,
        "parts": 4,
        "channels": 10,
        "attributes": 0,
        "proxy_outputs": 2,
        "events": 13,
        "asset_files": 4,
        "assets": 1,
        "asset_versions": 0,
        "metadata": 0,
    }
    either.strike(log)
    assert everything(either) == once


@pytest.mark.parametrize("sizes", [[1] * 13, [4, 1, 5], [12]])
def test_batch_boundaries_leave_no_trace(either: Striking, sizes: list[int]) -> None:
    for batch in batches(library(), sizes):
        either.strike(batch)
    either.create(2)
    either.strike(library(), generation=2)
    assert either.differences(generation=2) == []


def test_a_reader_keeps_its_rows_while_batches_are_committed(either: Striking) -> None:
    log = library()
    either.strike(log[:6])
    reader = either.live
    for entry in log[6:]:
        either.strike([entry])
    assert [reader.count(name) for name in NAMES] == [1, 1, 3, 0, 1, 6, 3, 1, 0, 0]
    assert reader.count("files", {"file_path": {"contains": "b.exr"}}) == 0
    (link,) = reader.read("asset_files", Column("file_id").in_table("files", "file_id"))
    assert link["path"] == "a.exr"


def test_a_row_that_is_there_twice_is_a_difference(either: Striking) -> None:
    log = library()
    either.strike(log)
    store = either.store(1)
    row = next(store.read("files"))
    store.write("files", [row])
    either.pin_newest()
    either.create(2)
    either.strike(log, generation=2)
    assert either.differences(generation=2) == [Difference("files", {"file_id": row["file_id"]}, row, None)]


def test_a_print_begun_again_has_nothing_of_the_first_attempt(either: Striking) -> None:
    either.create(2)
    either.strike(library(), generation=2)
    either.create(2)
    counts = either.projection.row_counts(either.connection, target=Target(2, is_live=False))
    assert counts == dict.fromkeys(NAMES, 0)


def test_without_a_live_print_readers_are_told_so(either: Striking, connection: Connection[Any]) -> None:
    connection.execute("UPDATE columnar_prints.prints SET is_live = false")
    with pytest.raises(NoLivePrint, match="No print of the columnar tables is live"):
        either.projection.open_live(connection)
    with pytest.raises(PrintUnknown, match="no print 7"):
        either.projection.row_counts(connection, target=Target(7, is_live=False))


def test_a_batch_for_a_print_that_is_not_on_record_is_refused(either: Striking, connection: Connection[Any]) -> None:
    connection.execute("DELETE FROM columnar_prints.prints")
    with pytest.raises(PrintUnknown, match="no print 1"):
        either.strike(library())


@pytest.mark.parametrize("seed", range(3))
def test_random_batches_with_crashes_give_the_same_rows(either: Striking, seed: int) -> None:
    log, chance, start = library(), random.Random(seed), 0
    while start < len(log):
        end = min(start + chance.randint(1, 4), len(log))
        if chance.random() < 0.4:
            either.prepare(log[start:end])
            end = min(max(start + 1, end + chance.randint(-2, 2)), len(log))
        either.strike(log[start:end])
        start = end
    either.create(2)
    either.strike(log, generation=2)
    assert either.differences(generation=2) == []
