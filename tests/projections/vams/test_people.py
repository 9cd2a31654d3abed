"""Rows of users, roles, keys and constraints."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace
from psycopg import Connection

from domain.api_keys.events import ApiKeyChanged, ApiKeyCreated, ApiKeyDeleted
from domain.constraints.events import ConstraintChanged, ConstraintCreated, ConstraintDeleted
from domain.roles.events import RoleChanged, RoleCreated, RoleDeleted, RoleHoldersChanged
from domain.users.events import UserApiKeyAdded, UserCreated, UserDeleted, UserEmailChanged, UserRolesSet
from projections.vams.access_rows import ApiKeyRow, ConstraintPermissionRow, RoleRow, UserRoleRow, UserRow
from projections.vams.fold import fold_batch
from projections.vams.sheets import API_KEYS, CONSTRAINT_PERMISSIONS, CONSTRAINTS, ROLES, USER_ROLES, USERS
from tests.domain.sample_people_events import TERMS
from tests.projections.vams.tape import Tape, at, rows

EXPIRY = datetime(2027, 4, 1, tzinfo=UTC)
KEY = ApiKeyCreated(
    api_key_id="k1", api_key_name="farm", api_key_hash="00ff", user_id="ada", description="Renders", expires_at=EXPIRY
)
PERMISSIONS = [
    ConstraintPermissionRow("c1", "group", "artists", "GET", "allow", "asset"),
    ConstraintPermissionRow("c1", "user", "ada", "PUT", "deny", "asset"),
]


def test_users_and_roles_and_who_holds_them(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(UserCreated(user_id="ada", email="a@example.org"), UserCreated(user_id="grace", email="g@example.org"))
    tape.add(RoleCreated(role_name="artists", description="They paint", mfa_required=True))
    tape.add(RoleHoldersChanged(role_name="artists", added=("ada", "grace"), removed=()))
    tape.add(UserRolesSet(user_id="ada", role_names=("artists",)), UserApiKeyAdded(user_id="ada", api_key_id="k1"))
    tape.add(UserEmailChanged(user_id="ada", email="b@example.org"), UserDeleted(user_id="grace"))
    tape.add(RoleHoldersChanged(role_name="artists", added=(), removed=("grace",)))
    tape.add(RoleChanged(role_name="artists", description="They draw", mfa_required=False))
    tape.fold(tables)
    assert rows(tables, USERS) == [UserRow("ada", "b@example.org", at(1), at(7), 4, 7)]
    assert rows(tables, ROLES) == [RoleRow("artists", "They draw", False, at(3), 4, 10)]
    assert rows(tables, USER_ROLES) == [UserRoleRow("ada", "artists", at(4), 4)]


def test_a_removed_role_has_no_row(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(RoleCreated(role_name="artists", description="They paint", mfa_required=True))
    tape.add(RoleDeleted(role_name="artists"))
    tape.fold(tables)
    assert rows(tables, ROLES) == []


def test_a_key_is_a_row_with_its_hash_until_it_ends(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(KEY, ApiKeyChanged(api_key_id="k1", description="", is_active=False, expires_at=None))
    tape.add(replace(KEY, api_key_id="k2"), ApiKeyDeleted(api_key_id="k2"))
    tape.fold(tables)
    assert rows(tables, API_KEYS) == [
        ApiKeyRow("k1", "farm", "00ff", "ada", "", "user:ada", at(1), at(2), None, False, 2, 2)
    ]


def test_a_constraint_is_found_by_whom_it_is_for(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(ConstraintCreated(constraint_id="c1", terms=TERMS))
    tape.fold(tables)
    assert rows(tables, CONSTRAINT_PERMISSIONS) == PERMISSIONS
    (row,) = rows(tables, CONSTRAINTS)
    assert (row.constraint_id, row.object_type, row.date_created, row.created_by) == ("c1", "asset", at(1), "user:ada")
    assert row.criteria_or == [{"field": "tags", "operator": "is_not_one_of", "value": "locked"}]  # type: ignore[comparison-overlap]


def test_replaced_terms_and_a_removed_constraint_leave_no_permission_behind(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(ConstraintCreated(constraint_id="c1", terms=TERMS))
    tape.add(ConstraintChanged(constraint_id="c1", terms=replace(TERMS, group_permissions=())))
    tape.add(ConstraintCreated(constraint_id="c2", terms=TERMS), ConstraintDeleted(constraint_id="c2"))
    tape.fold(tables)
    assert rows(tables, CONSTRAINT_PERMISSIONS) == PERMISSIONS[1:]
    (row,) = rows(tables, CONSTRAINTS)
    assert (row.date_created, row.date_modified, row.revision) == (at(1), at(2), 2)


def test_single_events_leave_the_rows_of_one_batch(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(UserCreated(user_id="ada", email="a@example.org"), UserApiKeyAdded(user_id="ada", api_key_id="k1"))
    tape.add(RoleCreated(role_name="artists", description="They paint", mfa_required=True))
    tape.add(RoleHoldersChanged(role_name="artists", added=("ada",), removed=()), KEY)
    tape.add(ConstraintCreated(constraint_id="c1", terms=TERMS), UserDeleted(user_id="ada"))
    tape.add(ConstraintChanged(constraint_id="c1", terms=replace(TERMS, group_permissions=())))
    tape.add(RoleHoldersChanged(role_name="artists", added=(), removed=("ada",)), ApiKeyDeleted(api_key_id="k1"))
    tape.add(UserCreated(user_id="ada", email="b@example.org"))
    kinds = (USERS, ROLES, USER_ROLES, API_KEYS, CONSTRAINTS, CONSTRAINT_PERMISSIONS)
    with tables.transaction(force_rollback=True):
        tape.fold(tables)
        whole = [rows(tables, kind) for kind in kinds]
    for entry in tape.entries:
        fold_batch([entry], tables)
    assert [rows(tables, kind) for kind in kinds] == whole
    assert [len(found) for found in whole] == [1, 1, 0, 0, 1, 1]
