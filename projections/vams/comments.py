"""Folds the events of comments."""

from __future__ import annotations

from typing import Any

from domain.comments.events import CommentCreated, CommentDeleted, CommentEdited, CommentEvent
from domain.event import Recorded
from projections.vams.discussion_rows import CommentRow
from projections.vams.sheets import Sheets


def created(sheets: Sheets, entry: Recorded, event: CommentCreated) -> None:
    """A comment row."""
    anchor = event.anchor
    row = CommentRow(
        database_id=event.database_id,
        asset_id=event.asset_id,
        comment_id=event.comment_id,
        asset_version_id=anchor.asset_version_id,
        file_path=anchor.path,
        s3_version_id=anchor.s3_version_id,
        first_frame=anchor.first_frame,
        last_frame=anchor.last_frame,
        thread_id=event.thread_id,
        reply_to=event.reply_to,
        comment_body=event.comment_body,
        comment_owner_id=event.comment_owner_id,
        date_created=entry.cause.at,
        date_edited=None,
        date_deleted=None,
        revision=entry.revision,
        position=entry.position,
    )
    sheets.comments.put(row, entry.position)


def edited(sheets: Sheets, entry: Recorded, event: CommentEdited) -> None:
    """Another text, with the time."""
    _change(sheets, entry, event, comment_body=event.comment_body, date_edited=entry.cause.at)


def deleted(sheets: Sheets, entry: Recorded, event: CommentDeleted) -> None:
    """Deleted, with the time."""
    _change(sheets, entry, event, date_deleted=entry.cause.at)


def _change(sheets: Sheets, entry: Recorded, event: CommentEvent, **values: Any) -> None:
    row = sheets.comments.get((event.database_id, event.asset_id, event.comment_id))
    changed = row._replace(**values, revision=entry.revision, position=entry.position)
    sheets.comments.put(changed, entry.position)
