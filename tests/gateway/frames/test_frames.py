"""frames and frameStatistics through GraphQL, over consumers that follow a real log."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from deploy.vastdb_emulator import process
from deploy.vastdb_emulator.process import EmulatorProcess
from domain.assets.commands import create_asset
from domain.cause import ActorKind, Order
from domain.databases.commands import create_database
from domain.files.commands import ObservedFile, register_files
from domain.files.lifecycle import archive_files, unarchive_files
from domain.ledger import Ledger
from domain.media.commands import MediaKey, Produced, record_renditions, request_renditions
from domain.media.identity import file_id
from domain.media.inspection import Inspection
from gateway import composition
from gateway.commands import export_columnar
from gateway.commands.export_columnar import ExportImpossible
from gateway.context import Context, Principal
from gateway.embedded_postgres import EmbeddedPostgres
from gateway.schema import build_schema
from gateway.settings import Settings
from projections.columnar.errors import Unavailable
from tests.projections.columnar.events import attribute, part
from tests.projections.vams.samples import WRITTEN, stored
from tests.projections.vams.tape import cause

PAGE = """
query ($filter: FrameFilter, $first: Int, $after: String, $atLeast: Position) {
  frames(filter: $filter, first: $first, after: $after, atLeast: $atLeast) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { path channels file { path sizeBytes } } }
  }
}
"""


def fill(ledger: Ledger, bucket_id: str) -> int:
    """Five inspected frames of one asset and a file nobody inspected; the last position."""
    order = Order(cause=cause(1))
    create_database(ledger, "shows", description="All shows", default_bucket_id=bucket_id, order=order)
    create_asset(
        ledger, "shows", "shot_010", asset_name="Shot 10", description="The opening", is_distributable=True, order=order
    )
    files = [ObservedFile(f"a.{n:04}.exr", stored(f"a.{n:04}.exr", size_bytes=n)) for n in range(1, 7)]
    outcome = register_files(ledger, "shows", "shot_010", files=files, order=order)
    for n, file in enumerate(files[:5], 1):
        request_renditions(ledger, ("shows", "shot_010", file.path), again=False, order=order)
        lens = attribute("lens", "FLOAT", float(n * 10))
        first = part(channels=("R", "Z") if n == 3 else ("R",), attributes=(lens,))
        found = Inspection(format_name="openexr", is_deep=False, frame_number=n, parts=(first, part(1)))
        key = MediaKey(file.stored.s3_bucket, file.stored.s3_key, file.stored.s3_version_id, 1)
        produced = Produced(inspection=found, renditions=(), recipe="picture/1", processing_seconds=0.5)
        outcome = record_renditions(ledger, key, produced=produced, order=order)
    return outcome.position


class Asked:
    """Operations of a gateway, each on an event loop of its own."""

    def __init__(self, parts: composition.Parts, bucket_id: str, settings: Settings) -> None:
        self.settings = settings
        self._parts = parts
        self._bucket_id = bucket_id
        self._schema = build_schema()
        self.ledger = parts.log.ledger
        self.position = ""
        self.statements = 0
        """SQL statements that the last operation took."""

    def __call__(self, query: str, *, broken: bool = False, **variables: Any) -> Any:
        """The data, or the errors; `broken` takes the columnar store away."""
        return asyncio.run(self._answer(query, variables, broken=broken))

    async def _answer(self, query: str, variables: dict[str, Any], *, broken: bool) -> Any:
        async with composition.services(self._parts, default_bucket_id=self._bucket_id) as services:
            context = Context(
                replace(services, columnar=away) if broken else services, Principal(ActorKind.USER, "ada")
            )
            result = await self._schema.execute(query, variable_values=variables, context_value=context)
            self.statements = services.reader.statements
        if result.errors:
            return [(type(error.original_error).__name__, error.message) for error in result.errors]
        return orjson.loads(orjson.dumps(result.data))


@pytest.fixture(scope="module", params=["delta", "vast"])
def columnar(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The settings of each place that the columnar tables can be in."""
    if request.param == "delta":
        yield {}
        return
    with EmulatorProcess(tmp_path_factory.mktemp("vastdb")) as emulator:
        keys = {"vastdb_access_key": process.ACCESS_KEY, "vastdb_secret_key": process.SECRET_KEY}
        yield {"vastdb_endpoint": emulator.endpoint, "vastdb_bucket": "vastdb", **keys}


@pytest.fixture(scope="module")
def ask(
    columnar: dict[str, str], postgres_server: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asked]:
    name = f"frames_{len(columnar)}"
    with psycopg.connect(postgres_server.uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = postgres_server.uri.replace("/interneg?", f"/{name}?")
    data_dir = tmp_path_factory.mktemp("data")
    given: Any = {"command_threads": 2, "read_connections": 2, "read_wait_seconds": 20.0, **columnar}
    settings = Settings(data_dir=data_dir, **given)
    with composition.parts(settings, url, public_url="http://gateway") as parts:
        asked = Asked(parts, composition.prepare(parts), replace(settings, database_url=url))
        with composition.working(parts, ("tables", "columnar")):
            asked.position = str(fill(parts.log.ledger, asked._bucket_id))
            yield asked


def away() -> Any:
    raise Unavailable("the disk is gone")


def test_a_frame_is_shown_with_what_the_tables_have_of_its_file_by_one_statement(ask: Asked) -> None:
    found = ask(PAGE, filter={"channelsAny": ["Z"]}, atLeast=ask.position)["frames"]
    (edge,) = found["edges"]
    assert edge["node"] == {
        "path": "a.0003.exr",
        "channels": ["R", "Z", "G", "B"],
        "file": {"path": "a.0003.exr", "sizeBytes": 3},
    }
    assert found["totalCount"] == 1
    assert found["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": edge["cursor"],
        "endCursor": edge["cursor"],
    }
    assert ask.statements == 1


def test_every_field_of_a_frame(ask: Asked) -> None:
    query = """query ($atLeast: Position) { frames(first: 1, atLeast: $atLeast) { edges { node {
      __typename fileId databaseId assetId path sizeBytes frameNumber isDeep partCount width height compression
      lastModified } } } }"""
    assert ask(query, atLeast=ask.position)["frames"]["edges"][0]["node"] == {
        "__typename": "Frame",
        "fileId": file_id("library/shot_010/a.0001.exr", WRITTEN),
        "databaseId": "shows",
        "assetId": "shot_010",
        "path": "a.0001.exr",
        "sizeBytes": 1,
        "frameNumber": 1,
        "isDeep": False,
        "partCount": 2,
        "width": 960,
        "height": 540,
        "compression": "zip",
        "lastModified": "2026-04-01T00:00:00.000000Z",
    }


def test_pages_are_followed_by_their_cursors(ask: Asked) -> None:
    paths, after = [], None
    for _ in range(3):
        page = ask(PAGE, first=2, after=after, atLeast=ask.position)["frames"]
        paths.append([edge["node"]["path"] for edge in page["edges"]])
        assert page["totalCount"] == 5
        after = page["pageInfo"]["endCursor"]
    assert paths == [["a.0001.exr", "a.0002.exr"], ["a.0003.exr", "a.0004.exr"], ["a.0005.exr"]]
    assert not page["pageInfo"]["hasNextPage"]
    assert page["pageInfo"]["hasPreviousPage"]


def test_attributes_are_compared_as_numbers(ask: Asked) -> None:
    found = ask(PAGE, filter={"attribute": {"key": "lens", "gte": "9", "lte": "25"}}, atLeast=ask.position)
    assert [edge["node"]["path"] for edge in found["frames"]["edges"]] == ["a.0001.exr", "a.0002.exr"]


def test_statistics_count_and_weigh_frames(ask: Asked) -> None:
    query = """query ($atLeast: Position) { frameStatistics(
      groupBy: [RESOLUTION, CHANNEL], filter: {frameNumberGte: 2}, atLeast: $atLeast
    ) { keys fileCount totalSizeBytes } }"""
    assert ask(query, atLeast=ask.position)["frameStatistics"] == [
        {"keys": ["960x540", "B"], "fileCount": 4, "totalSizeBytes": 14},
        {"keys": ["960x540", "G"], "fileCount": 4, "totalSizeBytes": 14},
        {"keys": ["960x540", "R"], "fileCount": 4, "totalSizeBytes": 14},
        {"keys": ["960x540", "Z"], "fileCount": 1, "totalSizeBytes": 3},
    ]


@pytest.mark.parametrize(("asked", "shown"), [({}, 4), ({"includeArchived": False}, 4), ({"includeArchived": True}, 5)])
def test_frames_of_archived_files_are_shown_when_they_are_asked_for(
    ask: Asked, asked: dict[str, bool], shown: int
) -> None:
    ledger, order, archived = ask.ledger, Order(cause=cause(1)), ["a.0003.exr"]
    hidden = archive_files(ledger, "shows", "shot_010", paths=archived, order=order)
    try:
        found = ask(PAGE, filter=asked, atLeast=str(hidden.position))["frames"]
    finally:
        back = unarchive_files(ledger, "shows", "shot_010", paths=archived, order=order)
        ask.position = str(back.position)
    paths = [f"a.{n:04}.exr" for n in range(1, 6) if shown == 5 or n != 3]
    assert [edge["node"]["path"] for edge in found["edges"]] == paths
    assert found["totalCount"] == shown


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"after": "nonsense"}, "'nonsense' is no cursor of this list in this order."),
        ({"first": -1}, "first can't be negative: -1."),
        ({"first": 1001}, "first is at most 1000, not 1001: read the next page with its cursor."),
        (
            {"filter": {"attribute": {"key": "x", "within": {"latitude": 1.0, "longitude": 1.0, "radiusMeters": 1.0}}}},
            "Header attributes have no places: ask search for metadata within a circle.",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(ask: Asked, variables: dict[str, Any], message: str) -> None:
    assert ask(PAGE, **variables) == [("ClientError", message)]


def test_a_store_that_is_away_is_said_to_be(ask: Asked) -> None:
    assert ask(PAGE, broken=True) == [("ClientError", "The columnar tables cannot be read now: try again.")]


READERS: dict[str, Callable[[Path], pa.Table]] = {
    "parquet": pq.read_table,
    "arrow": lambda path: pa.ipc.open_stream(path.read_bytes()).read_all(),
    "csv": pacsv.read_csv,
}


@pytest.mark.parametrize("format_", READERS)
def test_a_table_is_exported_from_either_place(
    ask: Asked, tmp_path: Path, capsys: pytest.CaptureFixture[str], format_: str
) -> None:
    ask(PAGE, atLeast=ask.position)
    output = tmp_path / f"parts.{format_}"
    arguments = Namespace(table="parts", format=format_, output=output)
    assert export_columnar.columnar(ask.settings, arguments) == 0
    assert capsys.readouterr().err == "10 rows of parts\n"
    found = READERS[format_](output)
    assert found.num_rows == 10
    assert sorted(found.column("part_index").to_pylist()) == [0] * 5 + [1] * 5
    assert [path.name for path in tmp_path.iterdir()] == [output.name]


def test_an_export_from_where_the_print_is_not_leaves_no_file(
    ask: Asked, columnar: dict[str, str], tmp_path: Path
) -> None:
    away = {"vastdb_schema": "elsewhere"} if columnar else {"data_dir": tmp_path / "elsewhere"}
    arguments = Namespace(table="parts", format="parquet", output=tmp_path / "parts")
    with pytest.raises(ExportImpossible, match="interneg"):
        export_columnar.columnar(replace(ask.settings, **away), arguments)
    assert not (tmp_path / "parts").exists()
