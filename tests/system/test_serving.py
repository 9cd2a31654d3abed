"""How a server starts, refuses to, shows that it is not well, and ends."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from websockets.exceptions import InvalidStatus

from tests.gateway.transport.sockets import open_socket
from tests.system.client import Client
from tests.system.server import ROOT, RunningServer, command, environment, serving
from tests.waiting import eventually

KEY = "a-long-random-key"
SHOWN = {"Authorization": f"Bearer {KEY}"}
SECONDS_TO_END = 30.0
WAIT_SECONDS = 60.0
VIEWER = "{ viewer { id } }"
FOLLOWERS = "{ projections { name state failure failedPosition position head } }"
ASSET = """{ asset(databaseId: "drill", assetId: "a") { assetName createdAt metadata { key value }
  files { edges { node { path s3VersionId contentSha256 sizeBytes } } } } }"""
PARTS = {
    "log",
    "bucket-sync",
    "jobs",
    "database",
    "columnar",
    "lifecycle",
    "media",
    "notifications",
    "rebuilds",
    "search",
    "tables",
    "uploads",
    "workflows",
}
EVENTS = "subscription { events { position } }"


@pytest.fixture(scope="module")
def guarded_url() -> Iterator[str]:
    """A server that other machines can reach, as seen from this one."""
    with (
        tempfile.TemporaryDirectory(prefix="interneg-guarded-") as directory,
        serving(Path(directory), "--host", "0.0.0.0", api_key=KEY) as server,
    ):
        yield f"http://127.0.0.1:{server.port}"


def _failed_start(data_dir: Path, *options: str, **settings: str) -> str:
    """What a server says that exits with 1 instead of serving."""
    done = subprocess.run(
        command(data_dir, "serve", "--port", "0", *options),
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


def test_a_second_server_on_one_data_directory_says_so_and_exits(running_server: RunningServer) -> None:
    said = _failed_start(running_server.data_dir)
    assert said == (
        f"interneg: Another interneg server (process {running_server.process.pid}) runs on the data directory "
        f"{running_server.data_dir}: stop it, or set INTERNEG_DATA_DIR to another directory.\n"
    )
    assert running_server.process.poll() is None


def test_a_port_that_is_taken_is_named(running_server: RunningServer, data_dir: Path) -> None:
    said = _failed_start(data_dir, "--port", str(running_server.port))
    assert said.splitlines()[-1].startswith(f"interneg: Cannot listen on 127.0.0.1:{running_server.port}: ")
    assert said.endswith("Choose another with --port.\n")


def test_a_host_beyond_loopback_needs_a_key(data_dir: Path) -> None:
    assert _failed_start(data_dir, "--host", "0.0.0.0") == (
        "interneg: The host 0.0.0.0 can be reached from other machines: set INTERNEG_API_KEY to a long random key, "
        "or serve on 127.0.0.1.\n"
    )
    assert not data_dir.exists()


def test_a_wrong_setting_is_one_sentence_that_names_it(data_dir: Path) -> None:
    said = _failed_start(data_dir, media_jobs="two")
    assert said == "interneg: INTERNEG_MEDIA_JOBS is 'two'; it must be a whole number from 1.\n"


def test_a_restart_finds_everything(data_dir: Path) -> None:
    with serving(data_dir) as server, httpx.Client() as http:
        client = Client(server.url, http)
        client.create_asset("drill", "a", assetName="Kept", metadata=[{"key": "artist", "value": "Ada"}])
        client.upload(("drill", "a"), {"notes/read me.txt": b"kept"})
        before = client.one(ASSET)
    with serving(data_dir) as server, httpx.Client() as http:
        client = Client(server.url, http)
        assert client.one(ASSET) == before
        url = client.one('{ file(databaseId: "drill", assetId: "a", path: "notes/read me.txt") { downloadUrl } }')
        assert http.get(url["downloadUrl"]).content == b"kept"


@pytest.mark.parametrize("headers", [{}, {"authorization": f"Bearer {KEY}x"}, {"authorization": f"Basic {KEY}"}])
def test_every_way_in_wants_the_key(guarded_url: str, headers: dict[str, str]) -> None:
    stream = {**headers, "accept": "text/event-stream"}
    answers = [
        httpx.post(f"{guarded_url}/graphql", json={"query": VIEWER}, headers=headers),
        httpx.get(f"{guarded_url}/graphql", params={"query": VIEWER}, headers=headers),
        httpx.post(f"{guarded_url}/graphql", json={"query": EVENTS}, headers=stream),
        httpx.get(f"{guarded_url}/metrics", headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [401] * 4
    assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}


def test_the_key_opens_http_and_event_streams(guarded_url: str) -> None:
    with httpx.Client(headers={"authorization": f"Bearer {KEY}"}) as http:
        client = Client(guarded_url, http)
        assert client.one(VIEWER) == {"id": "api-key:configured"}
        assert http.get(f"{guarded_url}/metrics").status_code == 200
        with client.subscribe('subscription { projectionProgress(name: "tables") { name } }', over="sse") as results:
            assert next(results) == {"projectionProgress": {"name": "tables"}}


@pytest.mark.parametrize("payload", [None, {}, {"authorization": "Bearer no"}, {"Authorization": ["Bearer", KEY]}])
def test_a_websocket_without_the_key_is_closed(guarded_url: str, payload: object) -> None:
    with open_socket(guarded_url) as socket:
        socket.send(type="connection_init", **({} if payload is None else {"payload": payload}))
        wanted = "Send Authorization: Bearer and the API key, over WebSocket in connection_init."
        assert socket.closed() == (4403, wanted)


@pytest.mark.parametrize(("handshake", "payload"), [(SHOWN, None), (SHOWN, {}), ({}, SHOWN)])
def test_a_websocket_shows_the_key_in_its_handshake_or_in_connection_init(
    guarded_url: str, handshake: dict[str, str], payload: dict[str, str] | None
) -> None:
    with open_socket(guarded_url, additional_headers=handshake) as socket:
        socket.send(type="connection_init", **({} if payload is None else {"payload": payload}))
        assert socket.receive() == {"type": "connection_ack"}
        socket.subscribe("1", VIEWER)
        assert socket.receive()["payload"] == {"data": {"viewer": {"id": "api-key:configured"}}}


def test_pages_of_other_sites_open_no_websocket_unless_allowed(data_dir: Path) -> None:
    with serving(data_dir, allowed_origins="https://friend.example") as server:
        for origin in ("https://friend.example", server.url):
            with open_socket(server.url, additional_headers={"Origin": origin}) as socket:
                socket.send(type="connection_init")
                assert socket.receive() == {"type": "connection_ack"}
        with (
            pytest.raises(InvalidStatus, match="HTTP 403"),
            open_socket(server.url, additional_headers={"Origin": "https://elsewhere.example"}),
        ):
            pass


def test_a_server_that_is_told_to_stop_says_so_and_serves_on_for_a_while(data_dir: Path) -> None:
    with serving(data_dir, drain_seconds="2") as server:
        server.process.terminate()
        deadline = time.monotonic() + WAIT_SECONDS
        while httpx.get(f"{server.url}/readyz/gateway").status_code == 200:
            assert time.monotonic() < deadline
        answer = httpx.post(f"{server.url}/graphql", json={"query": VIEWER})
        assert (answer.status_code, answer.headers["connection"]) == (200, "close")
        assert server.process.wait(SECONDS_TO_END) == 0


def test_what_probes_and_the_page_need_is_open(guarded_url: str) -> None:
    assert httpx.get(f"{guarded_url}/livez").text == "ok\n"
    assert httpx.get(f"{guarded_url}/readyz").json()["ready"] is True
    assert httpx.get(f"{guarded_url}/graphiql").status_code == 200


def test_health_and_metrics_name_every_part(running_server: RunningServer) -> None:
    ready = httpx.get(f"{running_server.url}/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "checks": dict.fromkeys(PARTS, "ok")})
    text = httpx.get(f"{running_server.url}/metrics").text
    for name in PARTS - {"log", "jobs", "database"}:
        assert f'interneg_follower_is_failing{{name="{name}"}} 0.0' in text
    assert "interneg_log_head_position " in text


def test_an_event_that_one_follower_cannot_apply_stops_it_alone_until_retry(
    running_server: RunningServer, client: Client
) -> None:
    client.create_asset("poison", "before")
    with _constraint(running_server, b"CHECK (asset_id <> 'poison')"):
        assert client.create_asset("poison", "poison")["asset"]["assetId"] == "poison"
        search = _wait_for_state(client, "search", "STOPPED")
        assert int(search["failedPosition"]) == int(search["position"]) + 1
        assert "no_poison" in search["failure"]
        client.create_asset("poison", "after")
        ready = httpx.get(f"{running_server.url}/readyz")
        assert ready.status_code == 503
        assert [name for name, check in ready.json()["checks"].items() if check != "ok"] == ["search"]
        gateway = httpx.get(f"{running_server.url}/readyz/gateway")
        expected = {"ready": True, "checks": {"log": "ok", "database": "ok"}}
        assert (gateway.status_code, gateway.json()) == (200, expected)
        assert 'interneg_follower_is_failing{name="search"} 1.0' in httpx.get(f"{running_server.url}/metrics").text
    retried = running_server.run("projections", "retry", "search")
    assert (retried.returncode, retried.stdout) == (0, "search tries again.\n")
    _wait_for_state(client, "search", "LIVE")
    assert client.one('{ search(filter: { databaseIds: ["poison"] }) { totalCount } }') == {"totalCount": 3}
    assert httpx.get(f"{running_server.url}/readyz").status_code == 200


@contextmanager
def _constraint(server: RunningServer, condition: bytes) -> Iterator[None]:
    """Something that the search index cannot take, for the length of the block."""
    with psycopg.connect(server.run("db", "url").stdout.strip(), autocommit=True) as connection:
        connection.execute(b"ALTER TABLE search.assets ADD CONSTRAINT no_poison " + condition)
        yield
        connection.execute("ALTER TABLE search.assets DROP CONSTRAINT no_poison")


def _wait_for_state(client: Client, name: str, state: str) -> Any:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        (found,) = [one for one in client.one(FOLLOWERS) if one["name"] == name]
        if found["state"] == state and (state != "LIVE" or found["position"] == found["head"]):
            return found
        time.sleep(0.05)
    raise AssertionError(f"{name} is not {state}: {found}")


def test_a_server_that_is_told_to_end_ends_its_subscriptions_and_itself(data_dir: Path) -> None:
    with serving(data_dir) as server, httpx.Client(timeout=30) as http:
        client = Client(server.url, http)
        with client.subscribe(EVENTS, over="websocket") as socket, client.subscribe(EVENTS, over="sse") as stream:
            eventually(lambda: client.metric("interneg_subscriptions") == 2)
            client.create_asset("drill", "a")
            assert next(socket)["events"]["position"] == next(stream)["events"]["position"]
            began = time.monotonic()
            server.stop()
            assert time.monotonic() - began < SECONDS_TO_END
