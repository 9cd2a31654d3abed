"""What a process holds while it reads a long table, measured in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pytest

from deploy.vastdb_emulator.process import EmulatorProcess
from projections.columnar.store import ColumnarStore
from tests.contracts.columnar.backends import Backend
from tests.contracts.columnar.conftest import emulators_with

LONG = pa.schema([("n", pa.int64()), ("text", pa.string())])
WRITES, ROWS, LETTERS = 16, 15_000, 400
TABLE_BYTES = WRITES * ROWS * LETTERS
MOST_GROWTH = TABLE_BYTES * 5 // 8
"""Of the three quarters that are read while it is measured; reading ahead from S3 has taken 36 MB on a busy machine."""


@pytest.fixture(scope="module")
def emulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], EmulatorProcess]]:
    """Ones that let a slow machine read on in the same transaction."""
    with emulators_with(folders=tmp_path_factory) as of_version:
        yield of_version


@pytest.fixture
def long(store: ColumnarStore) -> ColumnarStore:
    """A table of 96 MB that no encoding makes smaller than half of that, in the files of 16 writes."""
    store.create_table("long", LONG)
    random = np.random.default_rng(1)
    for write in range(WRITES):
        letters = random.integers(97, 123, ROWS * LETTERS, dtype=np.uint8).tobytes()
        offsets = pa.py_buffer(np.arange(0, ROWS * LETTERS + 1, LETTERS, dtype=np.int32).tobytes())
        text = pa.Array.from_buffers(pa.string(), ROWS, [None, offsets, pa.py_buffer(letters)])
        numbers = pa.array(range(write * ROWS, (write + 1) * ROWS), pa.int64())
        store.write("long", pa.table([numbers, text], schema=LONG))
    return store


def measured(backend: Backend, action: str, *arguments: str) -> tuple[int, int]:
    process = backend.process(action, *arguments)
    rows, growth = process.communicate()[0].split()
    assert process.returncode == 0
    return int(rows), int(growth)


def test_a_long_scan_does_not_grow_memory(long: ColumnarStore, backend: Backend) -> None:
    rows, growth = measured(backend, "scan", "no")
    assert rows == long.count("long") == WRITES * ROWS
    assert growth < MOST_GROWTH


def test_repeated_bulk_reads_do_not_grow_memory(long: ColumnarStore, backend: Backend) -> None:
    rows, growth = measured(backend, "bulk_reads")
    assert rows == long.count("long") == WRITES * ROWS
    assert growth < TABLE_BYTES  # four times as much would be kept by one that keeps what it read


@pytest.mark.parametrize("backend", ["duckdb-local", "vast-emulator-5.5"], indirect=True)
def test_a_scan_whose_rows_are_kept_would_be_noticed(long: ColumnarStore, backend: Backend) -> None:
    """The measurement itself: it sees a reader that keeps what it read."""
    del long
    assert measured(backend, "scan", "yes")[1] > MOST_GROWTH
