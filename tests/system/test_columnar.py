"""The columnar tables from the command line: exports of the running library, and what doctor says of VAST DB."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from deploy.vastdb_emulator import process
from deploy.vastdb_emulator.process import EmulatorProcess
from tests.system.client import Client
from tests.system.server import RunningServer

CREATE = """mutation($input: CreateDatabaseInput!) { createDatabase(input: $input) {
  position errors { code message } } }"""


@pytest.fixture
def written(client: Client) -> int:
    """The position of an event that the tables have."""
    position = client.done(CREATE, databaseId="exported", description="To be exported")["position"]
    client.one("query ($at: Position) { frames(atLeast: $at) { totalCount } }", at=position)
    return int(position)


def test_a_table_is_exported_to_a_file_and_to_the_next_program(
    running_server: RunningServer, written: int, tmp_path: Path
) -> None:
    file = tmp_path / "events.parquet"
    done = running_server.run("export", "columnar", "events", "--output", str(file))
    assert done.returncode == 0, done.stderr
    events = pq.read_table(file, columns=["position", "database_id"]).to_pylist()
    assert {"position": written, "database_id": "exported"} in events
    assert f"{len(events)} rows of events" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["events.parquet"]
    piped = running_server.run("export", "columnar", "events", "--format", "csv")
    assert piped.returncode == 0, piped.stderr
    assert piped.stdout.startswith('"position","event_type","recorded_at"')


def test_a_table_that_is_not_there_is_refused_with_the_names_of_those_that_are(running_server: RunningServer) -> None:
    done = running_server.run("export", "columnar", "nothing")
    assert done.returncode == 2
    assert "asset_files" in done.stderr
    unwritable = running_server.run("export", "columnar", "events", "--output", "/nowhere/events.parquet")
    assert unwritable.returncode == 1
    assert "events was not exported" in unwritable.stderr


def test_doctor_says_which_vast_db_it_found_and_what_is_wrong(running_server: RunningServer, tmp_path: Path) -> None:
    def said(**changes: str) -> str:
        done = running_server.run("doctor", **{**settings, **changes})
        return next(line for line in done.stdout.splitlines() if " columnar: " in line)

    with EmulatorProcess(tmp_path / "vastdb") as emulator:
        settings = {
            "vastdb_endpoint": emulator.endpoint,
            "vastdb_bucket": "vastdb",
            "vastdb_access_key": process.ACCESS_KEY,
            "vastdb_secret_key": process.SECRET_KEY,
        }
        assert said() == f"ok       columnar: VAST DB 5.5.0.0 at {emulator.endpoint}/vastdb/interneg"
        assert "the credentials were refused" in said(vastdb_secret_key="wrong")
        assert "bucket does not exist" in said(vastdb_bucket="nowhere")
        assert "INTERNEG_VASTDB_BUCKET must be set too" in said(vastdb_bucket="")
        assert "is not http://host" in said(vastdb_endpoint="localhost")
    assert "could not be reached" in said()
