"""Hot questions are answered by indexes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from domain.assets.events import AssetCreated
from domain.files.events import FileMetadataSet
from domain.metadata import MetadataValueType
from gateway.embedded_postgres import EmbeddedPostgres
from projections.search.orders import SearchOrder, SearchOrderField
from projections.search.postgres import compile_search
from projections.search.queries import GeoCircle, MetadataCriterion, SearchFilter, SearchQuery
from tests.projections.search import postgres
from tests.projections.search.logs import BUCKET, asset, entry, log, uploaded


@pytest.fixture(scope="module")
def library(postgres_server: EmbeddedPostgres) -> Iterator[Connection[Any]]:
    """600 frames with metadata and 5000 words; analyzed, and without the scans that tables this small would prefer."""
    with postgres.database(postgres_server.uri) as uri, psycopg.connect(uri, autocommit=True) as connection:
        postgres.strike(connection)
        postgres.fold(connection, log(BUCKET, _shots(), _frames()))
        connection.execute("VACUUM ANALYZE")
        connection.execute("SET enable_seqscan = off")
        yield connection


def _shots() -> Iterator[AssetCreated]:
    yield asset("plate", database_id="scans")
    letters = "".join(chr(ord("a") + n) for n in range(26))
    for number in range(20):
        made_up = (
            f"{letters[(i * 7) % 26]}{letters[number]}{letters[i % 26]}{letters[i // 26]}ing" for i in range(250)
        )
        yield asset(f"shot-{number:02}", description=" ".join(made_up))


def _frames() -> Iterator[Any]:
    for number in range(600):
        key = {
            "database_id": "films",
            "asset_id": f"shot-{number % 20:02}",
            "path": f"take{number}/beauty.{number:04}.exr",
        }
        yield uploaded(key["asset_id"], key["path"])
        place = f'{{"lat": {number % 80}, "long": {number % 170}, "alt": 0}}'
        entries = (
            entry("take", f"take number {number}"),
            entry("exposure", str(number), MetadataValueType.NUMBER),
            entry("day", f"2026-01-{1 + number % 28:02}", MetadataValueType.DATE),
            entry("place", place, MetadataValueType.LLA),
        )
        yield FileMetadataSet(**key, entries=entries)


def metadata(key: str, **given: Any) -> SearchQuery:
    return SearchQuery(filter=SearchFilter(metadata=(MetadataCriterion(key=key, **given),)), want_total=True)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (SearchQuery(), "documents_newest"),
        (SearchQuery(order=(SearchOrder(field=SearchOrderField.NAME),)), "documents_title"),
        (SearchQuery(order=(SearchOrder(field=SearchOrderField.NAME, is_descending=True),)), "documents_title"),
        (SearchQuery(order=(SearchOrder(field=SearchOrderField.SIZE, is_descending=True),)), "documents_largest"),
        (SearchQuery(filter=SearchFilter(database_ids=("scans",))), "documents_database"),
        (SearchQuery(filter=SearchFilter(file_extensions=("mov",))), "documents_extension"),
        (SearchQuery(filter=SearchFilter(tags_all=("rare",)), want_total=True), "documents_tags"),
        (SearchQuery(text="beauty.0042", want_total=True), "documents_words"),
        (SearchQuery(text="beau", want_total=True), "documents_words"),
        (SearchQuery(text="beuaty", want_total=True), "vocabulary_similar"),
        (metadata("take", equals="take number 7"), "metadata_value"),
        (metadata("take", contains="number 599"), "metadata_substring"),
        (metadata("exposure", gte="599"), "metadata_number"),
        (metadata("day", gte="2026-01-28", lte="2026-01-28T00:00:00"), "metadata_moment"),
        (metadata("place", within=GeoCircle(latitude=1, longitude=1, radius_meters=10)), "metadata_place"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_hot_question_uses_its_index(library: Connection[Any], query: SearchQuery, index: str) -> None:
    plan = _plan(library, query)
    assert index in plan
    assert "Seq Scan" not in plan


def _plan(connection: Connection[Any], query: SearchQuery) -> str:
    """The plan of the statement, with that of the function that looks for similar words."""
    statement, parameters = compile_search(query)
    connection.execute("LOAD 'auto_explain'")
    connection.execute("SET auto_explain.log_min_duration = 0")
    connection.execute("SET auto_explain.log_nested_statements = on")
    connection.execute("SET client_min_messages = log")
    notices: list[str] = []
    handler = lambda notice: notices.append(notice.message_primary or "")  # noqa: E731
    connection.add_notice_handler(handler)
    connection.execute(statement.encode(), parameters)
    connection.remove_notice_handler(handler)
    connection.execute("SET client_min_messages = warning")
    return "\n".join(notices)
