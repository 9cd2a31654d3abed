"""What happened to subscriptions."""

from __future__ import annotations

from enum import StrEnum

from domain.event import Event


class Channel(StrEnum):
    """How a subscriber is told."""

    WEBHOOK = "webhook"
    MAIL = "mail"


class SubscriptionEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one subscription. It has no database id, so that nobody is told of being told."""

    subscription_id: str


class SubscriptionCreated(SubscriptionEvent, frozen=True, kw_only=True):
    """Somebody wants to be told from here on."""

    TOPIC = "subscription-created"
    subscriber_id: str
    """Actor as kind:id; the only one who may change it."""
    entity_database_id: str
    entity_asset_id: str | None
    """None stands for the database and everything in it."""
    topics: tuple[str, ...]
    """Topics of the events, which never change as class names may; empty stands for all."""
    channel: Channel
    target: str
    """URL, or mail address."""


class SubscriptionChanged(SubscriptionEvent, frozen=True, kw_only=True):
    """Its values from here on; deliveries not yet made follow them too."""

    TOPIC = "subscription-changed"
    topics: tuple[str, ...]
    target: str
    is_active: bool
    secret_generation: int
    """Counts from 1; another generation is another signing secret."""


class SubscriptionDeleted(SubscriptionEvent, frozen=True, kw_only=True):
    """Nobody is told any more, also of what happened before."""

    TOPIC = "subscription-deleted"


EVENTS: tuple[type[Event], ...] = (SubscriptionCreated, SubscriptionChanged, SubscriptionDeleted)
