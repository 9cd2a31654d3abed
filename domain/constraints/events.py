"""What happened to constraints."""

from __future__ import annotations

import msgspec

from domain.constraints.vocabulary import ObjectType, Operator, Permission, PermissionType
from domain.event import Event


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """A comparison of one field of the object with a value."""

    field: str
    operator: Operator
    value: str


class GroupPermission(msgspec.Struct, frozen=True, kw_only=True):
    """What a role may or may not do."""

    group_id: str
    """Name of a role, which need not exist."""
    permission: Permission
    permission_type: PermissionType


class UserPermission(msgspec.Struct, frozen=True, kw_only=True):
    """What a user may or may not do."""

    user_id: str
    permission: Permission
    permission_type: PermissionType


class ConstraintTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a constraint says. It holds for objects that meet all of `criteria_and`, and one of `criteria_or`."""

    name: str
    description: str
    object_type: ObjectType
    criteria_and: tuple[Criterion, ...] = ()
    criteria_or: tuple[Criterion, ...] = ()
    """Empty asks for nothing more than `criteria_and` does."""
    group_permissions: tuple[GroupPermission, ...] = ()
    user_permissions: tuple[UserPermission, ...] = ()


class ConstraintEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one constraint."""

    constraint_id: str


class ConstraintCreated(ConstraintEvent, frozen=True, kw_only=True):
    """A constraint holds from now on."""

    TOPIC = "constraint-created"
    terms: ConstraintTerms


class ConstraintChanged(ConstraintEvent, frozen=True, kw_only=True):
    """Its terms were replaced as a whole."""

    TOPIC = "constraint-changed"
    terms: ConstraintTerms


class ConstraintDeleted(ConstraintEvent, frozen=True, kw_only=True):
    """It holds no longer."""

    TOPIC = "constraint-deleted"


EVENTS: tuple[type[Event], ...] = (ConstraintCreated, ConstraintChanged, ConstraintDeleted)
