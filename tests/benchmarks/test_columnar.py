"""The store against DuckDB and pyarrow used directly, in one run: 1 000 000 rows in 100 partitions."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from projections.columnar.duckdb_delta.store import DuckDBParquetConfig, DuckDBParquetStore

pytestmark = pytest.mark.benchmark

ROWS, PARTITIONS, REPEATS = 1_000_000, 100, 7
KEYS = ["instrument", "month"]
APPENDS = int(os.environ.get("INTERNEG_BENCH_APPENDS", "10000"))
"""Appends of 50 rows: some minutes."""


@pytest.fixture(autouse=True)
def _only_on_request(request: pytest.FixtureRequest) -> None:
    if "benchmark" not in (request.config.getoption("markexpr") or ""):
        pytest.skip("a benchmark: run it with -m benchmark")


@dataclass(frozen=True)
class Subject:
    store: DuckDBParquetStore
    connection: duckdb.DuckDBPyConnection
    rows: pa.Table
    directory: Path
    files: list[str]


@pytest.fixture(scope="module")
def rows() -> pa.Table:
    random = np.random.default_rng(1)
    part = np.arange(ROWS) // (ROWS // PARTITIONS)
    ids = pa.array([f"D20240101T{number:08}_IFCB{number % 10:03}" for number in range(ROWS)])
    moments = pa.array(np.arange(ROWS) * 1_000_000 + 1_704_067_200_000_000)
    return pa.table(
        {
            "image_id": ids,
            "taken_at": moments.cast(pa.timestamp("us", tz="UTC")),
            "instrument": pa.array([f"IFCB{number:03}" for number in part // 10]),
            "month": pa.array(part % 10),
            "score": pa.array(random.random(ROWS)),
            "width": pa.array(random.integers(0, 4096, ROWS)),
            "height": pa.array(random.integers(0, 4096, ROWS)),
            "label": pa.array(random.choice(["Ceratium", "Dinoflagellate", "detritus"], ROWS)),
        }
    )


@pytest.fixture(scope="module")
def subject(rows: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    base = tmp_path_factory.mktemp("columnar")
    store = DuckDBParquetStore(DuckDBParquetConfig(root=base / "ours"))
    store.create_table("images", rows.schema, partition_by=KEYS)
    store.write("images", rows)
    write_directly(rows, base / "direct")
    files = [str(path) for path in (base / "direct").rglob("*.parquet")]
    return Subject(store, duckdb.connect(), rows, base, files)


def write_directly(rows: pa.Table, directory: Path) -> None:
    partitioning = ds.partitioning(pa.schema([rows.schema.field(name) for name in KEYS]), flavor="hive")
    ds.write_dataset(rows, directory, format="parquet", partitioning=partitioning)


def report(name: str, ours: Callable[[], object], direct: dict[str, Callable[[], object]], *, target: float) -> None:
    """Print the best times of interleaved runs, and the ratio to the faster direct way."""
    ways = {"ours": ours, **direct}
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(REPEATS):
        for way, call in ways.items():
            began = time.perf_counter()
            call()
            best[way] = min(best[way], time.perf_counter() - began)
    ratio = best["ours"] / min(best[way] for way in direct)
    times = "  ".join(f"{way} {seconds * 1000:.1f} ms" for way, seconds in best.items())
    print(f"\n{name}: {times}  ratio {ratio:.2f} (target {target})")  # noqa: T201


def test_write(subject: Subject) -> None:
    numbers = count()

    def ours() -> None:
        table = f"write-{next(numbers)}"
        subject.store.create_table(table, subject.rows.schema, partition_by=KEYS)
        subject.store.write(table, subject.rows)

    def direct() -> None:
        write_directly(subject.rows, subject.directory / f"write-{next(numbers)}")

    report("write 1M rows", ours, {"pyarrow": direct}, target=1.5)


def test_count(subject: Subject) -> None:
    sql = "SELECT count(*) FROM read_parquet($files, hive_partitioning = true)"
    report(
        "count",
        lambda: subject.store.count("images"),
        {"duckdb": lambda: subject.connection.execute(sql, {"files": subject.files}).fetchall()},
        target=1.5,
    )


def test_full_key_filter(subject: Subject) -> None:
    key = {"instrument": "IFCB004", "month": 2}
    (file,) = [name for name in subject.files if "instrument=IFCB004/month=2/" in name]
    sql = "SELECT * FROM read_parquet($file, hive_partitioning = true)"
    report(
        "full-key filter, 10k rows",
        lambda: subject.store.bulk_read("images", key),
        {
            "duckdb": lambda: subject.connection.sql(sql, params={"file": file}).to_arrow_table(),
            "pyarrow": lambda: ds.dataset(file, partitioning="hive").to_table(),
        },
        target=1.5,
    )


def test_bulk_read(subject: Subject) -> None:
    sql = "SELECT * FROM read_parquet($files, hive_partitioning = true)"
    report(
        "bulk_read 1M rows",
        lambda: subject.store.bulk_read("images"),
        {
            "duckdb": lambda: subject.connection.sql(sql, params={"files": subject.files}).to_arrow_table(),
            "pyarrow": lambda: ds.dataset(subject.files, partitioning="hive").to_table(),
        },
        target=1.2,
    )


def test_point_lookup(subject: Subject) -> None:
    wanted = subject.rows.column("image_id")[654_321].as_py()
    sql = "SELECT * FROM read_parquet($files, hive_partitioning = true) WHERE image_id = $id"
    parameters = {"files": subject.files, "id": wanted}
    report(
        "point lookup without a key",
        lambda: subject.store.bulk_read("images", {"image_id": wanted}),
        {"duckdb": lambda: subject.connection.sql(sql, params=parameters).to_arrow_table()},
        target=2.0,
    )


@pytest.mark.timeout(3600)
def test_many_small_appends_then_compaction(subject: Subject) -> None:
    store = subject.store
    store.create_table("small", subject.rows.schema)
    seconds = []
    for number in range(APPENDS):
        began = time.perf_counter()
        store.write("small", subject.rows.slice(number * 50, 50))
        seconds.append(time.perf_counter() - began)
    began = time.perf_counter()
    store.compact("small")
    compacted = time.perf_counter() - began
    store.create_table("once", subject.rows.schema)
    store.write("once", subject.rows.slice(0, APPENDS * 50))
    assert store.count("small") == store.count("once") == APPENDS * 50
    first, last = (statistics.median(part) * 1000 for part in (seconds[50:150], seconds[-100:]))
    print(  # noqa: T201
        f"\n{APPENDS} appends of 50 rows {sum(seconds):.1f} s, compaction {compacted:.1f} s; "
        f"the 100th append {first:.1f} ms, the last {last:.1f} ms (medians of a hundred)"
    )
    report(
        "read after compaction",
        lambda: store.bulk_read("small"),
        {"one write": lambda: store.bulk_read("once")},
        target=1.2,
    )
