"""createConstraint, updateConstraint, deleteConstraint."""

from __future__ import annotations

import strawberry

from domain.constraints.commands import create_constraint, delete_constraint, update_constraint
from domain.constraints.events import ConstraintTerms, Criterion, GroupPermission, UserPermission
from domain.constraints.vocabulary import ObjectType, Operator, Permission, PermissionType
from gateway.constraints.types import Constraint
from gateway.context import Context, Info
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one


@strawberry.input(description="A comparison of one field of the object.")
class CriterionInput:
    """A criterion."""

    field: str
    operator: Operator
    value: str


@strawberry.input(description="What a role may or may not do.")
class GroupPermissionInput:
    """A permission of a role."""

    group_id: str
    permission: Permission
    permission_type: PermissionType


@strawberry.input(description="What a user may or may not do.")
class UserPermissionInput:
    """A permission of a user."""

    user_id: str
    permission: Permission
    permission_type: PermissionType


@strawberry.input(description="A constraint, with at least one criterion.")
class CreateConstraintInput:
    """Input of createConstraint."""

    constraint_id: str
    name: str
    description: str
    object_type: ObjectType
    criteria_and: list[CriterionInput] | None = strawberry.field(default_factory=list)
    criteria_or: list[CriterionInput] | None = strawberry.field(default_factory=list)
    group_permissions: list[GroupPermissionInput] | None = strawberry.field(default_factory=list)
    user_permissions: list[UserPermissionInput] | None = strawberry.field(default_factory=list)
    idempotency_key: str | None = None


@strawberry.input(description="The terms of a constraint, which replace the earlier ones as a whole.")
class UpdateConstraintInput:
    """Input of updateConstraint."""

    constraint_id: str
    name: str
    description: str
    object_type: ObjectType
    criteria_and: list[CriterionInput] | None = strawberry.field(default_factory=list)
    criteria_or: list[CriterionInput] | None = strawberry.field(default_factory=list)
    group_permissions: list[GroupPermissionInput] | None = strawberry.field(default_factory=list)
    user_permissions: list[UserPermissionInput] | None = strawberry.field(default_factory=list)
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A constraint to remove.")
class DeleteConstraintInput:
    """Input of deleteConstraint."""

    constraint_id: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class ConstraintPayload(Payload):
    """Base of payloads with a constraint."""

    @strawberry.field(description="The constraint; null when the request was refused.")
    async def constraint(self, info: Info) -> Constraint | None:
        return None if self.key is None else await read_one(info, "Constraint", self.key, returns=Constraint)


@strawberry.type(description="The made constraint.")
class CreateConstraintPayload(ConstraintPayload):
    """Payload of createConstraint."""


@strawberry.type(description="The changed constraint.")
class UpdateConstraintPayload(ConstraintPayload):
    """Payload of updateConstraint."""


@strawberry.type(description="What became of the removal.")
class DeleteConstraintPayload(Payload):
    """Payload of deleteConstraint."""


@strawberry.type
class ConstraintMutations:
    """Mutations of constraints."""

    @strawberry.mutation(description="Make a constraint.")
    async def create_constraint(self, info: Info, input: CreateConstraintInput) -> CreateConstraintPayload:  # noqa: A002
        context: Context = info.context
        order = context.order("createConstraint", input)
        done = await context.carry_out(create_constraint, input.constraint_id, terms=_terms(input), order=order)
        return CreateConstraintPayload(**filled(done, constraint_id=input.constraint_id))

    @strawberry.mutation(description="Replace the terms of a constraint.")
    async def update_constraint(self, info: Info, input: UpdateConstraintInput) -> UpdateConstraintPayload:  # noqa: A002
        context: Context = info.context
        order = context.order("updateConstraint", input)
        done = await context.carry_out(update_constraint, input.constraint_id, terms=_terms(input), order=order)
        return UpdateConstraintPayload(**filled(done, constraint_id=input.constraint_id))

    @strawberry.mutation(description="Remove a constraint.")
    async def delete_constraint(self, info: Info, input: DeleteConstraintInput) -> DeleteConstraintPayload:  # noqa: A002
        context: Context = info.context
        order = context.order("deleteConstraint", input)
        done = await context.carry_out(delete_constraint, input.constraint_id, order=order)
        return DeleteConstraintPayload(**filled(done))


def _terms(given: CreateConstraintInput | UpdateConstraintInput) -> ConstraintTerms:
    return ConstraintTerms(
        name=given.name,
        description=given.description,
        object_type=given.object_type,
        criteria_and=_criteria(given.criteria_and),
        criteria_or=_criteria(given.criteria_or),
        group_permissions=tuple(
            GroupPermission(group_id=one.group_id, permission=one.permission, permission_type=one.permission_type)
            for one in given.group_permissions or ()
        ),
        user_permissions=tuple(
            UserPermission(user_id=one.user_id, permission=one.permission, permission_type=one.permission_type)
            for one in given.user_permissions or ()
        ),
    )


def _criteria(given: list[CriterionInput] | None) -> tuple[Criterion, ...]:
    return tuple(Criterion(field=one.field, operator=one.operator, value=one.value) for one in given or ())
