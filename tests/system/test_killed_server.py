"""The server, or its database, is killed while clients load files: nothing acknowledged is lost, nothing is twice."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import psutil
import pytest

from tests.system import pictures
from tests.system.accounts import check_acknowledged, check_end, client_of, wait_for_media
from tests.system.client import Client
from tests.system.loading import Loading, count_calls, every_event, planned_sessions
from tests.system.patience import Patient
from tests.system.server import RunningServer, start

SECONDS_TO_RESTART = 30.0
LONGEST_DELAY_SECONDS = 0.05
ASSET = """query($a: String!, $at: Position) {
  asset(databaseId: "drill", assetId: $a, atLeast: $at) { assetId } }"""
ROUNDS = [pytest.param(3, 1, id="3-rounds"), pytest.param(10, 2, id="10-rounds", marks=pytest.mark.soak)]


@pytest.mark.parametrize(("rounds", "seed"), ROUNDS)
@pytest.mark.timeout(600)
def test_kills_of_the_server_lose_nothing_and_repeat_nothing(rounds: int, seed: int, data_dir: Path) -> None:
    server = _drilled(data_dir, _killed_and_started, rounds=rounds, seed=seed)
    server.stop()
    assert list((data_dir / "scratch").iterdir()) == []


def test_what_reads_showed_before_the_database_was_killed_is_waited_for_after_it(data_dir: Path) -> None:
    """What followers did in the moments before is taken back with the database, and done again."""
    server = start(data_dir)
    with closing(Patient(server.url)) as patient:
        for number in range(5):
            created = patient.client.create_asset("drill", f"a{number}")
            _kill_database(server)
            shown = patient.until_answered(partial(_shown, patient.client, f"a{number}", created["position"]))
            assert shown == {"asset": {"assetId": f"a{number}"}}
    server.stop()


@pytest.mark.parametrize(("rounds", "seed"), ROUNDS)
@pytest.mark.timeout(600)
def test_kills_of_the_database_lose_nothing_and_repeat_nothing(rounds: int, seed: int, data_dir: Path) -> None:
    server = _drilled(data_dir, _database_killed, rounds=rounds, seed=seed)
    server.stop()
    assert server.log.read_text().count("ended unasked; starting it again") == rounds


def test_a_job_of_a_killed_server_is_taken_back(data_dir: Path) -> None:
    body = pictures.exr(Random(3), width=6000, height=4000)
    server = start(data_dir)
    with client_of(server) as client:
        client.create_asset("drill", "large")
        client.upload(("drill", "large"), {"large.exr": body})
        scratch = data_dir / "scratch"
        while not list(scratch.glob("*/*/source.exr")):
            time.sleep(0.01)
    server = _killed_and_started(server)
    began = time.monotonic()
    with client_of(server) as client:
        wait_for_media(client, 1)
        _say(f"the job was done again {time.monotonic() - began:.1f} s after the restart")
        assert len(list(every_event(client, "RenditionsProduced"))) == 1
    assert server.log.read_text().count("is taken back from a worker that is dead") == 1
    server.stop()


def _drilled(
    data_dir: Path, strike: Callable[[RunningServer], RunningServer], *, rounds: int, seed: int
) -> RunningServer:
    """Load 200 files, and strike at random moments of it; gives the server after everything was checked."""
    random = Random(seed)
    sessions = planned_sessions(random)
    moments = sorted(random.sample(range(1, count_calls(sessions) * 3 // 4), rounds))
    server = start(data_dir)
    with closing(Loading(server.url)) as loading, ThreadPoolExecutor(1) as clients:
        loading.create_assets()
        loaded = clients.submit(loading.run, sessions)
        for moment in moments:
            loading.wait_for_calls(moment)
            if loaded.done():
                loaded.result()
            time.sleep(random.uniform(0, LONGEST_DELAY_SECONDS))
            before = loading.acknowledged()
            server = strike(server)
            check_acknowledged(server, before)
            _say(f"struck after {before.calls} of {count_calls(sessions)} calls; what they did is there")
        loaded.result()
        check_end(server, sessions, loading.acknowledged())
    return server


def _killed_and_started(server: RunningServer) -> RunningServer:
    children = psutil.Process(server.process.pid).children(recursive=True)
    server.kill()
    server = start(server.data_dir, port=server.port)
    # Nothing of the dead server may go on beside the new one, its database and media processes least of all.
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
    return server


def _database_killed(server: RunningServer) -> RunningServer:
    _kill_database(server)
    with client_of(server) as client:
        deadline = time.monotonic() + SECONDS_TO_RESTART
        while client.http.get(f"{server.url}/readyz").status_code != 200:
            assert time.monotonic() < deadline, client.http.get(f"{server.url}/readyz").text
            time.sleep(0.1)
    return server


def _kill_database(server: RunningServer) -> None:
    """Kill the database under the server, which starts it again."""
    pid_file = server.data_dir / "postgres" / "postmaster.pid"
    killed = psutil.Process(int(pid_file.read_text().split()[0]))
    killed.kill()
    killed.wait(5)


def _shown(client: Client, asset_id: str, position: str) -> Any:
    """What reads show of an asset; None while they answer errors."""
    answer = client.answer(ASSET, a=asset_id, at=position)
    return None if "errors" in answer else answer["data"]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
