"""Guards that the embedded server keeps its data whatever is killed, and leaves nothing running."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from gateway.embedded_postgres import ACCOUNT, EmbeddedPostgres, PostgresUnusable, lives, running_uri, start
from tests.gateway.ledger.notes import DEADLINE_SECONDS

START_AND_WAIT = """
import sys
from pathlib import Path
from gateway.embedded_postgres import start
print(start(Path(sys.argv[1])).uri, flush=True)
sys.stdin.read()
"""

START_AND_STOP = """
import os, sys, tempfile
from pathlib import Path
import psycopg
from gateway.embedded_postgres import running_uri, start
# Python itself may be installed where only root may go, so it is started by root.
os.setgroups([]); os.setgid(int(sys.argv[1])); os.setuid(int(sys.argv[1])); os.chdir("/")
with tempfile.TemporaryDirectory() as directory:
    server = start(Path(directory) / "postgres")
    with psycopg.connect(server.uri) as connection:
        print(os.geteuid() != 0, connection.execute("SELECT 42").fetchone()[0])
    server.stop()
    print(running_uri(server.data_dir))
"""

REAP_NOBODY = """
import ctypes, subprocess, sys
PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
sys.exit(subprocess.run([sys.executable, "-c", *sys.argv[1:]]).returncode)
"""
"""What process 1 of a container without an init does: orphans become its children, and it never asks for them."""

START_STOP_START = """
import sys
from pathlib import Path
from gateway import embedded_postgres
embedded_postgres.STOP_SECONDS = 10
for _ in range(2):
    embedded_postgres.start(Path(sys.argv[1])).stop()
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Where a server may be made; whatever the test leaves running there is ended."""
    directory = Path(tempfile.mkdtemp(prefix="interneg-postgres-")) / "postgres"
    yield directory
    EmbeddedPostgres(directory, directory).stop()
    shutil.rmtree(directory.parent)


def _remember(server: EmbeddedPostgres, word: str) -> None:
    with psycopg.connect(server.uri) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS words (word text)")
        connection.execute("INSERT INTO words VALUES (%s)", [word])


def _words(server: EmbeddedPostgres) -> list[str]:
    with psycopg.connect(server.uri) as connection:
        return [row[0] for row in connection.execute("SELECT word FROM words ORDER BY word").fetchall()]


def _server_process(data_dir: Path) -> psutil.Process:
    return psutil.Process(int((data_dir / "postmaster.pid").read_text().splitlines()[0]))


def test_a_restart_finds_the_data_and_a_stop_leaves_nothing_running(data_dir: Path) -> None:
    server = start(data_dir)
    _remember(server, "kept")
    processes = [_server_process(data_dir), *_server_process(data_dir).children()]
    assert running_uri(data_dir) == server.uri
    server.stop()
    assert running_uri(data_dir) is None
    assert not any(map(lives, processes))
    server.stop()
    assert _words(start(data_dir)) == ["kept"]


def test_a_server_that_nobody_reaps_has_ended_all_the_same(data_dir: Path) -> None:
    command = [sys.executable, "-c", REAP_NOBODY, START_STOP_START, str(data_dir)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert running_uri(data_dir) is None


def test_a_killed_server_recovers_what_was_committed(data_dir: Path) -> None:
    server = start(data_dir)
    _remember(server, "committed")
    killed = _server_process(data_dir)
    killed.kill()
    killed.wait(DEADLINE_SECONDS)
    assert (data_dir / "postmaster.pid").exists()
    assert _words(start(data_dir)) == ["committed"]


def test_a_server_whose_owner_was_killed_is_taken_over(data_dir: Path) -> None:
    command = [sys.executable, "-c", START_AND_WAIT, str(data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        uri = owner.stdout.readline().strip()
        _remember(EmbeddedPostgres(data_dir, data_dir), "orphaned")
        owner.kill()
    orphan = _server_process(data_dir)
    assert running_uri(data_dir) == uri
    assert _words(start(data_dir)) == ["orphaned"]
    assert not lives(orphan)


def test_a_stale_process_id_that_now_belongs_to_somebody_else_harms_nobody(data_dir: Path) -> None:
    start(data_dir).stop()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        lines = [str(bystander.pid), str(data_dir), "1", "5432", str(data_dir), "", "1 2", "ready"]
        (data_dir / "postmaster.pid").write_text("\n".join(lines) + "\n")
        assert running_uri(data_dir) is None
        _remember(start(data_dir), "started")
        assert bystander.poll() is None
        bystander.communicate(b"\n")


def test_an_initialization_that_was_killed_is_begun_again(data_dir: Path) -> None:
    half = data_dir.with_name("postgres.initdb")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    _remember(start(data_dir), "started")
    assert not half.exists()


@pytest.mark.parametrize("name", ["it's a long name " * 8, "a, 'quoted' \\ name"])
def test_a_directory_of_any_name_and_length_works(data_dir: Path, name: str) -> None:
    server = start(data_dir.parent / name)
    try:
        _remember(server, "reached")
        assert running_uri(server.data_dir) == server.uri
        assert server.socket_dir != server.data_dir
    finally:
        server.stop()
    assert not server.socket_dir.exists()


def test_the_settings_are_ours_and_nothing_listens_on_the_network(data_dir: Path) -> None:
    server = start(data_dir)
    with psycopg.connect(server.uri) as connection:
        rows = connection.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)",
            [["fsync", "synchronous_commit", "jit", "listen_addresses", "max_connections", "TimeZone"]],
        ).fetchall()
    assert dict(rows) == {
        "fsync": "on",
        "synchronous_commit": "on",
        "jit": "off",
        "listen_addresses": "",
        "max_connections": "200",
        "TimeZone": "UTC",
    }


def test_a_server_that_cannot_start_says_why(data_dir: Path) -> None:
    start(data_dir).stop()
    (data_dir / "postgresql.auto.conf").write_text("shared_buffers = nonsense\n")
    with pytest.raises(PostgresUnusable, match='invalid value for parameter "shared_buffers"'):
        start(data_dir)


@pytest.mark.skipif(os.geteuid() != 0, reason="every other test here has run as an ordinary user")
def test_an_ordinary_user_starts_and_stops_one_too() -> None:
    user = pwd.getpwnam(ACCOUNT)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", START_AND_STOP, str(user.pw_uid)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("True 42\nNone\n", "")
