"""Users, roles and who holds them, through GraphQL."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.product import Product

CREATE = """mutation($input: CreateUserInput!) { createUser(input: $input) {
  user { id userId email revision roles { roleName } } position errors { code path } } }"""
UPDATE = """mutation($input: UpdateUserInput!) { updateUser(input: $input) {
  user { email revision } position errors { code path } } }"""
DELETE = "mutation($input: DeleteUserInput!) { deleteUser(input: $input) { position errors { code path } } }"
CREATE_ROLE = """mutation($input: CreateRoleInput!) { createRole(input: $input) {
  role { id roleName description mfaRequired revision } position errors { code path } } }"""
UPDATE_ROLE = """mutation($input: UpdateRoleInput!) { updateRole(input: $input) {
  role { description mfaRequired } position errors { code path } } }"""
DELETE_ROLE = "mutation($input: DeleteRoleInput!) { deleteRole(input: $input) { position errors { code path } } }"
GIVE = """mutation($input: CreateUserRolesInput!) { createUserRoles(input: $input) {
  user { roles { roleName } } position errors { code path } } }"""
REPLACE = """mutation($input: UpdateUserRolesInput!) { updateUserRoles(input: $input) {
  user { roles { roleName } } position errors { code path } } }"""
TAKE = """mutation($input: DeleteUserRolesInput!) { deleteUserRoles(input: $input) {
  user { roles { roleName } } position errors { code path } } }"""
LISTS = "{ users { edges { node { userId } } } roles { edges { node { roleName holders { userId } } } } }"


@pytest.fixture(scope="module", autouse=True)
def _people(library: Product) -> None:
    for user in ("ada", "grace"):
        library.client.done(CREATE, userId=user, email=f"{user}@example.org")
    for role in ("artists", "leads"):
        library.client.done(CREATE_ROLE, roleName=role, description="A role")


def _roles(payload: Any) -> list[str]:
    return [held["roleName"] for held in payload["user"]["roles"]]


def test_a_user_is_made_found_changed_and_removed(library: Product) -> None:
    made = library.client.done(CREATE, userId="joan", email="joan@example.org")["user"]
    assert {**made, "id": ""} == {"id": "", "userId": "joan", "email": "joan@example.org", "revision": 1, "roles": []}
    node = "query($id: ID!) { node(id: $id) { ... on User { userId } } }"
    assert library.client.one(node, id=made["id"]) == {"userId": "joan"}
    changed = library.client.done(UPDATE, userId="joan", email="j@example.org", expectedRevision=1)["user"]
    assert changed == {"email": "j@example.org", "revision": 2}
    library.client.done(DELETE, userId="joan")
    assert library.client.one(node, id=made["id"]) is None


def test_a_role_is_made_changed_and_removed_from_its_holders(library: Product) -> None:
    made = library.client.done(CREATE_ROLE, roleName="pool", description="Spare hands", mfaRequired=True)["role"]
    assert {**made, "id": ""} == {
        "id": "",
        "roleName": "pool",
        "description": "Spare hands",
        "mfaRequired": True,
        "revision": 1,
    }
    changed = library.client.done(UPDATE_ROLE, roleName="pool", mfaRequired=False)["role"]
    assert changed == {"description": "Spare hands", "mfaRequired": False}
    assert _roles(library.client.done(GIVE, userId="grace", roleNames=["pool"])) == ["pool"]
    library.client.done(DELETE_ROLE, roleName="pool")
    data = library.client.data(LISTS)
    assert [edge["node"] for edge in data["roles"]["edges"]] == [
        {"roleName": "artists", "holders": []},
        {"roleName": "leads", "holders": []},
    ]
    assert [edge["node"]["userId"] for edge in data["users"]["edges"]] == ["ada", "grace"]


def test_roles_are_given_replaced_and_taken(library: Product) -> None:
    assert _roles(library.client.done(GIVE, userId="ada", roleNames=["leads"])) == ["leads"]
    before = library.recorded()
    refused = library.client.refused(GIVE, userId="ada", roleNames=["artists", "leads"])
    assert refused == {"code": "ROLE_ALREADY_HELD", "path": ["roleNames"]}
    assert library.client.refused(REPLACE, userId="ada", roleNames=["nobody"])["code"] == "NOT_FOUND"
    assert library.recorded() == before
    assert _roles(library.client.done(REPLACE, userId="ada", roleNames=["artists"])) == ["artists"]
    assert _roles(library.client.done(TAKE, userId="ada")) == []
    assert library.client.refused(TAKE, userId="ada") == {"code": "NOT_FOUND", "path": ["userId"]}


@pytest.mark.parametrize(
    ("document", "given", "code", "path"),
    [
        (CREATE, {"userId": "ada", "email": "a@example.org"}, "ALREADY_EXISTS", "userId"),
        (CREATE, {"userId": "a b", "email": "a@example.org"}, "INVALID", "userId"),
        (CREATE, {"userId": "new", "email": "a"}, "INVALID", "email"),
        (UPDATE, {"userId": "nobody", "email": "a@example.org"}, "NOT_FOUND", "userId"),
        (DELETE, {"userId": "nobody"}, "NOT_FOUND", "userId"),
        (CREATE_ROLE, {"roleName": "leads", "description": "Again"}, "ALREADY_EXISTS", "roleName"),
        (CREATE_ROLE, {"roleName": "a b", "description": "Again"}, "INVALID", "roleName"),
        (UPDATE_ROLE, {"roleName": "nobody", "mfaRequired": True}, "NOT_FOUND", "roleName"),
        (DELETE_ROLE, {"roleName": "nobody"}, "NOT_FOUND", "roleName"),
    ],
)
def test_what_is_refused_records_nothing(library: Product, document: str, given: Any, code: str, path: str) -> None:
    before = library.recorded()
    assert library.client.refused(document, **given) == {"code": code, "path": [path]}
    assert library.recorded() == before
