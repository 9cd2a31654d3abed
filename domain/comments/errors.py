"""Refusals about comments."""

from __future__ import annotations

from domain.errors import Denied, Invalid, NotFound


class CommentNotFound(NotFound):
    """The asset has no comment with this id, or it was deleted."""

    def __init__(self, comment_id: str, *, path: tuple[str, ...] = ("commentId",)) -> None:
        super().__init__("comment", comment_id, path=path)


class CommentNotOwned(Denied):
    """Somebody else wrote the comment."""

    def __init__(self, comment_id: str) -> None:
        super().__init__(
            f"The comment {comment_id!r} is somebody else's: only who wrote it may change it.", path=("commentId",)
        )


class AnchorInvalid(Invalid):
    """The comment would be about something that is not there."""
