"""Rebuilds of the columnar tables and of search from a large log, beside writing what results and nothing else."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from projections.columnar.projection import ColumnarProjection
from projections.columnar.rows.fold import arrow
from projections.columnar.rows.printed import PRINTED
from projections.printing import Target
from projections.search.opensearch.projection import ALL, AT_ONCE, CHUNK, OpenSearchProjection, chunks
from projections.search.projection import SearchProjection
from tests.benchmarks.conftest import Say
from tests.benchmarks.large_log import KEPT, LargeLog, Rebuilt, large_log
from tests.doubles.opensearch import opensearch_url

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(0)]

IS_VERIFIED = os.environ.get("INTERNEG_BENCH_VERIFY", "1") == "1"
"""Whether verify looks for differences after each rebuild, which takes as long again."""
FLOOR = 999_999
"""The generation of what is only written for comparison."""
PEAK_MIB = 1024
BLOCK = 1 << 20
ROWS_PER_GROUP = 122_880
SAME_TABLES = ("buckets", "assets", "files", "previews", "links", "metadata", "documents", "vocabulary")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LargeLog]:
    """The installation in INTERNEG_BENCH_DIR, or one that is gone after the run."""
    with large_log(Path(KEPT) if KEPT else tmp_path_factory.mktemp("large")) as found:
        yield found


def test_columnar_beside_parquet_of_its_rows(large: LargeLog, tmp_path: Path, say: Say) -> None:
    rebuilt = large.rebuild("columnar", is_verified=IS_VERIFIED)
    in_arrow, of_rows, rows = _parquet(large, tmp_path)
    _tell(say, "columnar", rebuilt)
    _compare(say, rebuilt, in_arrow, f"pyarrow alone, its {rows:,} rows in Arrow already")
    _compare(say, rebuilt, of_rows, "the same rows as Python has them, to Arrow and Parquet")
    assert rebuilt.differences == (0 if IS_VERIFIED else None)
    assert rebuilt.peak_mib < PEAK_MIB


def test_search_in_postgres_beside_copy_of_its_rows(large: LargeLog, tmp_path: Path, say: Say) -> None:
    rebuilt = large.rebuild("search", is_verified=IS_VERIFIED)
    with large.opened() as opened, opened.pool.connection() as connection:
        floor = _copied(connection, tmp_path)
    _tell(say, "search in Postgres", rebuilt)
    _compare(say, rebuilt, floor, "COPY of the same rows into the same tables with the same indexes")
    assert rebuilt.differences == (0 if IS_VERIFIED else None)
    assert rebuilt.peak_mib < PEAK_MIB


def test_search_in_opensearch_beside_bulks_of_its_documents(large: LargeLog, say: Say) -> None:
    with opensearch_url() as url:
        there = large.with_opensearch(url)
        rebuilt = there.rebuild("search", is_verified=IS_VERIFIED)
        with there.opened() as opened, opened.pool.connection() as connection:
            projection = opened.projections["search"]
            assert isinstance(projection, OpenSearchProjection)
            documents, floor = _sent(connection, projection)
    _tell(say, "search in OpenSearch", rebuilt)
    _compare(say, rebuilt, floor, f"bulks of its {documents:,} documents, {AT_ONCE} at a time")
    assert rebuilt.differences == (0 if IS_VERIFIED else None)
    assert rebuilt.peak_mib < PEAK_MIB


def _tell(say: Say, name: str, rebuilt: Rebuilt) -> None:
    say(f"{name}: {rebuilt.events:,} events in {rebuilt.seconds:.1f} s, {rebuilt.rate:,.0f} events/s;")
    say(f"  {rebuilt.cpu_seconds:.1f} s of CPU in the process, peak memory {rebuilt.peak_mib} MiB")


def _compare(say: Say, rebuilt: Rebuilt, floor: float, what: str) -> None:
    say(f"  {rebuilt.seconds / floor:.2f} x {what} ({floor:.1f} s, {rebuilt.events / floor:,.0f} events/s)")


def _parquet(large: LargeLog, directory: Path) -> tuple[float, float, int]:
    """Seconds to write the rows of the live print from Arrow, and from tuples, a file a table; and their number."""
    in_arrow = of_rows = 0.0
    count = 0
    with large.opened() as opened, opened.pool.connection() as connection:
        projection = opened.projections["columnar"]
        assert isinstance(projection, ColumnarProjection)
        store = projection.open_live(connection)
        for table in PRINTED:
            with (
                pq.ParquetWriter(directory / f"{table.name}.parquet", table.schema) as first,
                pq.ParquetWriter(directory / f"{table.name}-rows.parquet", table.schema) as second,
            ):
                for rows in _batches(store.scan(table.name)):
                    count += rows.num_rows
                    in_arrow += _seconds(partial(first.write_table, rows))
                    tuples = list(zip(*(column.to_pylist() for column in rows.columns), strict=True))
                    of_rows += _seconds(
                        lambda writer=second, found=tuples, schema=table.schema: (  # type: ignore[misc]
                            writer.write_table(arrow(schema, found))
                        )
                    )
            in_arrow += _seconds(partial(_sync, directory / f"{table.name}.parquet"))
            of_rows += _seconds(partial(_sync, directory / f"{table.name}-rows.parquet"))
    return in_arrow, of_rows, count


def _batches(reader: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Of the size of the row groups that a rebuild writes."""
    while found := _next(reader):
        yield pa.Table.from_batches(found)


def _next(reader: pa.RecordBatchReader) -> list[pa.RecordBatch]:
    found: list[pa.RecordBatch] = []
    for batch in reader:
        found.append(batch)
        if sum(one.num_rows for one in found) >= ROWS_PER_GROUP:
            break
    return found


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _copied(connection: Connection[Any], directory: Path) -> float:
    """Seconds to copy the rows of the live print into an empty one that has all of its indexes."""
    projection, target = SearchProjection(), Target(FLOOR, is_live=False)
    for name in SAME_TABLES:
        query = SQL("COPY {} TO STDOUT (FORMAT BINARY)").format(Identifier("search", name))
        with connection.cursor().copy(query) as copy, (directory / name).open("wb") as file:
            for block in copy:
                file.write(block)
    with connection.transaction(force_rollback=True):
        projection.create(connection, generation=FLOOR)
        return _seconds(lambda: _load(connection, projection.schema(target), directory))


def _load(connection: Connection[Any], schema: str, directory: Path) -> None:
    for name in SAME_TABLES:
        query = SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(Identifier(schema, name))
        with connection.cursor().copy(query) as copy, (directory / name).open("rb") as file:
            while block := file.read(BLOCK):
                copy.write(block)


def _sent(connection: Connection[Any], projection: OpenSearchProjection) -> tuple[int, float]:
    """Documents of the live print, and seconds to send them, made ready before, to indexes that nobody refreshes."""
    indices = projection.indices
    indices.create(FLOOR)
    indices.hurry(FLOOR)
    count, seconds = 0, 0.0
    with connection.transaction(), ThreadPoolExecutor(AT_ONCE) as threads:
        connection.execute("SET LOCAL search_path TO search, public")
        waiting = chunks(connection, ALL, size=CHUNK)
        while several := list(islice(waiting, 4 * AT_ONCE)):
            count += sum(map(len, several))
            bodies = [indices.body(rows, FLOOR, version=1) for rows in several]
            seconds += _seconds(lambda found=bodies: list(threads.map(_bulk(indices), found)))  # type: ignore[misc]
    seconds += _seconds(lambda: indices.serve(FLOOR))
    indices.drop(FLOOR)
    return count, seconds


def _bulk(indices: Any) -> Callable[[bytes], Any]:
    return lambda body: indices.client.bulk(body=body, params={"request_timeout": 60})


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
