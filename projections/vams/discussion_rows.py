"""The rows of comments, features and subscriptions, in the columns of their tables."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class CommentRow(NamedTuple):
    """A comment; `date_deleted` is None while it is there."""

    database_id: str
    asset_id: str
    comment_id: str
    asset_version_id: int | None
    file_path: str | None
    s3_version_id: str | None
    first_frame: int | None
    last_frame: int | None
    thread_id: str
    reply_to: str | None
    comment_body: str
    comment_owner_id: str
    date_created: datetime
    date_edited: datetime | None
    date_deleted: datetime | None
    revision: int
    position: int


class FeatureRow(NamedTuple):
    """A feature that is on."""

    feature_name: str
    created_at: datetime
    created_by: str
    position: int


class SubscriptionRow(NamedTuple):
    """A subscription."""

    subscription_id: str
    subscriber_id: str
    database_id: str
    asset_id: str | None
    event_types: list[str]
    channel: str
    target: str
    is_active: bool
    created_at: datetime
    updated_at: datetime
    revision: int
    position: int
