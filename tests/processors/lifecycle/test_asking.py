"""A prefix of a transfer stands for the files that are there now, however many there were before."""

from __future__ import annotations

import pytest

from domain.errors import LimitExceeded
from domain.files.lifecycle import archive_files
from domain.transfers.commands import load_transfer
from domain.transfers.events import MetadataPolicy, TransferKind
from processors.lifecycle import choosing
from processors.lifecycle.asking import AskedTransfer, Prefixes, ask_for_transfer
from tests.domain.library import order
from tests.processors.lifecycle.life import SHOT, Life

MOVE = AskedTransfer(
    kind=TransferKind.MOVE,
    source=SHOT,
    destination=("shows", "shot_020"),
    files=None,
    prefixes=Prefixes("in/", "out/"),
    metadata_policy=MetadataPolicy.KEEP_SOURCE,
    reason=None,
)


@pytest.fixture
def folder(life: Life, monkeypatch: pytest.MonkeyPatch) -> Life:
    """Seven files, of which the first five have gone, looked at two by two."""
    monkeypatch.setattr(choosing, "LOOK", 2)
    for number in range(7):
        life.put(f"in/{number}.exr")
    archive_files(life.ledger, *SHOT, paths=[f"in/{number}.exr" for number in range(5)], order=order())
    life.follow()
    return life


def test_what_is_there_goes_after_any_number_of_files_that_are_not(
    folder: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "MAX_FILES", 2)
    ask_for_transfer(folder.ledger, "t1", MOVE, pool=folder.pool, order=order())
    files = load_transfer(folder.ledger, "t1")[1].request.files
    assert [(file.source_path, file.destination_path) for file in files] == [
        ("in/5.exr", "out/5.exr"),
        ("in/6.exr", "out/6.exr"),
    ]


def test_a_folder_that_is_too_large_is_refused_with_what_to_do(folder: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "MAX_FILES", 1)
    before = folder.ledger.head()
    with pytest.raises(LimitExceeded, match="More than 1 files begin with 'in/': do it in parts, each by a longer"):
        ask_for_transfer(folder.ledger, "t1", MOVE, pool=folder.pool, order=order())
    assert folder.ledger.head() == before
