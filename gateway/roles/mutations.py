"""createRole, updateRole, deleteRole."""

from __future__ import annotations

import strawberry

from domain.roles.commands import create_role, delete_role, update_role
from gateway.context import Context, Info
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one
from gateway.roles.types import Role


@strawberry.input(description="A role to make.")
class CreateRoleInput:
    """Input of createRole."""

    role_name: str
    description: str
    mfa_required: bool | None = False
    idempotency_key: str | None = None


@strawberry.input(description="Changes to a role; what is null stays as it is.")
class UpdateRoleInput:
    """Input of updateRole."""

    role_name: str
    description: str | None = None
    mfa_required: bool | None = None
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A role to remove, also from those who hold it.")
class DeleteRoleInput:
    """Input of deleteRole."""

    role_name: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class RolePayload(Payload):
    """Base of payloads with a role."""

    @strawberry.field(description="The role; null when the request was refused.")
    async def role(self, info: Info) -> Role | None:
        return None if self.key is None else await read_one(info, "Role", self.key, returns=Role)


@strawberry.type(description="The made role.")
class CreateRolePayload(RolePayload):
    """Payload of createRole."""


@strawberry.type(description="The changed role.")
class UpdateRolePayload(RolePayload):
    """Payload of updateRole."""


@strawberry.type(description="What became of the removal.")
class DeleteRolePayload(Payload):
    """Payload of deleteRole."""


@strawberry.type
class RoleMutations:
    """Mutations of roles."""

    @strawberry.mutation(description="Make a role that nobody holds.")
    async def create_role(self, info: Info, input: CreateRoleInput) -> CreateRolePayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            create_role,
            input.role_name,
            description=input.description,
            mfa_required=bool(input.mfa_required),
            order=context.order("createRole", input),
        )
        return CreateRolePayload(**filled(done, role_name=input.role_name))

    @strawberry.mutation(description="Change a role's description, or whether it needs a second factor.")
    async def update_role(self, info: Info, input: UpdateRoleInput) -> UpdateRolePayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            update_role,
            input.role_name,
            description=input.description,
            mfa_required=input.mfa_required,
            order=context.order("updateRole", input),
        )
        return UpdateRolePayload(**filled(done, role_name=input.role_name))

    @strawberry.mutation(description="Remove a role, and take it from all who hold it; constraints naming it stay.")
    async def delete_role(self, info: Info, input: DeleteRoleInput) -> DeleteRolePayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(delete_role, input.role_name, order=context.order("deleteRole", input))
        return DeleteRolePayload(**filled(done))
