"""A server is killed in the middle of a transfer, more than once, and ends with exactly the wanted objects."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from random import Random

import pytest

from tests.contracts.conftest import s3_endpoint_url
from tests.system import transfers
from tests.system.accounts import client_of
from tests.system.server import RunningServer, start
from tests.system.transfers import Where

__all__ = ["s3_endpoint_url"]

LONGEST_DELAY_SECONDS = 0.1
IN_FLIGHT_SECONDS = 1.0
"""Until the store has done what the killed process asked of it last: two deletions of one key leave two markers."""
DRILLS = [
    pytest.param(True, 300, (100, 300), id="move-300-files-2-kills"),
    pytest.param(True, 1000, (100, 400, 800, 1000), id="move-1000-files-4-kills", marks=pytest.mark.soak),
    pytest.param(False, 1000, (100, 400, 800), id="copy-1000-files-3-kills", marks=pytest.mark.soak),
]
"""How many files there are, and how many are at their destination, at least, when the server is killed."""


@pytest.fixture(params=["local", "s3"])
def where(request: pytest.FixtureRequest, data_dir: Path) -> Where:
    if request.param == "local":
        return transfers.local(data_dir)
    return transfers.on_s3(data_dir, request.getfixturevalue("s3_endpoint_url"))


@pytest.mark.parametrize(("is_move", "count", "moments"), DRILLS)
@pytest.mark.timeout(600)
def test_kills_in_a_transfer_leave_exactly_the_wanted_objects(
    where: Where, is_move: bool, count: int, moments: tuple[int, ...]
) -> None:
    random, began = Random(count), time.monotonic()
    server = start(where.data_dir, **where.settings)
    with client_of(server) as client:
        versions = transfers.load(client, where, count)
        identity = transfers.begin(client, is_move=is_move)
    struck = 0
    for moment in moments:
        with client_of(server) as client:
            found = transfers.wait_until(client, identity, done=moment)
        time.sleep(random.uniform(0, LONGEST_DELAY_SECONDS))
        struck += found["state"] in ("REQUESTED", "RUNNING")
        server = _killed_and_started(server, where)
        _say(f"killed after {found['doneCount']} of {count} files, {found['state']}")
    with client_of(server) as client:
        found = transfers.wait_until(client, identity, done=None)
        assert found == {"state": "DONE", "doneCount": count, "failedCount": 0, "leftOver": None}
        arrived = transfers.check_log(client, versions, is_move=is_move)
    server.stop()
    transfers.check_store(where, versions, arrived, is_move=is_move)
    _say(f"done {time.monotonic() - began:.1f} s after the first start")
    assert struck >= 1


def _killed_and_started(server: RunningServer, where: Where) -> RunningServer:
    server.kill()
    time.sleep(IN_FLIGHT_SECONDS)
    return start(server.data_dir, port=server.port, **where.settings)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
