"""How far rebuilds are, on a terminal: a bar, or plain lines elsewhere; and in the list of projections."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from gateway.consumers.rebuild import Progress as Pace
from gateway.consumers.status import Status


@contextmanager
def bar(text: str) -> Iterator[Callable[[Pace], None]]:
    """A progress bar on a terminal, plain lines elsewhere; both with the rate and the time left."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[pace]}"), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:
        task = shown.add_task(text, total=None, pace="")

        def tell(pace: Pace) -> None:
            line = f"{pace.position}/{pace.head} events, {pace.events_per_second:.0f}/s"
            shown.update(task, total=pace.head, completed=pace.position, pace=line)
            if not console.is_terminal:
                sys.stderr.write(f"{text}: {line}{_left(pace.seconds_left)}\n")

        yield tell


def told_state(status: Status) -> str:
    """The state, and of a rebuild how much of it is done and how long the rest may take."""
    share = "" if status.progress is None else f" {status.progress:.0%}"
    return f"{status.state}{share}{_left(status.seconds_left)}"


def _left(seconds: float | None) -> str:
    return "" if seconds is None else f", {timedelta(seconds=round(seconds))} left"
