"""Comments, aliases and the archive of versions; what is refused records nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.assets.commands import archive_asset
from domain.assets.errors import (
    AssetAlreadyArchived,
    AssetNotFound,
    AssetVersionAlreadyArchived,
    AssetVersionIsCurrent,
    AssetVersionNotArchived,
    AssetVersionNotFound,
    VersionAliasTaken,
)
from domain.assets.events import (
    AssetVersionAliased,
    AssetVersionArchived,
    AssetVersionCreated,
    AssetVersionDescribed,
    AssetVersionUnarchived,
)
from domain.assets.versions import (
    archive_asset_version,
    create_asset_version,
    unarchive_asset_version,
    update_asset_version,
)
from domain.errors import DomainError, Invalid, RevisionMismatch
from domain.ledger import Ledger
from tests.domain.assets.scene import SHOT, made
from tests.domain.library import ASSET, order

FIRST = (*SHOT, 1)
SECOND = (*SHOT, 2)


@pytest.fixture(autouse=True)
def two_versions(shot: Ledger) -> None:
    create_asset_version(shot, *SHOT, comment="First", version_alias="delivery", order=order())
    create_asset_version(shot, *SHOT, comment="Second", order=order())


def test_comment_and_alias_change_by_one_event_each(shot: Ledger) -> None:
    def both() -> None:
        update_asset_version(shot, FIRST, comment="Sent", version_alias="client", order=order())

    assert made(shot, both) == [
        AssetVersionDescribed(**ASSET, asset_version_id=1, comment="Sent"),
        AssetVersionAliased(**ASSET, asset_version_id=1, version_alias="client"),
    ]
    assert made(shot, both) == []


def test_an_empty_alias_clears_it_and_frees_it_for_another_version(shot: Ledger) -> None:
    assert made(shot, lambda: update_asset_version(shot, FIRST, version_alias="", order=order())) == [
        AssetVersionAliased(**ASSET, asset_version_id=1, version_alias=None)
    ]
    assert made(shot, lambda: update_asset_version(shot, FIRST, version_alias="", order=order())) == []
    assert made(shot, lambda: update_asset_version(shot, SECOND, version_alias="delivery", order=order())) == [
        AssetVersionAliased(**ASSET, asset_version_id=2, version_alias="delivery")
    ]


def test_a_version_leaves_the_default_list_and_comes_back(shot: Ledger) -> None:
    assert made(shot, lambda: archive_asset_version(shot, FIRST, order=order())) == [
        AssetVersionArchived(**ASSET, asset_version_id=1)
    ]
    assert made(shot, lambda: unarchive_asset_version(shot, FIRST, order=order())) == [
        AssetVersionUnarchived(**ASSET, asset_version_id=1)
    ]


def test_an_archived_version_keeps_its_alias(shot: Ledger) -> None:
    archive_asset_version(shot, FIRST, order=order())
    with pytest.raises(VersionAliasTaken):
        create_asset_version(shot, *SHOT, comment="Third", version_alias="delivery", order=order())


def test_numbers_go_on_after_changes_of_older_versions(shot: Ledger) -> None:
    archive_asset_version(shot, FIRST, order=order())
    assert made(shot, lambda: create_asset_version(shot, *SHOT, comment="Third", order=order())) == [
        AssetVersionCreated(**ASSET, asset_version_id=3, comment="Third")
    ]


@pytest.mark.parametrize(
    ("refusal", "command"),
    [
        (VersionAliasTaken, lambda x: update_asset_version(x, SECOND, version_alias="delivery", order=order())),
        (AssetVersionNotFound, lambda x: update_asset_version(x, (*SHOT, 3), comment="No", order=order())),
        (AssetVersionNotFound, lambda x: update_asset_version(x, (*SHOT, 0), comment="No", order=order())),
        (AssetNotFound, lambda x: update_asset_version(x, ("shows", "other", 1), comment="No", order=order())),
        (RevisionMismatch, lambda x: update_asset_version(x, FIRST, comment="No", order=order(expected_revision=2))),
        (Invalid, lambda x: update_asset_version(x, FIRST, comment=" ", order=order())),
        (Invalid, lambda x: update_asset_version(x, FIRST, version_alias="a" * 65, order=order())),
        (AssetVersionIsCurrent, lambda x: archive_asset_version(x, SECOND, order=order())),
        (AssetVersionNotFound, lambda x: archive_asset_version(x, (*SHOT, 3), order=order())),
        (AssetVersionNotArchived, lambda x: unarchive_asset_version(x, FIRST, order=order())),
        (AssetVersionNotFound, lambda x: unarchive_asset_version(x, (*SHOT, 3), order=order())),
    ],
)
def test_a_refused_change_records_nothing(
    shot: Ledger, refusal: type[DomainError], command: Callable[[Ledger], object]
) -> None:
    before = shot.head()
    with pytest.raises(refusal):
        command(shot)
    assert shot.head() == before


def test_a_version_is_archived_once(shot: Ledger) -> None:
    archive_asset_version(shot, FIRST, order=order())
    before = shot.head()
    with pytest.raises(AssetVersionAlreadyArchived):
        archive_asset_version(shot, FIRST, order=order())
    assert shot.head() == before


def test_versions_of_an_archived_asset_stay_as_they_are(shot: Ledger) -> None:
    archive_asset(shot, *SHOT, order=order())
    before = shot.head()
    for command in (archive_asset_version, unarchive_asset_version, update_asset_version):
        with pytest.raises(AssetAlreadyArchived):
            command(shot, FIRST, order=order())
    assert shot.head() == before
