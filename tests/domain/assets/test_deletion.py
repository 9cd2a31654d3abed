"""Deleting an asset, or its preview image, for ever."""

from __future__ import annotations

import pytest

from domain.assets.commands import archive_asset, create_asset, load_asset
from domain.assets.deletion import delete_asset_permanently, delete_asset_preview, record_asset_erased
from domain.assets.errors import AssetAlreadyArchived, AssetIdSpent, AssetNotFound, AssetPreviewNotFound
from domain.assets.events import AssetErased, AssetPermanentlyDeleted, AssetPreviewDeleted, AssetPreviewSet
from domain.databases.deletion import delete_database
from domain.errors import Invalid, RevisionMismatch
from domain.files.commands import ObservedFile, register_files
from domain.files.errors import DeletionNotConfirmed
from domain.links.commands import create_asset_link
from domain.links.errors import LinkEndNotFound
from domain.links.events import RelationshipType
from domain.links.link import AssetKey
from domain.stream import Decision, Outcome
from domain.tags.commands import delete_tag
from domain.tags.events import TagTakenOff
from tests.domain.library import (
    ASSET,
    given_asset,
    given_database,
    given_file,
    given_tags,
    order,
    recording,
    refused,
    stored,
)
from tests.doubles.memory_ledger import MemoryLedger

SHOT = ("shows", "shot_010")


def _delete(ledger: MemoryLedger, **given: object) -> Outcome:
    values = {"reason": "Wrong plate", "is_confirmed": True, "order": order()} | given
    return delete_asset_permanently(ledger, *SHOT, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("is_archived", [False, True])
def test_an_asset_is_deleted_and_erased_once(shot: MemoryLedger, is_archived: bool) -> None:
    if is_archived:
        archive_asset(shot, *SHOT, order=order())
    with recording(shot) as then:
        _delete(shot)
        record_asset_erased(shot, *SHOT, order=order())
        record_asset_erased(shot, *SHOT, order=order())
    assert then.events == [AssetPermanentlyDeleted(**ASSET, reason="Wrong plate"), AssetErased(**ASSET)]
    with refused(shot, AssetNotFound, "assetId"):
        _delete(shot)
    with refused(shot, AssetNotFound, "assetId"):
        register_files(shot, *SHOT, files=[ObservedFile("a.exr", stored("a.exr"))], order=order())
    with pytest.raises(AssetNotFound):
        load_asset(shot, *SHOT)


def test_its_tags_are_given_back_even_of_a_required_type(ledger: MemoryLedger) -> None:
    given_database(ledger)
    given_tags(ledger, "hero", is_required=True)
    given_asset(ledger, tags=("hero",))
    with recording(ledger) as then:
        _delete(ledger)
    assert then.events[1:] == [TagTakenOff(tag_name="hero", holder="asset:shows:shot_010")]
    delete_tag(ledger, "hero", order=order())


def test_its_id_is_never_given_again_and_no_link_is_made_to_it(shot: MemoryLedger) -> None:
    given_asset(shot, "other")
    _delete(shot)
    with refused(shot, AssetIdSpent, "assetId"):
        create_asset(shot, *SHOT, asset_name="Again", description="Another", is_distributable=True, order=order())
    with refused(shot, LinkEndNotFound, "toAssetId"):
        create_asset_link(
            shot,
            "l1",
            from_asset=AssetKey("shows", "other"),
            to_asset=AssetKey(*SHOT),
            relationship_type=RelationshipType.RELATED,
            order=order(),
        )


def test_its_database_may_be_deleted_then(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    _delete(shot)
    delete_database(shot, "shows", order=order())


def test_what_is_not_said_plainly_is_refused(shot: MemoryLedger) -> None:
    with refused(shot, DeletionNotConfirmed, "confirmPermanentDelete"):
        _delete(shot, is_confirmed=False)
    with refused(shot, Invalid, "reason"):
        _delete(shot, reason=" ")
    with refused(shot, Invalid, "reason"):
        _delete(shot, reason="x" * 257)
    with refused(shot, RevisionMismatch, "expectedRevision"):
        _delete(shot, order=order(expected_revision=7))


def test_an_asset_that_is_there_is_not_erased(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        record_asset_erased(shot, *SHOT, order=order())
    assert then.events == []


def test_a_preview_image_is_deleted_once(shot: MemoryLedger) -> None:
    with refused(shot, AssetPreviewNotFound, "assetId"):
        delete_asset_preview(shot, *SHOT, order=order())
    stream, asset = load_asset(shot, *SHOT)
    change = stream.then(AssetPreviewSet(**asset.key, stored=stored("preview.png")))
    shot.carry_out(order(), lambda: Decision((change,)))
    with recording(shot) as then:
        delete_asset_preview(shot, *SHOT, order=order())
    assert then.events == [AssetPreviewDeleted(**ASSET)]
    with refused(shot, AssetPreviewNotFound, "assetId"):
        delete_asset_preview(shot, *SHOT, order=order())
    archive_asset(shot, *SHOT, order=order())
    with refused(shot, AssetAlreadyArchived, "assetId"):
        delete_asset_preview(shot, *SHOT, order=order())
