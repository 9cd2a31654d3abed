"""Short names for what the tests of versions do to the asset `shot_010`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.event import Event
from domain.files.commands import ObservedFile, register_files
from domain.ledger import Ledger, recorded
from tests.domain.library import order, stored

SHOT = ("shows", "shot_010")


def register(ledger: Ledger, **files: str) -> None:
    """Observe one version of each of these files; `a="a1"` is the version a1 of the file `a.exr`."""
    observed = [ObservedFile(f"{name}.exr", stored(f"{name}.exr", version)) for name, version in files.items()]
    register_files(ledger, *SHOT, files=observed, order=order())


def events(ledger: Any, after: int = 0) -> list[Event]:
    """The events of the log after a position."""
    return [recorded(n).event for n in ledger.recorder.select_notifications(after + 1, 1_000_000)]


def made(ledger: Ledger, command: Callable[[], object]) -> list[Event]:
    """The events that the command records."""
    before = ledger.head()
    command()
    return events(ledger, before)
