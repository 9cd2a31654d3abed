"""The rows of users, roles, keys and constraints, in the columns of their tables."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class UserRow(NamedTuple):
    """A user."""

    user_id: str
    email: str
    created_at: datetime
    updated_at: datetime
    revision: int
    position: int


class RoleRow(NamedTuple):
    """A role."""

    role_name: str
    description: str
    mfa_required: bool
    created_on: datetime
    revision: int
    position: int


class UserRoleRow(NamedTuple):
    """A user holds a role."""

    user_id: str
    role_name: str
    created_on: datetime
    position: int


class ApiKeyRow(NamedTuple):
    """An API key, by its hash."""

    api_key_id: str
    api_key_name: str
    api_key_hash: str
    user_id: str
    description: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    is_active: bool
    revision: int
    position: int


class ConstraintRow(NamedTuple):
    """A constraint; criteria and permissions are JSON text."""

    constraint_id: str
    name: str
    description: str
    object_type: str
    criteria_and: str
    criteria_or: str
    group_permissions: str
    user_permissions: str
    date_created: datetime
    date_modified: datetime
    created_by: str
    modified_by: str
    revision: int
    position: int


class ConstraintPermissionRow(NamedTuple):
    """One permission of a constraint, to be found by whom it is for."""

    constraint_id: str
    principal_kind: str
    principal_id: str
    permission: str
    permission_type: str
    object_type: str
