"""What the terminal says of rebuilds: position, rate and time left, and in the list how much of one is done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.commands.rebuild_progress import bar, told_state
from gateway.consumers.rebuild import Progress
from gateway.consumers.status import FollowerState, Status

IDLE = Status(
    name="tables",
    generation=1,
    is_projection=True,
    position=900,
    head=1000,
    lag_seconds=0.0,
    state=FollowerState.LIVE,
    failure=None,
    failed_position=None,
    events_per_second=50.0,
    progress=None,
    seconds_left=None,
    previous_generation=None,
)


def test_plain_lines_have_the_rate_and_the_time_left_once_it_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("rebuilding tables") as tell:
        tell(Progress(1000, 1_000_000, 0.0, None))
        tell(Progress(250_000, 1_000_000, 8000.4, 93.7))
    assert capsys.readouterr().err.splitlines() == [
        "rebuilding tables: 1000/1000000 events, 0/s",
        "rebuilding tables: 250000/1000000 events, 8000/s, 0:01:34 left",
    ]


def test_the_list_says_how_much_of_a_rebuild_is_done_and_what_is_left() -> None:
    rebuilding = replace(IDLE, state=FollowerState.REBUILDING, progress=0.254, seconds_left=3725.0)
    catching_up = replace(IDLE, state=FollowerState.CATCHING_UP, seconds_left=2.0)
    assert [told_state(one) for one in (IDLE, rebuilding, catching_up)] == [
        "LIVE",
        "REBUILDING 25%, 1:02:05 left",
        "CATCHING_UP, 0:00:02 left",
    ]
