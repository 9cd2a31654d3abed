"""Files archived and deleted while others upload to them, on real Postgres: every race ends in one state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from domain.assets.commands import archive_asset
from domain.assets.deletion import delete_asset_permanently
from domain.assets.events import AssetArchived, AssetPermanentlyDeleted
from domain.event import Event
from domain.files.commands import ObservedFile, register_files
from domain.files.events import FileArchived, FileEvent, FilePermanentlyDeleted, FileVersionSeen
from domain.files.file import FILES
from domain.files.lifecycle import archive_files, delete_files_permanently
from domain.ledger import Ledger
from domain.links.commands import create_asset_link
from domain.links.events import AssetLinkCreated, RelationshipType
from domain.links.link import AssetKey
from tests.domain.library import given_asset, given_database, order, stored
from tests.gateway.racing import Racers, racers

WRITERS = 31
SHOT = ("shows", "shot_010")
Command = Callable[[Ledger], object]


@pytest.fixture
def racing(database_url: str) -> Iterator[Racers]:
    """Two ledgers over an asset with one file, beside another asset."""
    with racers(database_url) as racing:
        given_database(racing.ledger)
        given_asset(racing.ledger)
        given_asset(racing.ledger, "other")
        _register(0, racing.ledger)
        yield racing


def _register(number: int, ledger: Ledger) -> None:
    """Another version of the file, and a file of its own."""
    files = [ObservedFile(path, stored(path, f"v{number}")) for path in ("a.exr", f"{number}.exr")]
    register_files(ledger, *SHOT, files=files, order=order())


def _link(number: int, ledger: Ledger) -> None:
    create_asset_link(
        ledger,
        f"l{number}",
        from_asset=AssetKey("shows", "other"),
        to_asset=AssetKey(*SHOT),
        relationship_type=RelationshipType.PARENT_CHILD,
        alias=str(number),
        order=order(),
    )


def _among(place: int, ending: Command, other: Callable[[int, Ledger], None]) -> list[Command]:
    commands: list[Command] = [partial(other, number) for number in range(1, WRITERS + 1)]
    return [*commands[:place], ending, *commands[place:]]


def _events(racing: Racers) -> list[Event]:
    return [entry.event for entry in racing.log()]


@pytest.mark.parametrize("place", [0, 15, WRITERS])
def test_a_file_that_is_archived_among_uploads_stays_archived(racing: Racers, place: int) -> None:
    def archive(ledger: Ledger) -> object:
        return archive_files(ledger, *SHOT, paths=["a.exr"], order=order())

    answers = racing.at_once(_among(place, archive, _register))
    assert answers[place] is None
    about_it = [event for event in _events(racing) if isinstance(event, FileEvent) and event.path == "a.exr"]
    assert isinstance(about_it[-1], FileArchived)
    refused = [answer for answer in answers if answer is not None]
    assert refused == ["FileAlreadyArchived"] * len(refused)
    assert len(about_it) - 2 + len(refused) == WRITERS
    file = racing.ledger.load(FILES, *SHOT, "a.exr").state
    assert file is not None
    assert (file.is_archived, len(file.versions)) == (True, WRITERS + 1 - len(refused))


@pytest.mark.parametrize("place", [0, 15, WRITERS])
def test_no_file_comes_to_an_asset_after_it_was_archived(racing: Racers, place: int) -> None:
    def archive(ledger: Ledger) -> object:
        return archive_asset(ledger, *SHOT, order=order())

    answers = racing.at_once(_among(place, archive, _register))
    log = _events(racing)
    (archived,) = (n for n, event in enumerate(log) if isinstance(event, AssetArchived))
    assert [event for event in log[archived:] if isinstance(event, FileEvent)] == []
    refused = [answer for answer in answers if answer is not None]
    assert refused == ["AssetAlreadyArchived"] * len(refused)
    assert sum(isinstance(event, FileVersionSeen) for event in log) == 2 * (WRITERS + 1 - len(refused))


@pytest.mark.parametrize("place", [0, 15, WRITERS])
def test_no_version_comes_to_a_path_between_a_deletion_and_its_erasure(racing: Racers, place: int) -> None:
    def delete(ledger: Ledger) -> object:
        return delete_files_permanently(ledger, *SHOT, paths=["a.exr"], is_confirmed=True, order=order())

    answers = racing.at_once(_among(place, delete, _register))
    about_it = [event for event in _events(racing) if isinstance(event, FileEvent) and event.path == "a.exr"]
    assert isinstance(about_it[-1], FilePermanentlyDeleted)
    refused = [answer for answer in answers if answer is not None]
    assert refused == ["FileBeingErased"] * len(refused)


@pytest.mark.parametrize("place", [0, 15, WRITERS])
def test_nothing_comes_to_an_asset_after_it_was_deleted(racing: Racers, place: int) -> None:
    def delete(ledger: Ledger) -> object:
        return delete_asset_permanently(ledger, *SHOT, reason="Wrong", is_confirmed=True, order=order())

    def other(number: int, ledger: Ledger) -> None:
        (_link if number % 2 else _register)(number, ledger)

    answers = racing.at_once(_among(place, delete, other))
    log = _events(racing)
    (deleted,) = (n for n, event in enumerate(log) if isinstance(event, AssetPermanentlyDeleted))
    assert [event for event in log[deleted:] if isinstance(event, FileEvent | AssetLinkCreated)] == []
    assert set(answers) <= {None, "AssetNotFound", "LinkEndNotFound"}
