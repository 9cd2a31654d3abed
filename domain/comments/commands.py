"""Commands on comments."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.assets.asset import Asset
from domain.assets.commands import load_asset
from domain.cause import Order
from domain.comments.comment import COMMENTS, Comment
from domain.comments.errors import AnchorInvalid, CommentNotFound
from domain.comments.events import Anchor, CommentCreated, CommentEvent
from domain.errors import Invalid
from domain.files.file import FILES
from domain.files.paths import check_path
from domain.ledger import Ledger
from domain.stream import Decision, Outcome
from domain.text import check_text

MAX_BODY_LENGTH = 10_000
LARGEST_FRAME = 2**31 - 1
ASSET_ITSELF = Anchor()

CommentKey = tuple[str, str, str]
"""Database id, asset id, comment id."""


def create_comment(
    ledger: Ledger,
    key: CommentKey,
    *,
    comment_body: str,
    anchor: Anchor = ASSET_ITSELF,
    reply_to: str | None = None,
    owner_id: str | None = None,
    order: Order,
) -> Outcome:
    """Say something about an unarchived asset; an answer is about what it answers. The result has `commentId`.

    Its owner is who gave the order, unless an import names another actor.

    Raises AssetNotFound, AssetAlreadyArchived, AnchorInvalid, CommentNotFound for `reply_to`, Invalid.
    """
    database_id, asset_id, comment_id = key
    _check_body(comment_body)
    about = _checked(anchor)
    if reply_to is not None and about != ASSET_ITSELF:
        raise AnchorInvalid("An answer is about what it answers: give replyTo or a place, not both.", path=("replyTo",))

    def decide() -> Decision:
        asset_stream, asset = load_asset(ledger, database_id, asset_id)
        asset.require_active()
        _require_there(ledger, asset, about)
        answered = None if reply_to is None else _answered(ledger, (database_id, asset_id, reply_to))
        event = CommentCreated(
            database_id=database_id,
            asset_id=asset_id,
            comment_id=comment_id,
            comment_body=comment_body,
            comment_owner_id=owner_id or order.cause.actor,
            anchor=answered.anchor if answered else about,
            thread_id=answered.thread_id if answered else comment_id,
            reply_to=reply_to,
        )
        change = ledger.load(COMMENTS, *key).then(event)
        return Decision((change,), {"commentId": comment_id}, held=(asset_stream,))

    return ledger.carry_out(order, decide)


def update_comment(ledger: Ledger, key: CommentKey, *, comment_body: str, order: Order) -> Outcome:
    """Write it anew. Raises AssetNotFound, AssetAlreadyArchived, CommentNotFound, CommentNotOwned, Invalid."""
    _check_body(comment_body)

    def edit(asset: Asset, comment: Comment) -> Sequence[CommentEvent]:
        events = comment.edit(comment_body, actor=order.cause.actor)
        asset.require_active()
        return events

    return _change(ledger, key, edit, order=order)


def delete_comment(ledger: Ledger, key: CommentKey, *, order: Order) -> Outcome:
    """Take it back, also while the asset is archived. Raises AssetNotFound, CommentNotFound, CommentNotOwned."""
    return _change(ledger, key, lambda _, comment: comment.delete(actor=order.cause.actor), order=order)


def _change(
    ledger: Ledger,
    key: CommentKey,
    change: Callable[[Asset, Comment], Sequence[CommentEvent]],
    *,
    order: Order,
) -> Outcome:
    def decide() -> Decision:
        asset_stream, asset = load_asset(ledger, *key[:2])
        stream = ledger.load(COMMENTS, *key)
        if stream.state is None or stream.state.is_deleted:
            raise CommentNotFound(key[2])
        stream.expect(order)
        return Decision((stream.then(*change(asset, stream.state)),), held=(asset_stream,))

    return ledger.carry_out(order, decide)


def _answered(ledger: Ledger, key: CommentKey) -> Comment:
    comment = ledger.load(COMMENTS, *key).state
    if comment is None or comment.is_deleted:
        raise CommentNotFound(key[2], path=("replyTo",))
    return comment


def _check_body(comment_body: str) -> None:
    check_text(comment_body, name="commentBody", longest=MAX_BODY_LENGTH)
    if not comment_body.strip():
        raise Invalid("A comment says something.", path=("commentBody",))


def _checked(anchor: Anchor) -> Anchor:
    """The anchor with its path in the stored form. Raises AnchorInvalid, PathInvalid."""
    _check_frames(anchor)
    if anchor.path is None:
        if anchor.s3_version_id is not None or anchor.first_frame is not None:
            raise AnchorInvalid("An object version and frames are those of a file: give its path.", path=("path",))
        return anchor
    return Anchor(
        asset_version_id=anchor.asset_version_id,
        path=check_path(anchor.path),
        s3_version_id=anchor.s3_version_id,
        first_frame=anchor.first_frame,
        last_frame=anchor.last_frame,
    )


def _check_frames(anchor: Anchor) -> None:
    first, last = anchor.first_frame, anchor.last_frame
    if first is None and last is None:
        return
    if first is None or last is None or not -LARGEST_FRAME <= first <= last <= LARGEST_FRAME:
        raise AnchorInvalid(
            f"Frames are a first and a last one that is not before it; {first} to {last} is not.", path=("firstFrame",)
        )


def _require_there(ledger: Ledger, asset: Asset, anchor: Anchor) -> None:
    number = anchor.asset_version_id
    if number is not None and not 1 <= number <= asset.versions.newest:
        raise AnchorInvalid(f"The asset has no version {number}.", path=("assetVersionId",))
    if anchor.path is None:
        return
    file = ledger.load(FILES, asset.database_id, asset.asset_id, anchor.path).state
    if file is None or not file.is_there:
        raise AnchorInvalid(f"The asset has no file {anchor.path!r}.", path=("path",))
    if anchor.s3_version_id is not None and anchor.s3_version_id not in file.versions:
        raise AnchorInvalid(
            f"The file {anchor.path!r} has no object version {anchor.s3_version_id!r}.", path=("s3VersionId",)
        )
