"""createUserRoles, updateUserRoles, deleteUserRoles."""

from __future__ import annotations

import strawberry

from domain.roles.assignments import create_user_roles, delete_user_roles, update_user_roles
from gateway.context import Context, Info
from gateway.payloads import filled
from gateway.users.mutations import UserPayload


@strawberry.input(description="Roles to give to a user who holds none of them.")
class CreateUserRolesInput:
    """Input of createUserRoles."""

    user_id: str
    role_names: list[str]
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="All roles that a user is to hold.")
class UpdateUserRolesInput:
    """Input of updateUserRoles."""

    user_id: str
    role_names: list[str]
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A user to take all roles from.")
class DeleteUserRolesInput:
    """Input of deleteUserRoles."""

    user_id: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type(description="The user with their roles.")
class CreateUserRolesPayload(UserPayload):
    """Payload of createUserRoles."""


@strawberry.type(description="The user with their roles.")
class UpdateUserRolesPayload(UserPayload):
    """Payload of updateUserRoles."""


@strawberry.type(description="The user without roles.")
class DeleteUserRolesPayload(UserPayload):
    """Payload of deleteUserRoles."""


@strawberry.type
class UserRoleMutations:
    """Mutations of who holds which role."""

    @strawberry.mutation(description="Give roles to a user.")
    async def create_user_roles(self, info: Info, input: CreateUserRolesInput) -> CreateUserRolesPayload:  # noqa: A002
        context: Context = info.context
        order = context.order("createUserRoles", input)
        done = await context.carry_out(create_user_roles, input.user_id, role_names=input.role_names, order=order)
        return CreateUserRolesPayload(**filled(done, user_id=input.user_id))

    @strawberry.mutation(description="Replace the roles of a user.")
    async def update_user_roles(self, info: Info, input: UpdateUserRolesInput) -> UpdateUserRolesPayload:  # noqa: A002
        context: Context = info.context
        order = context.order("updateUserRoles", input)
        done = await context.carry_out(update_user_roles, input.user_id, role_names=input.role_names, order=order)
        return UpdateUserRolesPayload(**filled(done, user_id=input.user_id))

    @strawberry.mutation(description="Take every role from a user.")
    async def delete_user_roles(self, info: Info, input: DeleteUserRolesInput) -> DeleteUserRolesPayload:  # noqa: A002
        context: Context = info.context
        order = context.order("deleteUserRoles", input)
        done = await context.carry_out(delete_user_roles, input.user_id, order=order)
        return DeleteUserRolesPayload(**filled(done, user_id=input.user_id))
