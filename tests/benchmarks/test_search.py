"""Search documents folded against COPY of the same rows, and questions a second on 100 000 documents."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.event import Recorded
from domain.files.events import FileAttributesSet
from domain.metadata import MetadataValueType
from gateway.embedded_postgres import EmbeddedPostgres
from projections.search.postgres import PostgresSearch
from projections.search.queries import MetadataCriterion, SearchFacet, SearchFilter, SearchQuery
from tests.projections.search import postgres
from tests.projections.search.logs import BUCKET, asset, entry, log, uploaded

pytestmark = pytest.mark.benchmark

PASSES = ("beauty", "depth", "normal", "crypto")
FILES_PER_ASSET = 400
ROUNDS = 20


def library(documents: int) -> list[Recorded]:
    """Shots of 400 frames; every tenth frame has attributes."""
    return log(BUCKET, (event for shot in range(documents // (FILES_PER_ASSET + 1)) for event in _shot(shot)))


def _shot(shot: int) -> Iterator[Any]:
    asset_id = f"shot-{shot:04}"
    yield asset(asset_id, asset_name=f"Shot {shot:04}", tags=("shot", f"seq{shot % 20:02}"), description="Robot enters")
    for number in range(FILES_PER_ASSET):
        render_pass, frame = PASSES[number % 4], 1001 + number // 4
        path = f"renders/{render_pass}/shot_{shot:04}_{render_pass}.{frame}.exr"
        yield uploaded(asset_id, path)
        if number % 10 == 0:
            yield FileAttributesSet(
                database_id="films",
                asset_id=asset_id,
                path=path,
                entries=(entry("exposure", str(frame % 17), MetadataValueType.NUMBER), entry("lens", f"{shot % 9}mm")),
            )


@pytest.fixture(scope="module")
def database(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    with postgres.database(postgres_server.uri) as uri:
        yield uri


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def test_documents_folded_against_copy_of_the_same_rows(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    events = library(20_050)
    with psycopg.connect(database, autocommit=True) as connection:
        postgres.strike(connection, "folded")
        folding = seconds(lambda: postgres.fold(connection, events, batch_size=1_000))
        copies = {table: _copied(connection, table) for table in postgres.TABLES}
        postgres.strike(connection, "copied")
        copying = seconds(lambda: _copy(connection, copies))
        (documents,) = connection.execute("SELECT count(*) FROM documents").fetchone() or (0,)
    with capsys.disabled():
        print(  # noqa: T201
            f"\nsearch fold: {documents / folding:,.0f} documents/s ({len(events) / folding:,.0f} events/s);"
            f" COPY of the same rows {documents / copying:,.0f} documents/s; ratio {folding / copying:.1f}"
        )


def _copied(connection: Connection[Any], table: str) -> bytes:
    buffer = io.BytesIO()
    with connection.cursor().copy(f"COPY {table} TO STDOUT".encode()) as copy:
        for block in copy:
            buffer.write(block)
    return buffer.getvalue()


def _copy(connection: Connection[Any], copies: dict[str, bytes]) -> None:
    for table, rows in copies.items():
        with connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
            copy.write(rows)


QUESTIONS = {
    "newest": SearchQuery(),
    "newest with facets and total": SearchQuery(facets=tuple(SearchFacet), want_total=True),
    "one frame by name": SearchQuery(text="shot_0123_depth.1042", want_total=True, want_highlights=True),
    "a word half typed": SearchQuery(text="shot_01", want_total=True),
    "a common word with facets": SearchQuery(text="beauty", facets=tuple(SearchFacet), want_total=True),
    "a typing error": SearchQuery(text="nromal shot_0123", want_total=True),
    "a number range": SearchQuery(
        filter=SearchFilter(
            metadata=(MetadataCriterion(key="exposure", gte="16"), MetadataCriterion(key="lens", equals="3mm"))
        ),
        want_total=True,
    ),
    "a database and a tag": SearchQuery(
        filter=SearchFilter(database_ids=("films",), tags_all=("seq07",)), want_total=True
    ),
}


def test_questions_on_a_hundred_thousand_documents(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        postgres.strike(connection)
        postgres.fold(connection, library(100_250), batch_size=1_000)
        connection.execute("VACUUM ANALYZE")
    with ConnectionPool[Connection[Any]](database, min_size=1, max_size=1, open=True) as pool:
        index = PostgresSearch(pool)
        with capsys.disabled():
            for name, query in QUESTIONS.items():
                page = index.search(query)
                taken = seconds(partial(_ask, index, query)) / ROUNDS
                print(f"\nsearch {name}: {1 / taken:,.0f}/s, {1000 * taken:.1f} ms, total {page.total}", end="")  # noqa: T201


def _ask(index: PostgresSearch, query: SearchQuery) -> None:
    for _ in range(ROUNDS):
        index.search(query)
