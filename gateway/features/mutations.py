"""createFeature and deleteFeature."""

from __future__ import annotations

import strawberry

from domain.features.commands import create_feature, delete_feature
from gateway.context import Context, Info
from gateway.features.types import Feature
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one


@strawberry.input(description="A feature to switch on.")
class CreateFeatureInput:
    """Input of createFeature."""

    feature_name: str
    idempotency_key: str | None = None


@strawberry.input(description="A feature to switch off.")
class DeleteFeatureInput:
    """Input of deleteFeature."""

    feature_name: str
    idempotency_key: str | None = None


@strawberry.type(description="The feature that is on now.")
class CreateFeaturePayload(Payload):
    """Payload of createFeature."""

    @strawberry.field(description="The feature; null when the request was refused.")
    async def feature(self, info: Info) -> Feature | None:
        return None if self.key is None else await read_one(info, "Feature", self.key, returns=Feature)


@strawberry.type(description="What became of switching it off.")
class DeleteFeaturePayload(Payload):
    """Payload of deleteFeature."""


@strawberry.type
class FeatureMutations:
    """Mutations of features."""

    @strawberry.mutation(description="Switch a feature on.")
    async def create_feature(self, info: Info, input: CreateFeatureInput) -> CreateFeaturePayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(create_feature, input.feature_name, order=context.order("createFeature", input))
        return CreateFeaturePayload(**filled(done, feature_name=input.feature_name))

    @strawberry.mutation(description="Switch a feature off.")
    async def delete_feature(self, info: Info, input: DeleteFeatureInput) -> DeleteFeaturePayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(delete_feature, input.feature_name, order=context.order("deleteFeature", input))
        return DeleteFeaturePayload(**filled(done))
