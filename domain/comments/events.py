"""What happened to comments."""

from __future__ import annotations

import msgspec

from domain.event import Event


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """What a comment is about inside its asset; all None stands for the asset itself."""

    asset_version_id: int | None = None
    path: str | None = None
    s3_version_id: str | None = None
    """Object version of the file that was looked at; None says nothing about it."""
    first_frame: int | None = None
    last_frame: int | None = None
    """Inclusive, as the first one is; both are None or neither."""


class CommentEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one comment."""

    database_id: str
    asset_id: str
    comment_id: str


class CommentCreated(CommentEvent, frozen=True, kw_only=True):
    """Somebody said something, or answered it."""

    TOPIC = "comment-created"
    comment_body: str
    comment_owner_id: str
    """Actor as kind:id; the only one who may edit or delete."""
    anchor: Anchor
    thread_id: str
    """Comment that the thread began with; the comment itself when it begins one."""
    reply_to: str | None = None


class CommentEdited(CommentEvent, frozen=True, kw_only=True):
    """Its owner wrote it anew."""

    TOPIC = "comment-edited"
    comment_body: str


class CommentDeleted(CommentEvent, frozen=True, kw_only=True):
    """Its owner took it back; answers to it stay."""

    TOPIC = "comment-deleted"


EVENTS: tuple[type[Event], ...] = (CommentCreated, CommentEdited, CommentDeleted)
