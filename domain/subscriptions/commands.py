"""Commands on subscriptions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from domain.assets.commands import load_asset
from domain.catalogue import TOPICS
from domain.cause import Order
from domain.databases.commands import load_database
from domain.ledger import Ledger
from domain.stream import Decision, Outcome
from domain.subscriptions.errors import EventTypeUnknown, SubscriptionNotFound
from domain.subscriptions.events import Channel, SubscriptionCreated, SubscriptionDeleted, SubscriptionEvent
from domain.subscriptions.subscription import SUBSCRIPTIONS, Subscription
from domain.subscriptions.targets import DeliveryPolicy, check_target


def create_subscription(
    ledger: Ledger,
    subscription_id: str,
    *,
    entity: tuple[str, str | None],
    event_types: Sequence[str],
    channel: Channel,
    target: str,
    policy: DeliveryPolicy,
    subscriber_id: str | None = None,
    order: Order,
) -> Outcome:
    """Tell `target` of events about a database, or one asset of it, from here on; no event types stand for all.

    The subscriber is who gave the order, unless an import names another actor.

    The result has `subscriptionId`, and `secretGeneration` for a webhook.
    Raises DatabaseNotFound, AssetNotFound, EventTypeUnknown, TargetInvalid, MailNotConfigured.
    """
    check_target(channel, target, policy=policy)
    database_id, asset_id = entity
    event = SubscriptionCreated(
        subscription_id=subscription_id,
        subscriber_id=subscriber_id or order.cause.actor,
        entity_database_id=database_id,
        entity_asset_id=asset_id,
        topics=_topics(event_types),
        channel=channel,
        target=target,
    )

    def decide() -> Decision:
        load_database(ledger, database_id)
        if asset_id is not None:
            load_asset(ledger, database_id, asset_id)
        stream = ledger.load(SUBSCRIPTIONS, subscription_id)
        made = SUBSCRIPTIONS.evolve(None, event)
        return Decision((stream.then(event),), {"subscriptionId": subscription_id, **_secret(made)})

    return ledger.carry_out(order, decide)


def update_subscription(
    ledger: Ledger,
    subscription_id: str,
    *,
    event_types: Sequence[str] | None = None,
    target: str | None = None,
    is_active: bool | None = None,
    rotate_secret: bool = False,
    policy: DeliveryPolicy,
    order: Order,
) -> Outcome:
    """Change what is given and differs; None leaves a value. The result has `secretGeneration` for a webhook.

    Raises SubscriptionNotFound, SubscriptionNotOwned, EventTypeUnknown, TargetInvalid, MailNotConfigured.
    """
    topics = None if event_types is None else _topics(event_types)

    def change(subscription: Subscription) -> Sequence[SubscriptionEvent]:
        if target is not None:
            check_target(subscription.channel, target, policy=policy)
        return subscription.change(topics=topics, target=target, is_active=is_active, rotate_secret=rotate_secret)

    return _change(ledger, subscription_id, change, order=order)


def delete_subscription(ledger: Ledger, subscription_id: str, *, order: Order) -> Outcome:
    """Tell nobody any more. Raises SubscriptionNotFound, SubscriptionNotOwned."""
    gone = SubscriptionDeleted(subscription_id=subscription_id)
    return _change(ledger, subscription_id, lambda _: (gone,), order=order)


def _change(
    ledger: Ledger, subscription_id: str, change: Callable[[Subscription], Sequence[SubscriptionEvent]], *, order: Order
) -> Outcome:
    def decide() -> Decision:
        stream = ledger.load(SUBSCRIPTIONS, subscription_id)
        if stream.state is None:
            raise SubscriptionNotFound(subscription_id)
        stream.state.require_owned(order.cause.actor)
        stream.expect(order)
        events = change(stream.state)
        after = stream.state
        for event in events:
            after = SUBSCRIPTIONS.evolve(after, event)
        return Decision((stream.then(*events),), _secret(after))

    return ledger.carry_out(order, decide)


def _secret(subscription: Subscription) -> dict[str, str]:
    """Which secret signs from here on; mail is not signed."""
    if subscription.channel is not Channel.WEBHOOK:
        return {}
    return {"secretGeneration": str(subscription.secret_generation)}


def _topics(event_types: Sequence[str]) -> tuple[str, ...]:
    """The topics of these class names, each once, in order. Raises EventTypeUnknown."""
    known = {
        event.__name__: topic
        for topic, event in TOPICS.classes.items()
        if any(field.name == "database_id" for field in msgspec.structs.fields(event))
    }
    for name in event_types:
        if name not in known:
            raise EventTypeUnknown(name)
    return tuple(known[name] for name in dict.fromkeys(event_types))
