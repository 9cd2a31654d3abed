"""Going back to an older version: what is asked for, which files that means, and what is recorded at the end."""

from __future__ import annotations

import pytest

from domain.assets.commands import archive_asset, set_asset_metadata
from domain.assets.errors import AssetAlreadyArchived, AssetVersionNotFound, RevertInProgress
from domain.assets.events import (
    AssetMetadataRemoved,
    AssetMetadataSet,
    AssetReverted,
    AssetRevertFailed,
    AssetRevertRequested,
    AssetVersionCreated,
    ChosenFile,
)
from domain.assets.reverts import (
    FileToRevert,
    RevertedFile,
    files_to_revert,
    is_open,
    record_revert,
    record_revert_failure,
    revert_asset_version,
)
from domain.assets.versions import create_asset_version
from domain.errors import Invalid
from domain.files.commands import set_file_metadata
from domain.files.events import FileMetadataSet, FileVersionObserved
from domain.ledger import Ledger
from domain.metadata import MetadataEntry
from tests.domain.assets.scene import SHOT, events, made, register
from tests.domain.library import ASSET, order, stored

FIRST = (*SHOT, 1)
PATHS = ["a.exr", "b.exr"]


@pytest.fixture(autouse=True)
def changed_since(shot: Ledger) -> None:
    """A version of a1 and b1 with metadata; then a2, c1 and other metadata."""
    register(shot, a="a1", b="b1")
    set_asset_metadata(shot, *SHOT, entries=[MetadataEntry(key="lens", value="35")], order=order())
    set_file_metadata(shot, (*SHOT, "a.exr"), entries=[MetadataEntry(key="note", value="old")], order=order())
    create_asset_version(shot, *SHOT, comment="First", order=order())
    register(shot, a="a2", c="c1")
    later = [MetadataEntry(key="lens", value="50"), MetadataEntry(key="take", value="7")]
    set_asset_metadata(shot, *SHOT, entries=later, order=order())
    set_file_metadata(shot, (*SHOT, "a.exr"), entries=[MetadataEntry(key="note", value="new")], order=order())


def _request(shot: Ledger, *, with_metadata: bool = False, number: int = 1) -> AssetRevertRequested:
    (event,) = made(
        shot,
        lambda: revert_asset_version(shot, (*SHOT, number), comment="Back", with_metadata=with_metadata, order=order()),
    )
    assert isinstance(event, AssetRevertRequested)
    return event


def _reverted() -> list[RevertedFile]:
    return [RevertedFile("a.exr", stored("a.exr", "a3")), RevertedFile("b.exr", stored("b.exr", "b1"))]


def test_a_request_names_the_position_of_the_version(shot: Ledger) -> None:
    request = _request(shot)
    position = events(shot).index(AssetVersionCreated(**ASSET, asset_version_id=1, comment="First")) + 1
    assert request == AssetRevertRequested(
        **ASSET, revert_id=1, asset_version_id=1, version_position=position, comment="Back", with_metadata=False
    )
    assert is_open(shot, request)


def test_the_files_of_a_bookmark_are_those_at_its_position(shot: Ledger) -> None:
    assert files_to_revert(shot, _request(shot), paths=PATHS) == [
        FileToRevert("a.exr", stored("a.exr", "a1"), stored("a.exr", "a2")),
        FileToRevert("b.exr", stored("b.exr", "b1"), stored("b.exr", "b1")),
    ]


def test_the_files_of_an_explicit_list_are_those_it_names(shot: Ledger) -> None:
    chosen = (ChosenFile(path="a.exr", s3_version_id="a1"), ChosenFile(path="c.exr", s3_version_id="c1"))
    create_asset_version(shot, *SHOT, comment="Chosen", files=chosen, order=order())
    register(shot, c="c2")
    assert files_to_revert(shot, _request(shot, number=2), paths=()) == [
        FileToRevert("a.exr", stored("a.exr", "a1"), stored("a.exr", "a2")),
        FileToRevert("c.exr", stored("c.exr", "c1"), stored("c.exr", "c2")),
    ]


def test_a_finished_revert_is_a_version_of_exactly_its_files(shot: Ledger) -> None:
    request = _request(shot)

    def finish() -> None:
        record_revert(shot, request, files=_reverted(), skipped_paths=["x.exr"], order=order())

    assert made(shot, finish) == [
        FileVersionObserved(**ASSET, path="a.exr", stored=stored("a.exr", "a3")),
        AssetVersionCreated(
            **ASSET,
            asset_version_id=2,
            comment="Back (reverted from v1)",
            files=(ChosenFile(path="a.exr", s3_version_id="a3"), ChosenFile(path="b.exr", s3_version_id="b1")),
        ),
        AssetReverted(**ASSET, revert_id=1, reverted_from=1, asset_version_id=2, skipped_paths=("x.exr",)),
    ]
    assert not is_open(shot, request)
    assert made(shot, finish) == []


def test_metadata_goes_back_too_when_it_is_asked_for(shot: Ledger) -> None:
    request = _request(shot, with_metadata=True)
    recorded = made(shot, lambda: record_revert(shot, request, files=_reverted(), skipped_paths=(), order=order()))
    assert recorded[:4] == [
        FileVersionObserved(**ASSET, path="a.exr", stored=stored("a.exr", "a3")),
        FileMetadataSet(**ASSET, path="a.exr", entries=(MetadataEntry(key="note", value="old"),)),
        AssetMetadataRemoved(**ASSET, keys=("take",)),
        AssetMetadataSet(**ASSET, entries=(MetadataEntry(key="lens", value="35"),)),
    ]
    assert [type(event) for event in recorded[4:]] == [AssetVersionCreated, AssetReverted]


def test_a_failed_revert_leaves_everything_and_allows_another(shot: Ledger) -> None:
    request = _request(shot)

    def fail() -> None:
        record_revert_failure(shot, request, message="The store is gone.", order=order())

    assert made(shot, fail) == [AssetRevertFailed(**ASSET, revert_id=1, message="The store is gone.")]
    assert made(shot, fail) == []
    assert _request(shot).revert_id == 2


def test_a_revert_waits_for_the_one_before_it(shot: Ledger) -> None:
    _request(shot)
    before = shot.head()
    with pytest.raises(RevertInProgress):
        _request(shot)
    assert shot.head() == before


def test_a_revert_needs_a_version_and_a_comment(shot: Ledger) -> None:
    before = shot.head()
    with pytest.raises(AssetVersionNotFound):
        _request(shot, number=2)
    with pytest.raises(Invalid):
        revert_asset_version(shot, FIRST, comment=" ", with_metadata=False, order=order())
    archive_asset(shot, *SHOT, order=order())
    with pytest.raises(AssetAlreadyArchived):
        _request(shot)
    assert shot.head() == before + 1
