"""Folds the events of subscriptions."""

from __future__ import annotations

from collections.abc import Iterable

from domain.catalogue import TOPICS
from domain.event import Recorded
from domain.subscriptions.events import SubscriptionChanged, SubscriptionCreated, SubscriptionDeleted
from projections.vams.discussion_rows import SubscriptionRow
from projections.vams.sheets import Sheets


def created(sheets: Sheets, entry: Recorded, event: SubscriptionCreated) -> None:
    """A subscription row."""
    row = SubscriptionRow(
        subscription_id=event.subscription_id,
        subscriber_id=event.subscriber_id,
        database_id=event.entity_database_id,
        asset_id=event.entity_asset_id,
        event_types=_names(event.topics),
        channel=event.channel.name,
        target=event.target,
        is_active=True,
        created_at=entry.cause.at,
        updated_at=entry.cause.at,
        revision=entry.revision,
        position=entry.position,
    )
    sheets.subscriptions.put(row, entry.position)


def changed(sheets: Sheets, entry: Recorded, event: SubscriptionChanged) -> None:
    """Other values."""
    row = sheets.subscriptions.get((event.subscription_id,))
    after = row._replace(
        event_types=_names(event.topics),
        target=event.target,
        is_active=event.is_active,
        updated_at=entry.cause.at,
        revision=entry.revision,
        position=entry.position,
    )
    sheets.subscriptions.put(after, entry.position)


def deleted(sheets: Sheets, entry: Recorded, event: SubscriptionDeleted) -> None:
    """The row is gone."""
    sheets.subscriptions.remove((event.subscription_id,), entry.position)


def _names(topics: Iterable[str]) -> list[str]:
    """The class names that these topics have in this release."""
    return [TOPICS.classes[topic].__name__ for topic in topics]
