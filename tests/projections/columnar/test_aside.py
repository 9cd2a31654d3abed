"""The second process that writes the tables of files while a print is filled, and what happens when it cannot."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest
from psycopg import Connection

from projections.columnar.duckdb_delta import aside as aside_module
from projections.columnar.duckdb_delta.aside import Aside
from projections.columnar.duckdb_delta.config import DuckDBParquetConfig
from projections.columnar.duckdb_delta.filling import chain_from, fill
from projections.columnar.duckdb_delta.pinned import SeenSnapshots
from projections.columnar.duckdb_delta.prints import DeltaPrints
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.rows.fold import Sheet
from projections.columnar.rows.kinds import Batch
from projections.printing import Target
from tests.projections.columnar.events import inspected, produced
from tests.projections.columnar.striking import Striking, library
from tests.projections.vams.tape import Tape

GONE_SECONDS = 60.0
OWNER = """
import sys, time
from projections.columnar.duckdb_delta.aside import Aside
print(Aside()._process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def striking(connection: Connection[object], tmp_path: Path) -> Striking:
    """Every batch of a print that is filled has the second process."""
    return Striking(connection, lambda: DeltaPrints(str(tmp_path / "columnar"), aside_from=1))


def process_of(striking: Striking, generation: int = 2) -> subprocess.Popen[bytes]:
    found: subprocess.Popen[bytes] = striking.prints._asides[generation]._process
    return found


def test_two_processes_write_what_one_does_and_the_second_ends_with_the_swap(striking: Striking) -> None:
    log = library()
    striking.strike(log)
    striking.create(2)
    for start in range(0, len(log), 5):
        striking.strike(log[start : start + 5], generation=2)
    process = process_of(striking)
    assert process.poll() is None
    assert striking.differences(generation=2) == []
    striking.publish(2, replaced=1)
    assert process.returncode == 0


def test_a_later_inspection_counts_those_before_it(striking: Striking) -> None:
    tape = Tape()
    for attempt in (1, 2, 3):
        tape.add(inspected("a.0001.exr", attempt=attempt))
        tape.add(produced("a.0001.exr", attempt=attempt))
    striking.strike(tape.entries)
    striking.create(2)
    for entry in tape.entries:
        striking.strike([entry], generation=2)
    assert striking.differences(generation=2) == []
    assert striking.store(2).count("files", {"inspection_count": 3}) == 1
    striking.projection.drop(striking.connection, generation=2)


def test_what_a_killed_process_did_not_write_its_owner_writes(
    striking: Striking, caplog: pytest.LogCaptureFixture
) -> None:
    log = library()
    striking.strike(log)
    striking.create(2)
    striking.strike(log[:6], generation=2)
    killed = process_of(striking)
    killed.kill()
    with caplog.at_level(logging.WARNING):
        striking.strike(log[6:9], generation=2)
    assert "ended with status -9" in caplog.text
    striking.strike(log[9:], generation=2)
    assert striking.differences(generation=2) == []
    striking.projection.drop(striking.connection, generation=2)


def test_what_it_cannot_write_its_owner_meets_and_reports(striking: Striking, tmp_path: Path) -> None:
    striking.create(2)
    for path in (tmp_path / "columnar" / "g2" / "channels" / "_delta_log").iterdir():
        path.unlink()
    with pytest.raises(Exception, match="channels"):
        striking.projection.prepare(library(), target=Target(2, is_live=False))
    striking.projection.drop(striking.connection, generation=2)


def test_an_error_of_the_process_is_told_and_it_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    batch = Batch([Tape().add(inspected("a.0001.exr"))])
    aside = Aside()
    for _ in range(2):
        aside.begin(str(tmp_path / "nothing"), {"files": 0}, batch)
        assert aside.end() is None
    aside.close()
    assert caplog.text.count("did not write its tables") == 2
    assert "KeyError: 'parts'" in caplog.text
    assert aside._process.returncode == 0


def test_one_that_does_not_end_when_it_is_told_to_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside_module, "END_SECONDS", 0.1)
    aside = Aside()
    os.kill(aside._process.pid, signal.SIGSTOP)
    aside.close()
    assert aside._process.returncode == -signal.SIGKILL


def test_it_ends_when_its_owner_is_killed() -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    with owner.stdout:
        process = int(owner.stdout.readline())
    owner.kill()
    owner.wait()
    deadline = time.monotonic() + GONE_SECONDS
    while is_running(process):
        assert time.monotonic() < deadline, "the second process outlived its owner"
        time.sleep(0.05)


def test_an_interrupted_terminal_ends_it_with_its_owner_only() -> None:
    aside, batch = Aside(), Batch([Tape().add(inspected("a.0001.exr"))])
    aside.begin("nowhere", {}, batch)
    assert aside.end() is None
    os.kill(aside._process.pid, signal.SIGINT)
    aside.begin("nowhere", {}, batch)
    assert aside.end() is None
    assert aside._process.poll() is None
    aside.close()


def test_a_table_gets_its_sheets_in_order_and_none_after_one_that_failed(tmp_path: Path) -> None:
    store = DuckDBParquetStore(DuckDBParquetConfig(str(tmp_path)))
    schema = pa.schema([pa.field("n", pa.int64(), nullable=False)])
    for table in ("one", "other"):
        store.create_table(table, schema)
    chain = chain_from(store, {"one": 0, "other": 0}, SeenSnapshots())
    rows, wrong = pa.table({"n": [1]}, schema=schema), pa.table({"m": [1]})
    sheets = [
        Sheet(table, one, [], is_new=True)
        for table, one in (("one", rows), ("one", wrong), ("one", rows), ("other", rows))
    ]
    with pytest.raises(Exception, match="'m'"):
        fill(chain, sheets)
    assert (chain.store.count("one"), chain.store.count("other")) == (1, 1)


def is_running(process: int) -> bool:
    """Whether it is there and not only waiting for its parent to ask how it ended."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
