"""The subscription aggregate: what its owner chose."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.stream import Aggregate
from domain.subscriptions.errors import SubscriptionNotFound, SubscriptionNotOwned
from domain.subscriptions.events import (
    Channel,
    SubscriptionChanged,
    SubscriptionCreated,
    SubscriptionDeleted,
    SubscriptionEvent,
)


@dataclass(frozen=True)
class Subscription:
    """What commands and deliveries need to know of a subscription."""

    subscription_id: str
    subscriber_id: str
    topics: tuple[str, ...]
    channel: Channel
    target: str
    is_active: bool = True
    secret_generation: int = 1
    is_deleted: bool = False

    def change(
        self, *, topics: tuple[str, ...] | None, target: str | None, is_active: bool | None, rotate_secret: bool
    ) -> tuple[SubscriptionEvent, ...]:
        """An event when something differs; None leaves a value as it is."""
        event = SubscriptionChanged(
            subscription_id=self.subscription_id,
            topics=self.topics if topics is None else topics,
            target=self.target if target is None else target,
            is_active=self.is_active if is_active is None else is_active,
            secret_generation=self.secret_generation + rotate_secret,
        )
        return () if evolve(self, event) == self else (event,)

    def require_owned(self, actor: str) -> None:
        """Raise SubscriptionNotFound for a deleted one, SubscriptionNotOwned for somebody else's."""
        if self.is_deleted:
            raise SubscriptionNotFound(self.subscription_id)
        if actor != self.subscriber_id:
            raise SubscriptionNotOwned(self.subscription_id)


def evolve(subscription: Subscription | None, event: SubscriptionEvent) -> Subscription:
    """The subscription after the event."""
    if isinstance(event, SubscriptionCreated):
        return Subscription(
            subscription_id=event.subscription_id,
            subscriber_id=event.subscriber_id,
            topics=event.topics,
            channel=event.channel,
            target=event.target,
        )
    assert subscription is not None
    match event:
        case SubscriptionChanged():
            return replace(
                subscription,
                topics=event.topics,
                target=event.target,
                is_active=event.is_active,
                secret_generation=event.secret_generation,
            )
        case SubscriptionDeleted():
            return replace(subscription, is_deleted=True)
    raise TypeError(f"{type(event).__name__} is not an event of a subscription")


SUBSCRIPTIONS = Aggregate("subscription", evolve)
