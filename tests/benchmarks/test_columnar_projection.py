"""How fast the columnar projection follows the log, beside one Parquet file a table of the same rows."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from domain.event import Recorded
from projections.columnar.criteria import AttributeCriterion, FrameCriteria
from projections.columnar.duckdb_delta.config import DuckDBParquetConfig
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.frames import count_frames, frames
from projections.columnar.prints.writing import write
from projections.columnar.rows.fold import fold
from projections.columnar.rows.printed import PRINTED
from projections.columnar.statistics import FrameDimension, frame_statistics
from tests.projections.columnar.events import attribute, inspected, part, produced
from tests.projections.vams.samples import uploaded
from tests.projections.vams.tape import Tape

FILES = 4000
CHANNELS = tuple(f"layer{layer}.{component}" for layer in range(6) for component in "RGB")
ATTRIBUTES = tuple(attribute(f"renderer/setting{number}", "STRING", f"value {number}") for number in range(30))


@pytest.fixture(scope="module")
def log() -> list[Recorded]:
    """Three events a file, whose header has 18 channels and 30 attributes."""
    tape = Tape()
    for number in range(FILES):
        path = f"beauty/a.{number:05}.exr"
        tape.add(uploaded(path), inspected(path, parts=(part(channels=CHANNELS, attributes=ATTRIBUTES),)))
        tape.add(produced(path))
    return tape.entries


def printed(root: Path, log: Sequence[Recorded], *, page: int) -> tuple[DuckDBParquetStore, float]:
    """A store that holds the log, and the seconds this took."""
    store = DuckDBParquetStore(DuckDBParquetConfig(root))
    for table in PRINTED:
        store.create_table(table.name, table.schema, sort_by=table.sort_by)
    started = time.perf_counter()
    for start in range(0, len(log), page):
        for sheet in fold(log[start : start + page], store):
            write(store, sheet)
    return store, time.perf_counter() - started


def written(root: Path, tables: dict[str, pa.Table]) -> float:
    """Seconds to write each table as one Parquet file."""
    root.mkdir()
    started = time.perf_counter()
    for name, rows in tables.items():
        pq.write_table(rows, root / f"{name}.parquet")
    return time.perf_counter() - started


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of the second run."""
    work()
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


@pytest.mark.benchmark
def test_projection_rate_beside_parquet(
    log: list[Recorded], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live, live_seconds = printed(tmp_path / "live", log, page=1000)
    store, rebuild_seconds = printed(tmp_path / "rebuild", log, page=5000)
    tables = {table.name: store.bulk_read(table.name) for table in PRINTED}
    floor = written(tmp_path / "parquet", tables)
    rows = sum(table.num_rows for table in tables.values())
    with capsys.disabled():
        sys.stdout.write(f"\n{len(log):,} events make {rows:,} rows\n")
        seconds = {"pages of 1000": live_seconds, "pages of 5000": rebuild_seconds, "Parquet alone": floor}
        for name, took in seconds.items():
            sys.stdout.write(f"{name:15} {len(log) / took:10,.0f} events/s {took / floor:6.1f} x Parquet's time\n")
    deep = FrameCriteria(channels_any=("layer5.B",), attribute=AttributeCriterion("renderer/setting3", contains="3"))
    with capsys.disabled():
        for name, work in {
            "page of 50": lambda: frames(live, FrameCriteria(), first=50),
            "page of 50, channel and attribute": lambda: frames(live, deep, first=50),
            "count, channel and attribute": lambda: count_frames(live, deep),
            "statistics by channel": lambda: frame_statistics(live, FrameCriteria(), [FrameDimension.CHANNEL]),
        }.items():
            sys.stdout.write(f"{name:35} {timed(work):8.1f} ms over {FILES} files\n")
