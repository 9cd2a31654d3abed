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
from tests.domain.assets.scene import ASSET, KEY, made, order

FIRST = (*ASSET, 1)
SECOND = (*ASSET, 2)


@pytest.fixture(autouse=True)
def two_versions(ledger: Ledger) -> None:
    create_asset_version(ledger, *ASSET, comment="First", version_alias="delivery", order=order())
    create_asset_version(ledger, *ASSET, comment="Second", order=order())


def test_comment_and_alias_change_by_one_event_each(ledger: Ledger) -> None:
    def both() -> None:
        update_asset_version(ledger, FIRST, comment="Sent", version_alias="client", order=order())

    assert made(ledger, both) == [
        AssetVersionDescribed(**KEY, asset_version_id=1, comment="Sent"),
        AssetVersionAliased(**KEY, asset_version_id=1, version_alias="client"),
    ]
    assert made(ledger, both) == []


def test_an_empty_alias_clears_it_and_frees_it_for_another_version(ledger: Ledger) -> None:
    assert made(ledger, lambda: update_asset_version(ledger, FIRST, version_alias="", order=order())) == [
        AssetVersionAliased(**KEY, asset_version_id=1, version_alias=None)
    ]
    assert made(ledger, lambda: update_asset_version(ledger, FIRST, version_alias="", order=order())) == []
    assert made(ledger, lambda: update_asset_version(ledger, SECOND, version_alias="delivery", order=order())) == [
        AssetVersionAliased(**KEY, asset_version_id=2, version_alias="delivery")
    ]


def test_a_version_leaves_the_default_list_and_comes_back(ledger: Ledger) -> None:
    assert made(ledger, lambda: archive_asset_version(ledger, FIRST, order=order())) == [
        AssetVersionArchived(**KEY, asset_version_id=1)
    ]
    assert made(ledger, lambda: unarchive_asset_version(ledger, FIRST, order=order())) == [
        AssetVersionUnarchived(**KEY, asset_version_id=1)
    ]


def test_an_archived_version_keeps_its_alias(ledger: Ledger) -> None:
    archive_asset_version(ledger, FIRST, order=order())
    with pytest.raises(VersionAliasTaken):
        create_asset_version(ledger, *ASSET, comment="Third", version_alias="delivery", order=order())


def test_numbers_go_on_after_changes_of_older_versions(ledger: Ledger) -> None:
    archive_asset_version(ledger, FIRST, order=order())
    assert made(ledger, lambda: create_asset_version(ledger, *ASSET, comment="Third", order=order())) == [
        AssetVersionCreated(**KEY, asset_version_id=3, comment="Third")
    ]


@pytest.mark.parametrize(
    ("refusal", "command"),
    [
        (VersionAliasTaken, lambda x: update_asset_version(x, SECOND, version_alias="delivery", order=order())),
        (AssetVersionNotFound, lambda x: update_asset_version(x, (*ASSET, 3), comment="No", order=order())),
        (AssetVersionNotFound, lambda x: update_asset_version(x, (*ASSET, 0), comment="No", order=order())),
        (AssetNotFound, lambda x: update_asset_version(x, ("shows", "other", 1), comment="No", order=order())),
        (RevisionMismatch, lambda x: update_asset_version(x, FIRST, comment="No", order=order(2))),
        (Invalid, lambda x: update_asset_version(x, FIRST, comment=" ", order=order())),
        (Invalid, lambda x: update_asset_version(x, FIRST, version_alias="a" * 65, order=order())),
        (AssetVersionIsCurrent, lambda x: archive_asset_version(x, SECOND, order=order())),
        (AssetVersionNotFound, lambda x: archive_asset_version(x, (*ASSET, 3), order=order())),
        (AssetVersionNotArchived, lambda x: unarchive_asset_version(x, FIRST, order=order())),
        (AssetVersionNotFound, lambda x: unarchive_asset_version(x, (*ASSET, 3), order=order())),
    ],
)
def test_a_refused_change_records_nothing(
    ledger: Ledger, refusal: type[DomainError], command: Callable[[Ledger], object]
) -> None:
    before = ledger.head()
    with pytest.raises(refusal):
        command(ledger)
    assert ledger.head() == before


def test_a_version_is_archived_once(ledger: Ledger) -> None:
    archive_asset_version(ledger, FIRST, order=order())
    before = ledger.head()
    with pytest.raises(AssetVersionAlreadyArchived):
        archive_asset_version(ledger, FIRST, order=order())
    assert ledger.head() == before


def test_versions_of_an_archived_asset_stay_as_they_are(ledger: Ledger) -> None:
    archive_asset(ledger, *ASSET, order=order())
    before = ledger.head()
    for command in (archive_asset_version, unarchive_asset_version, update_asset_version):
        with pytest.raises(AssetAlreadyArchived):
            command(ledger, FIRST, order=order())
    assert ledger.head() == before
