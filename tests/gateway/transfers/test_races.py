"""Transfers, uploads and archives that meet at one path, on real Postgres, end in one documented state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from domain.files.commands import ObservedFile, register_files
from domain.files.events import FileArchived, FileMoved, FileMovedAway, FileVersionObserved
from domain.files.file import FILES
from domain.files.lifecycle import archive_files
from domain.ledger import Ledger
from domain.transfers.commands import FilePair, WantedTransfer, request_transfer
from domain.transfers.events import FileTransferRequested, TransferKind
from domain.transfers.recording import record_copies
from tests.domain.library import given_asset, given_database, given_file, order, stored
from tests.gateway.racing import Racers, racers

WRITERS = 32
SHOT, OTHER = ("shows", "shot_010"), ("shows", "shot_020")


@pytest.fixture
def racing(database_url: str) -> Iterator[Racers]:
    """Two ledgers over two assets, the first of which has 32 files."""
    with racers(database_url) as racing:
        given_database(racing.ledger)
        for asset_id in ("shot_010", "shot_020"):
            given_asset(racing.ledger, asset_id)
        for number in range(WRITERS):
            given_file(racing.ledger, f"{number}.exr")
        yield racing


def _ask(ledger: Ledger, source: str, destination: str, *, number: int, kind: TransferKind) -> None:
    pairs = [FilePair(source, destination)]
    request_transfer(ledger, f"t{number}", WantedTransfer(kind, SHOT, OTHER, pairs), order=order())


def _requests(racing: Racers) -> list[str]:
    return [e.event.transfer_id for e in racing.log() if isinstance(e.event, FileTransferRequested)]


def test_of_many_transfers_to_one_destination_one_is_accepted(racing: Racers) -> None:
    asks: list[Callable[[Ledger], object]] = [
        partial(_ask, source=f"{n}.exr", destination="one.exr", number=n, kind=TransferKind.COPY)
        for n in range(WRITERS)
    ]
    refusals = racing.at_once(asks)
    assert sorted(map(str, refusals)) == ["DestinationClaimed"] * (WRITERS - 1) + ["None"]
    assert len(_requests(racing)) == 1


def test_of_many_moves_of_one_source_one_is_accepted(racing: Racers) -> None:
    asks: list[Callable[[Ledger], object]] = [
        partial(_ask, source="0.exr", destination=f"{n}.exr", number=n, kind=TransferKind.MOVE) for n in range(WRITERS)
    ]
    refusals = racing.at_once(asks)
    assert sorted(map(str, refusals)) == ["None"] + ["SourceLeaving"] * (WRITERS - 1)
    assert len(_requests(racing)) == 1


def _arrive(ledger: Ledger, number: int) -> None:
    record_copies(ledger, f"t{number}", {0: stored(f"{number}.exr", f"w{number}")}, order=order())


def _archive(ledger: Ledger, number: int) -> None:
    archive_files(ledger, *SHOT, paths=[f"{number}.exr"], order=order())


def test_of_a_move_and_an_archive_of_one_file_exactly_one_happens(racing: Racers) -> None:
    for number in range(WRITERS // 2):
        _ask(racing.ledger, f"{number}.exr", f"{number}.exr", number=number, kind=TransferKind.MOVE)
    racing.at_once([partial(act, number=n) for n in range(WRITERS // 2) for act in (_arrive, _archive)])
    events = [entry.event for entry in racing.log()]
    moved = {event.path for event in events if isinstance(event, FileMovedAway)}
    archived = {event.path for event in events if isinstance(event, FileArchived)}
    assert moved | archived == {f"{n}.exr" for n in range(WRITERS // 2)}
    assert not moved & archived
    arrived = {event.path for event in events if isinstance(event, FileMoved)}
    assert arrived == moved


def _register(ledger: Ledger, number: int) -> None:
    theirs = ObservedFile(f"{number}.exr", stored(f"{number}.exr", f"u{number}"))
    register_files(ledger, *OTHER, files=[theirs], order=order())


def test_a_file_that_comes_to_a_destination_first_keeps_its_place_and_the_source_stays(racing: Racers) -> None:
    for number in range(WRITERS // 2):
        _ask(racing.ledger, f"{number}.exr", f"{number}.exr", number=number, kind=TransferKind.MOVE)
    racing.at_once([partial(act, number=n) for n in range(WRITERS // 2) for act in (_arrive, _register)])
    events = [entry.event for entry in racing.log()]
    first: dict[str, str] = {}
    for event in events:
        if isinstance(event, FileMoved | FileVersionObserved) and event.asset_id == "shot_020":
            first.setdefault(event.path, type(event).__name__)
    assert first.keys() == {f"{n}.exr" for n in range(WRITERS // 2)}
    moved = {event.path for event in events if isinstance(event, FileMovedAway)}
    assert moved == {path for path, kind in first.items() if kind == "FileMoved"}
    for number in range(WRITERS // 2):
        source = racing.ledger.load(FILES, *SHOT, f"{number}.exr").state
        assert source is not None
        assert source.is_there == (f"{number}.exr" not in moved)
