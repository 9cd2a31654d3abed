"""Users, roles and who holds them."""

from __future__ import annotations

import pytest

from domain.api_keys.commands import create_api_key, delete_api_key
from domain.api_keys.events import ApiKeyDeleted, ApiKeyNameFreed
from domain.errors import Invalid, RevisionMismatch
from domain.roles.assignments import create_user_roles, delete_user_roles, update_user_roles
from domain.roles.commands import create_role, delete_role, update_role
from domain.roles.errors import RoleAlreadyExists, RoleAlreadyHeld, RoleNotFound, UserRolesNotFound
from domain.roles.events import RoleChanged, RoleCreated, RoleDeleted, RoleHoldersChanged
from domain.users.commands import create_user, delete_user, update_user
from domain.users.errors import UserAlreadyExists, UserNotFound
from domain.users.events import UserCreated, UserDeleted, UserEmailChanged, UserRolesSet
from tests.domain.library import order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger


def _held(role: str, *, added: tuple[str, ...] = (), removed: tuple[str, ...] = ()) -> RoleHoldersChanged:
    return RoleHoldersChanged(role_name=role, added=added, removed=removed)


def _set(user: str, *roles: str) -> UserRolesSet:
    return UserRolesSet(user_id=user, role_names=roles)


@pytest.fixture
def people(ledger: MemoryLedger) -> MemoryLedger:
    """Ada and grace, and the roles artists and leads."""
    for user in ("ada", "grace"):
        create_user(ledger, user, email=f"{user}@example.org", order=order())
    for role in ("artists", "leads"):
        create_role(ledger, role, description="A role", order=order())
    return ledger


def test_a_user_is_made_moved_and_removed(ledger: MemoryLedger) -> None:
    with recording(ledger) as then:
        create_user(ledger, "ada", email="ada@render.photography", order=order())
        update_user(ledger, "ada", email="ada@example.org", order=order(expected_revision=1))
        update_user(ledger, "ada", email="ada@example.org", order=order())
        delete_user(ledger, "ada", order=order())
        create_user(ledger, "ada", email="ada@example.org", order=order())
    assert then.events == [
        UserCreated(user_id="ada", email="ada@render.photography"),
        UserEmailChanged(user_id="ada", email="ada@example.org"),
        UserDeleted(user_id="ada"),
        UserCreated(user_id="ada", email="ada@example.org"),
    ]


def test_a_taken_user_id_is_refused(people: MemoryLedger) -> None:
    with refused(people, UserAlreadyExists, "userId"):
        create_user(people, "ada", email="ada@example.org", order=order())


@pytest.mark.parametrize("user_id", ["", "ab", "a" * 257, "a b", "a:b", "adé", "ada\n"])
def test_a_bad_user_id_is_refused(ledger: MemoryLedger, user_id: str) -> None:
    with refused(ledger, Invalid, "userId"):
        create_user(ledger, user_id, email="ada@example.org", order=order())


@pytest.mark.parametrize("email", ["", "ada", "ada@example", "ada@example.o", "a b@example.org", "ada@example.org\n"])
def test_a_bad_address_is_refused(people: MemoryLedger, email: str) -> None:
    with refused(people, Invalid, "email"):
        create_user(people, "new", email=email, order=order())
    with refused(people, Invalid, "email"):
        update_user(people, "ada", email=email, order=order())


def test_an_unknown_user_is_not_found(people: MemoryLedger) -> None:
    delete_user(people, "grace", order=order())
    for user in ("nobody", "grace"):
        with refused(people, UserNotFound, "userId"):
            update_user(people, user, email="a@example.org", order=order())
        with refused(people, UserNotFound, "userId"):
            delete_user(people, user, order=order())
        with refused(people, UserNotFound, "userId"):
            create_user_roles(people, user, role_names=["artists"], order=order())


def test_a_role_is_made_changed_and_removed(ledger: MemoryLedger) -> None:
    with recording(ledger) as then:
        create_role(ledger, "artists", description="They paint", mfa_required=True, order=order())
        update_role(ledger, "artists", mfa_required=False, order=order(expected_revision=1))
        update_role(ledger, "artists", description="They paint", order=order())
        delete_role(ledger, "artists", order=order())
        create_role(ledger, "artists", description="They draw", order=order())
    assert then.events == [
        RoleCreated(role_name="artists", description="They paint", mfa_required=True),
        RoleChanged(role_name="artists", description="They paint", mfa_required=False),
        RoleDeleted(role_name="artists"),
        RoleCreated(role_name="artists", description="They draw", mfa_required=False),
    ]


def test_a_taken_or_bad_role_name_is_refused(people: MemoryLedger) -> None:
    with refused(people, RoleAlreadyExists, "roleName"):
        create_role(people, "artists", description="Again", order=order())
    for name in ("", "ab", "a b", "a" * 64, "a\n"):
        with refused(people, Invalid, "roleName"):
            create_role(people, name, description="A role", order=order())
    with refused(people, Invalid, "description"):
        update_role(people, "artists", description="a", order=order())


def test_an_unknown_role_is_not_found(people: MemoryLedger) -> None:
    with refused(people, RoleNotFound, "roleName"):
        update_role(people, "nobody", description="A role", order=order())
    with refused(people, RoleNotFound, "roleName"):
        delete_role(people, "nobody", order=order())


def test_another_revision_is_refused(people: MemoryLedger) -> None:
    with refused(people, RevisionMismatch, "expectedRevision"):
        update_role(people, "leads", mfa_required=True, order=order(expected_revision=2))
    with refused(people, RevisionMismatch, "expectedRevision"):
        update_user(people, "ada", email="a@example.org", order=order(expected_revision=2))


def test_roles_are_given_replaced_and_taken(people: MemoryLedger) -> None:
    with recording(people) as then:
        create_user_roles(people, "ada", role_names=["leads", "artists", "leads"], order=order())
        update_user_roles(people, "ada", role_names=["artists"], order=order())
        update_user_roles(people, "ada", role_names=["artists"], order=order())
        delete_user_roles(people, "ada", order=order())
    assert then.events == [
        _held("artists", added=("ada",)),
        _held("leads", added=("ada",)),
        _set("ada", "artists", "leads"),
        _held("leads", removed=("ada",)),
        _set("ada", "artists"),
        _held("artists", removed=("ada",)),
        _set("ada"),
    ]


def test_a_role_held_already_or_unknown_is_refused(people: MemoryLedger) -> None:
    create_user_roles(people, "ada", role_names=["leads"], order=order())
    with refused(people, RoleAlreadyHeld, "roleNames"):
        create_user_roles(people, "ada", role_names=["artists", "leads"], order=order())
    with refused(people, RoleNotFound, "roleNames"):
        update_user_roles(people, "ada", role_names=["leads", "nobody"], order=order())
    with refused(people, UserRolesNotFound, "userId"):
        delete_user_roles(people, "grace", order=order())


def test_removing_a_role_takes_it_from_its_holders_at_once(people: MemoryLedger) -> None:
    create_user_roles(people, "ada", role_names=["artists", "leads"], order=order())
    create_user_roles(people, "grace", role_names=["artists"], order=order())
    with recording(people) as then:
        delete_role(people, "artists", order=order())
    assert then.events == [
        _set("ada", "leads"),
        _set("grace"),
        _held("artists", removed=("ada", "grace")),
        RoleDeleted(role_name="artists"),
    ]


def test_removing_a_user_ends_their_roles_and_remaining_keys_at_once(people: MemoryLedger) -> None:
    create_user_roles(people, "ada", role_names=["artists"], order=order())
    for key in ("k1", "k2"):
        create_api_key(people, key, api_key_name=f"name {key}", raw_key=key, user_id="ada", order=order())
    delete_api_key(people, "k1", order=order())
    with recording(people) as then:
        delete_user(people, "ada", order=order())
    assert then.events == [
        _held("artists", removed=("ada",)),
        ApiKeyDeleted(api_key_id="k2"),
        ApiKeyNameFreed(api_key_name="name k2"),
        UserDeleted(user_id="ada"),
    ]
