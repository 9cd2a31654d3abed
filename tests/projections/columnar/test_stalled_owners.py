"""An owner that stalls while it writes a batch and wakes up after it was replaced changes nothing that readers see."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from domain.assets.events import AssetMetadataSet, AssetRenamed, AssetVersionCreated
from domain.event import Recorded
from projections.columnar.duckdb_delta.prints import DeltaPrints
from projections.columnar.errors import Overtaken
from projections.columnar.prints.writing import write
from tests.projections.columnar.events import attribute, inspected, part, produced
from tests.projections.columnar.striking import NAMES, Striking
from tests.projections.vams.samples import ASSET, asset, entry, uploaded
from tests.projections.vams.tape import Tape

ROUND = 6
"""Events in which every table gets rows, and those of the round before get others."""


def rounds(count: int) -> list[Recorded]:
    """A log in which every row changes in every round."""
    tape = Tape()
    tape.add(asset())
    for number in range(1, count + 1):
        tape.add(
            AssetRenamed(**ASSET, asset_name=f"Take {number}"),
            AssetMetadataSet(**ASSET, entries=(entry("take", str(number)),)),
            AssetVersionCreated(**ASSET, asset_version_id=number, comment=f"Take {number}"),
            uploaded("a.exr", f"v{number}"),
            inspected("a.exr", attempt=number, parts=(part(attributes=(attribute("take", "int", number),)),)),
            produced("a.exr", attempt=number, width=900 + number),
        )
    return tape.entries


LOG = rounds(6)
START, MIDDLE, END = 1 + ROUND, 1 + 4 * ROUND, 1 + 5 * ROUND


@pytest.fixture
def stalled(striking: Striking, tmp_path: Path) -> DeltaPrints:
    """Another process on the same print, which the events up to START are in."""
    striking.strike(LOG[:START])
    assert all(striking.rows(name) for name in NAMES)
    return DeltaPrints(str(tmp_path / "columnar"))


@pytest.mark.parametrize("table", ["files", "channels", "asset_files", "assets", "metadata", "events"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_one_that_stalls_before_or_after_writing_a_table(
    striking: Striking, stalled: DeltaPrints, table: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_stalled: list[str] = []

    def stalling(store: Any, sheet: Any) -> None:
        if moment == "after":
            write(store, sheet)
        if sheet.table == table and not has_stalled:
            has_stalled.append(table)
            striking.restart()
            striking.strike(LOG[START:MIDDLE])
        if moment == "before":
            write(store, sheet)

    monkeypatch.setattr("projections.columnar.duckdb_delta.prints.write", stalling)
    with suppress(Overtaken):  # Nobody overtakes it after the last table.
        stalled.write(1, LOG[START : START + ROUND], is_live=True)
    monkeypatch.undo()
    assert has_stalled == [table]
    _check_the_rest(striking)


@pytest.mark.parametrize("size", [1, ROUND, 2 * ROUND])
def test_one_that_stalls_before_it_has_looked_at_the_tables(
    striking: Striking, stalled: DeltaPrints, size: int
) -> None:
    """It finds nothing odd, and writes old rows as the newest version of every table."""
    striking.strike(LOG[START:MIDDLE])
    stalled.write(1, LOG[START : START + size], is_live=True)
    assert [row["take"] for row in _takes(striking)] == [4]
    _check_the_rest(striking)


def test_one_that_wakes_up_while_its_successor_writes(
    striking: Striking, stalled: DeltaPrints, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_woken: list[str] = []

    def waking(store: Any, sheet: Any) -> None:
        write(store, sheet)
        if sheet.table == "asset_files" and not has_woken:
            has_woken.append(sheet.table)
            with suppress(Overtaken):
                stalled.write(1, LOG[START : START + ROUND], is_live=True)

    monkeypatch.setattr("projections.columnar.duckdb_delta.prints.write", waking)
    striking.strike(LOG[START:MIDDLE])
    assert [row["take"] for row in _takes(striking)] == [4]
    _check_the_rest(striking)


def _takes(striking: Striking) -> list[dict[str, int]]:
    """The number of the last round that the metadata holds."""
    return [{"take": int(row["value"])} for row in striking.rows("metadata")]


def _check_the_rest(striking: Striking) -> None:
    """The successor goes on, and its print is that of the log."""
    striking.strike(LOG[MIDDLE:END])
    striking.strike(LOG[END:])
    striking.create(2)
    striking.strike(LOG, generation=2)
    assert striking.differences(generation=2) == []
