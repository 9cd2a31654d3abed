"""createApiKey, updateApiKey, deleteApiKey."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import uuid4

import strawberry

from domain.api_keys.commands import create_api_key, delete_api_key, update_api_key
from gateway.api_keys.types import ApiKey
from gateway.context import Context, Info
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one

PREFIX = "interneg_"
RANDOM_BYTES = 48


@strawberry.input(description="A key to make.")
class CreateApiKeyInput:
    """Input of createApiKey."""

    api_key_name: str
    user_id: str = strawberry.field(description="User it acts as, who holds a role.")
    description: str | None = ""
    expires_at: datetime | None = strawberry.field(default=None, description="An instant in the future; null never.")
    idempotency_key: str | None = None


@strawberry.input(description="Changes to a key; what is null stays as it is.")
class UpdateApiKeyInput:
    """Input of updateApiKey."""

    api_key_id: str
    description: str | None = None
    is_active: bool | None = None
    expires_at: datetime | None = None
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A key to end.")
class DeleteApiKeyInput:
    """Input of deleteApiKey."""

    api_key_id: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class ApiKeyPayload(Payload):
    """Base of payloads with a key."""

    @strawberry.field(description="The key without its secret; null when the request was refused.")
    async def api_key(self, info: Info) -> ApiKey | None:
        return None if self.key is None else await read_one(info, "ApiKey", self.key, returns=ApiKey)


@strawberry.type(description="The made key.")
class CreateApiKeyPayload(ApiKeyPayload):
    """Payload of createApiKey."""

    raw_key: str | None = strawberry.field(
        description="The secret itself, shown this once and kept nowhere; null in the answer to a repeated request."
    )


@strawberry.type(description="The changed key.")
class UpdateApiKeyPayload(ApiKeyPayload):
    """Payload of updateApiKey."""


@strawberry.type(description="What became of ending it.")
class DeleteApiKeyPayload(Payload):
    """Payload of deleteApiKey."""


@strawberry.type
class ApiKeyMutations:
    """Mutations of API keys."""

    @strawberry.mutation(description="Make a key that acts as a user; its secret is shown in this answer only.")
    async def create_api_key(self, info: Info, input: CreateApiKeyInput) -> CreateApiKeyPayload:  # noqa: A002
        context: Context = info.context
        api_key_id, raw_key = str(uuid4()), PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
        done = await context.carry_out(
            create_api_key,
            api_key_id,
            api_key_name=input.api_key_name,
            raw_key=raw_key,
            user_id=input.user_id,
            description=input.description or "",
            expires_at=input.expires_at,
            order=context.order("createApiKey", input),
        )
        made = done.result.get("apiKeyId", "")
        return CreateApiKeyPayload(**filled(done, api_key_id=made), raw_key=raw_key if made == api_key_id else None)

    @strawberry.mutation(description="Describe a key, switch it on or off, or let it expire at another time.")
    async def update_api_key(self, info: Info, input: UpdateApiKeyInput) -> UpdateApiKeyPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            update_api_key,
            input.api_key_id,
            description=input.description,
            is_active=input.is_active,
            expires_at=input.expires_at,
            order=context.order("updateApiKey", input),
        )
        return UpdateApiKeyPayload(**filled(done, api_key_id=input.api_key_id))

    @strawberry.mutation(description="End a key for good; its name is free again.")
    async def delete_api_key(self, info: Info, input: DeleteApiKeyInput) -> DeleteApiKeyPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(delete_api_key, input.api_key_id, order=context.order("deleteApiKey", input))
        return DeleteApiKeyPayload(**filled(done))
