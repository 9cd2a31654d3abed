"""Constraint: who may or may not do what to which things."""

from __future__ import annotations

from datetime import datetime

import strawberry

from domain.constraints.vocabulary import ObjectType, Operator, Permission, PermissionType
from gateway.connections import Node
from gateway.reads.sources import Column, Field, Many, OrderKey, Source, global_id, timestamp

strawberry.enum(ObjectType, name="ConstraintObjectType", description="What a constraint is about.")
strawberry.enum(Operator, name="CriterionOperator", description="How a field is compared; no operator takes patterns.")
strawberry.enum(Permission, name="ConstraintPermission", description="What is allowed or denied.")
strawberry.enum(PermissionType, name="ConstraintPermissionType", description="Allowed or denied; a denial wins.")


@strawberry.type(description="A comparison of one field of the object.")
class ConstraintCriterion:
    """A criterion."""

    field: str = strawberry.field(description="A field of the object type, as databaseId.")
    operator: Operator = strawberry.field(description="IS_ONE_OF and IS_NOT_ONE_OF fit tags alone.")
    value: str = strawberry.field(description="Compared literally.")


@strawberry.type(description="What a role may or may not do.")
class ConstraintGroupPermission:
    """A permission of a role."""

    group_id: str = strawberry.field(description="Name of a role, which need not exist.")
    permission: Permission = strawberry.field(description="What.")
    permission_type: PermissionType = strawberry.field(description="Allowed or denied.")


@strawberry.type(description="What a user may or may not do.")
class ConstraintUserPermission:
    """A permission of a user."""

    user_id: str = strawberry.field(description="A user, who need not exist.")
    permission: Permission = strawberry.field(description="What.")
    permission_type: PermissionType = strawberry.field(description="Allowed or denied.")


@strawberry.type(description="Who may or may not do what to objects that meet all criteriaAnd, and one of criteriaOr.")
class Constraint(Node):
    """A constraint."""

    constraint_id: str = strawberry.field(description="Unique; never changes.")
    name: str = strawberry.field(description="Display name.")
    description: str = strawberry.field(description="What it is for.")
    object_type: ObjectType = strawberry.field(description="What it is about.")
    criteria_and: list[ConstraintCriterion] = strawberry.field(description="All of them must hold.")
    criteria_or: list[ConstraintCriterion] = strawberry.field(description="And one of these, when there are any.")
    group_permissions: list[ConstraintGroupPermission] = strawberry.field(description="For holders of roles.")
    user_permissions: list[ConstraintUserPermission] = strawberry.field(description="For single users.")
    date_created: datetime = strawberry.field(description="When it was made.")
    date_modified: datetime = strawberry.field(description="When it was last changed.")
    created_by: str = strawberry.field(description="Who made it, as kind:id.")
    modified_by: str = strawberry.field(description="Who changed it last, as kind:id.")
    revision: int = strawberry.field(description="Number of its events; give it as expectedRevision.")


CONSTRAINT_ORDER = (OrderKey("{t}.constraint_id", "text"),)

_PERMISSION: dict[str, Field] = {
    "permission": Column("{t}.value -> 'permission'"),
    "permissionType": Column("upper({t}.value ->> 'permission_type')"),
}
_CRITERION: dict[str, Field] = {
    "field": Column("{t}.value -> 'field'"),
    "operator": Column("upper({t}.value ->> 'operator')"),
    "value": Column("{t}.value -> 'value'"),
}


def _items(column: str) -> str:
    return f"jsonb_array_elements({{p}}.{column}) WITH ORDINALITY"


SOURCES = {
    "Constraint": Source(
        "Constraint",
        "constraints_storage",
        {
            "id": global_id("Constraint", "{t}.constraint_id"),
            "constraintId": Column("{t}.constraint_id"),
            "name": Column("{t}.name"),
            "description": Column("{t}.description"),
            "objectType": Column("upper(regexp_replace({t}.object_type, '([A-Z])', '_\\1', 'g'))"),
            "criteriaAnd": Many("ConstraintCriterionAnd", "true", "{t}.ordinality"),
            "criteriaOr": Many("ConstraintCriterionOr", "true", "{t}.ordinality"),
            "groupPermissions": Many("ConstraintGroupPermission", "true", "{t}.ordinality"),
            "userPermissions": Many("ConstraintUserPermission", "true", "{t}.ordinality"),
            "dateCreated": timestamp("{t}.date_created"),
            "dateModified": timestamp("{t}.date_modified"),
            "createdBy": Column("{t}.created_by"),
            "modifiedBy": Column("{t}.modified_by"),
            "revision": Column("{t}.revision"),
        },
    ),
    "ConstraintCriterionAnd": Source("ConstraintCriterion", _items("criteria_and"), _CRITERION),
    "ConstraintCriterionOr": Source("ConstraintCriterion", _items("criteria_or"), _CRITERION),
    "ConstraintGroupPermission": Source(
        "ConstraintGroupPermission",
        _items("group_permissions"),
        {"groupId": Column("{t}.value -> 'group_id'"), **_PERMISSION},
    ),
    "ConstraintUserPermission": Source(
        "ConstraintUserPermission",
        _items("user_permissions"),
        {"userId": Column("{t}.value -> 'user_id'"), **_PERMISSION},
    ),
}
