"""createUser, updateUser, deleteUser."""

from __future__ import annotations

import strawberry

from domain.users.commands import create_user, delete_user, update_user
from gateway.context import Context, Info
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one
from gateway.users.types import User


@strawberry.input(description="A user to make known.")
class CreateUserInput:
    """Input of createUser."""

    user_id: str
    email: str
    idempotency_key: str | None = None


@strawberry.input(description="Another address of a user.")
class UpdateUserInput:
    """Input of updateUser."""

    user_id: str
    email: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A user to remove, with their roles and keys.")
class DeleteUserInput:
    """Input of deleteUser."""

    user_id: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class UserPayload(Payload):
    """Base of payloads with a user."""

    @strawberry.field(description="The user; null when the request was refused.")
    async def user(self, info: Info) -> User | None:
        return None if self.key is None else await read_one(info, "User", self.key, returns=User)


@strawberry.type(description="The user who is known now.")
class CreateUserPayload(UserPayload):
    """Payload of createUser."""


@strawberry.type(description="The changed user.")
class UpdateUserPayload(UserPayload):
    """Payload of updateUser."""


@strawberry.type(description="What became of the removal.")
class DeleteUserPayload(Payload):
    """Payload of deleteUser."""


@strawberry.type
class UserMutations:
    """Mutations of users."""

    @strawberry.mutation(description="Make a user known, without roles and keys.")
    async def create_user(self, info: Info, input: CreateUserInput) -> CreateUserPayload:  # noqa: A002
        context: Context = info.context
        order = context.order("createUser", input)
        done = await context.carry_out(create_user, input.user_id, email=input.email, order=order)
        return CreateUserPayload(**filled(done, user_id=input.user_id))

    @strawberry.mutation(description="Change a user's address.")
    async def update_user(self, info: Info, input: UpdateUserInput) -> UpdateUserPayload:  # noqa: A002
        context: Context = info.context
        order = context.order("updateUser", input)
        done = await context.carry_out(update_user, input.user_id, email=input.email, order=order)
        return UpdateUserPayload(**filled(done, user_id=input.user_id))

    @strawberry.mutation(description="Remove a user, their roles and their API keys, all at once.")
    async def delete_user(self, info: Info, input: DeleteUserInput) -> DeleteUserPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(delete_user, input.user_id, order=context.order("deleteUser", input))
        return DeleteUserPayload(**filled(done))
