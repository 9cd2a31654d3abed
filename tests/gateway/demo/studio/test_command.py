"""interneg demo --events: on an installation that is not at work, whose processors then pass over what was made."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from gateway.commands.demo import grow
from gateway.composition import parts, prepare
from gateway.consumers.contracts import Projection
from gateway.consumers.ownership import Ownership
from gateway.consumers.status import FollowerState, status
from gateway.demo.studio.errors import GatewayAtWork
from gateway.settings import Settings


def test_processors_pass_over_it_and_projections_do_not(
    empty_database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data_dir=tmp_path, database_url=empty_database_url)
    assert grow(settings, events=100, seed=3) == 0
    with parts(settings, empty_database_url, public_url="http://127.0.0.1") as opened:
        head = opened.log.recorder.max_notification_id() or 0
        projections = {one.name for one in opened.followers if isinstance(one, Projection)}
        prepare(opened)
        found = {one.name: one for one in status(opened.log.feed, opened.pool)}
        with Ownership(opened.pool, "run.media") as ownership:
            assert ownership.acquire(Event())
            with pytest.raises(GatewayAtWork, match="stop `interneg serve`"):
                grow(settings, events=100, seed=4)
        assert opened.log.recorder.max_notification_id() == head
    assert {name: one.position for name, one in found.items() if one.position < head} == dict.fromkeys(projections, 0)
    assert {found[name].state for name in found.keys() - projections} == {FollowerState.LIVE}
    said = capsys.readouterr()
    assert f"the log's head is at position {head}" in said.out
    assert f"generating events: {head - 1}/100" in said.err
