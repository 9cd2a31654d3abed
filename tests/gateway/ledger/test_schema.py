"""Guards the one migration step: many processes at once, and a second run that disturbs nobody."""

from __future__ import annotations

import subprocess
import sys

import psycopg

from gateway.ledger.schema import CHANNEL, migrate
from tests.gateway.ledger.notes import count_rows

MIGRATE = (
    "import sys; from gateway.ledger.schema import migrate; print('ready', flush=True); input(); migrate(sys.argv[1])"
)
COLUMNS = b"SELECT count(*) FROM pg_attribute WHERE attrelid = 'ledger.events'::regclass AND attnum > 0"


def test_six_processes_migrate_at_once_and_each_succeeds(empty_database_url: str) -> None:
    command = [sys.executable, "-c", MIGRATE, empty_database_url]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    errors = [process.communicate(timeout=90)[1] for process in processes]
    assert ([process.returncode for process in processes], errors) == ([0] * 6, [""] * 6)
    assert count_rows(empty_database_url, COLUMNS) == 5


def test_migrating_again_waits_for_no_lock_on_the_table(database_url: str) -> None:
    with psycopg.connect(database_url) as vacuuming:
        vacuuming.execute("LOCK TABLE ledger.events IN ACCESS EXCLUSIVE MODE")
        migrate(f"{database_url}&options=-clock_timeout%3D5s")


def test_the_channel_is_what_an_append_notifies(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f'LISTEN "{CHANNEL}"'.encode())
        connection.execute("SELECT ledger.events_append('{}', '{}', '{}', '{}')")
        assert [n.channel for n in connection.notifies(timeout=30, stop_after=1)] == ["ledger_events"]
