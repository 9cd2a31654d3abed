"""createSubscription, updateSubscription, deleteSubscription."""

from __future__ import annotations

from uuid import uuid4

import strawberry

from domain.subscriptions.commands import create_subscription, delete_subscription, update_subscription
from domain.subscriptions.events import Channel
from gateway.context import Context, Done, Info
from gateway.event_subscriptions.types import EventSubscription
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one


@strawberry.input(description="Whom to tell of which events.")
class CreateSubscriptionInput:
    """Input of createSubscription."""

    database_id: str
    channel: Channel
    target: str = strawberry.field(description="URL, or mail address.")
    asset_id: str | None = strawberry.field(default=None, description="Null tells of the whole database.")
    event_types: list[str] | None = strawberry.field(
        default_factory=list, description="As AssetArchived; none stands for all events about the entity."
    )
    idempotency_key: str | None = None


@strawberry.input(description="Changes to one's own subscription; what is null stays as it is.")
class UpdateSubscriptionInput:
    """Input of updateSubscription."""

    subscription_id: str
    target: str | None = None
    event_types: list[str] | None = None
    is_active: bool | None = None
    rotate_secret: bool | None = strawberry.field(default=False, description="Sign with a new secret from here on.")
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="One's own subscription to end.")
class DeleteSubscriptionInput:
    """Input of deleteSubscription."""

    subscription_id: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class SubscriptionPayload(Payload):
    """Base of payloads with a subscription."""

    signing_secret: str | None = strawberry.field(
        description="What a webhook's signatures are made with (Standard Webhooks); null for mail or when refused."
    )

    @strawberry.field(description="The subscription; null when the request was refused.")
    async def subscription(self, info: Info) -> EventSubscription | None:
        if self.key is None:
            return None
        return await read_one(info, "EventSubscription", self.key, returns=EventSubscription)


@strawberry.type(description="The made subscription.")
class CreateSubscriptionPayload(SubscriptionPayload):
    """Payload of createSubscription."""


@strawberry.type(description="The changed subscription.")
class UpdateSubscriptionPayload(SubscriptionPayload):
    """Payload of updateSubscription."""


@strawberry.type(description="What became of ending it.")
class DeleteSubscriptionPayload(Payload):
    """Payload of deleteSubscription."""


@strawberry.type
class SubscriptionMutations:
    """Mutations of subscriptions."""

    @strawberry.mutation(description="Be told of events about a database or an asset, from here on.")
    async def create_subscription(
        self,
        info: Info,
        input: CreateSubscriptionInput,  # noqa: A002
    ) -> CreateSubscriptionPayload:
        context: Context = info.context
        done = await context.carry_out(
            create_subscription,
            str(uuid4()),
            entity=(input.database_id, input.asset_id),
            event_types=input.event_types or (),
            channel=input.channel,
            target=input.target,
            policy=context.services.delivery_policy,
            order=context.order("createSubscription", input),
        )
        subscription_id = done.result.get("subscriptionId", "")
        secret = _secret(context, done, subscription_id)
        return CreateSubscriptionPayload(**filled(done, subscription_id=subscription_id), signing_secret=secret)

    @strawberry.mutation(description="Change one's own subscription.")
    async def update_subscription(
        self,
        info: Info,
        input: UpdateSubscriptionInput,  # noqa: A002
    ) -> UpdateSubscriptionPayload:
        context: Context = info.context
        done = await context.carry_out(
            update_subscription,
            input.subscription_id,
            event_types=input.event_types,
            target=input.target,
            is_active=input.is_active,
            rotate_secret=bool(input.rotate_secret),
            policy=context.services.delivery_policy,
            order=context.order("updateSubscription", input),
        )
        secret = _secret(context, done, input.subscription_id) if input.rotate_secret else None
        return UpdateSubscriptionPayload(**filled(done, subscription_id=input.subscription_id), signing_secret=secret)

    @strawberry.mutation(description="End one's own subscription; what was not delivered yet is not delivered.")
    async def delete_subscription(
        self,
        info: Info,
        input: DeleteSubscriptionInput,  # noqa: A002
    ) -> DeleteSubscriptionPayload:
        context: Context = info.context
        done = await context.carry_out(
            delete_subscription, input.subscription_id, order=context.order("deleteSubscription", input)
        )
        return DeleteSubscriptionPayload(**filled(done))


def _secret(context: Context, done: Done, subscription_id: str) -> str | None:
    generation = done.result.get("secretGeneration")
    return context.services.signing_keys.secret(subscription_id, int(generation)) if generation else None
