"""Commands that delete an asset, or its preview image, for ever."""

from __future__ import annotations

from domain.assets.asset import ASSETS
from domain.assets.commands import MAX_REASON_LENGTH, change_asset, load_asset
from domain.assets.events import AssetErased, AssetPermanentlyDeleted
from domain.cause import Order
from domain.errors import Invalid
from domain.files.errors import DeletionNotConfirmed
from domain.ledger import Ledger
from domain.stream import Decision, Outcome
from domain.tags.use import asset_holder, change_tags
from domain.text import check_text


def delete_asset_permanently(
    ledger: Ledger, database_id: str, asset_id: str, *, reason: str, is_confirmed: bool, order: Order
) -> Outcome:
    """Delete an asset for ever, archived or not; its tags are given back, its id stays taken.

    A processor deletes its links, aborts its uploads, erases its bytes and then records AssetErased.
    Raises DeletionNotConfirmed, AssetNotFound, Invalid.
    """
    if not is_confirmed:
        raise DeletionNotConfirmed("an asset with all its files")
    check_text(reason, name="reason", longest=MAX_REASON_LENGTH)
    if not reason.strip():
        raise Invalid("Say why the asset is deleted.", path=("reason",))

    def decide() -> Decision:
        stream, asset = load_asset(ledger, database_id, asset_id)
        stream.expect(order)
        event = AssetPermanentlyDeleted(**asset.key, reason=reason)
        holder = asset_holder(database_id, asset_id)
        tagging = change_tags(ledger, holder, before=asset.tags, after=(), are_types_required=False)
        return Decision((stream.then(event), *tagging.changes))

    return ledger.carry_out(order, decide)


def record_asset_erased(ledger: Ledger, database_id: str, asset_id: str, *, order: Order) -> Outcome:
    """Record that nothing of a deleted asset is in the store; nothing when that is recorded already."""

    def decide() -> Decision:
        stream = ledger.load(ASSETS, database_id, asset_id)
        if stream.state is None or not stream.state.is_deleted or stream.state.is_erased:
            return Decision(())
        return Decision((stream.then(AssetErased(**stream.state.key)),))

    return ledger.carry_out(order, decide)


def delete_asset_preview(ledger: Ledger, database_id: str, asset_id: str, *, order: Order) -> Outcome:
    """Delete the preview image for ever. Raises AssetNotFound, AssetAlreadyArchived, AssetPreviewNotFound."""
    return change_asset(ledger, (database_id, asset_id), lambda asset: (asset.delete_preview(),), order=order)
