"""The comment aggregate: who owns it, what it is about, and whether it is still there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.comments.errors import CommentNotFound, CommentNotOwned
from domain.comments.events import Anchor, CommentCreated, CommentDeleted, CommentEdited, CommentEvent
from domain.stream import Aggregate


@dataclass(frozen=True)
class Comment:
    """What commands need to know of a comment."""

    database_id: str
    asset_id: str
    comment_id: str
    comment_body: str
    comment_owner_id: str
    anchor: Anchor
    thread_id: str
    is_deleted: bool = False

    @property
    def key(self) -> dict[str, str]:
        """The natural key, as every event of the comment carries it."""
        return {"database_id": self.database_id, "asset_id": self.asset_id, "comment_id": self.comment_id}

    def edit(self, comment_body: str, *, actor: str) -> tuple[CommentEvent, ...]:
        """An event unless it says so already. Raises CommentNotFound, CommentNotOwned."""
        self._require_owned(actor)
        if comment_body == self.comment_body:
            return ()
        return (CommentEdited(**self.key, comment_body=comment_body),)

    def delete(self, *, actor: str) -> tuple[CommentEvent, ...]:
        """Raises CommentNotFound, CommentNotOwned."""
        self._require_owned(actor)
        return (CommentDeleted(**self.key),)

    def _require_owned(self, actor: str) -> None:
        if self.is_deleted:
            raise CommentNotFound(self.comment_id)
        if actor != self.comment_owner_id:
            raise CommentNotOwned(self.comment_id)


def evolve(comment: Comment | None, event: CommentEvent) -> Comment:
    """The comment after the event."""
    if isinstance(event, CommentCreated):
        return Comment(
            database_id=event.database_id,
            asset_id=event.asset_id,
            comment_id=event.comment_id,
            comment_body=event.comment_body,
            comment_owner_id=event.comment_owner_id,
            anchor=event.anchor,
            thread_id=event.thread_id,
        )
    assert comment is not None
    match event:
        case CommentEdited():
            return replace(comment, comment_body=event.comment_body)
        case CommentDeleted():
            return replace(comment, is_deleted=True)
    raise TypeError(f"{type(event).__name__} is not an event of a comment")


COMMENTS = Aggregate("comment", evolve)
