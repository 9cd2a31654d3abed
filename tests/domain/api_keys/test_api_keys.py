"""Making, changing and ending API keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from domain.api_keys.commands import create_api_key, delete_api_key, update_api_key
from domain.api_keys.errors import ApiKeyNameInUse, ApiKeyNotFound, ExpiryPassed, UserWithoutRoles
from domain.api_keys.events import ApiKeyChanged, ApiKeyCreated, ApiKeyDeleted, ApiKeyNameFreed, ApiKeyNameTaken
from domain.errors import Invalid
from domain.roles.assignments import create_user_roles
from domain.roles.commands import create_role
from domain.users.commands import create_user
from domain.users.errors import UserNotFound
from domain.users.events import UserApiKeyAdded
from tests.domain.library import NOW, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger

LATER = NOW + timedelta(days=30)


@pytest.fixture
def ada(ledger: MemoryLedger) -> MemoryLedger:
    """Ada, who holds a role."""
    create_user(ledger, "ada", email="ada@example.org", order=order())
    create_role(ledger, "artists", description="They paint", order=order())
    create_user_roles(ledger, "ada", role_names=["artists"], order=order())
    return ledger


def _make(ledger: MemoryLedger, api_key_id: str = "k1", **values: Any) -> Any:
    given: dict[str, Any] = {"api_key_name": "farm", "raw_key": "raw", "user_id": "ada", "order": order()}
    return create_api_key(ledger, api_key_id, **(given | values))


def test_only_the_hash_of_a_key_is_recorded(ada: MemoryLedger) -> None:
    with recording(ada) as then:
        _make(ada, description="Renders", expires_at=LATER)
    assert then.events == [
        ApiKeyNameTaken(api_key_name="farm", api_key_id="k1"),
        UserApiKeyAdded(user_id="ada", api_key_id="k1"),
        ApiKeyCreated(
            api_key_id="k1",
            api_key_name="farm",
            api_key_hash=sha256(b"raw").hexdigest(),
            user_id="ada",
            description="Renders",
            expires_at=LATER,
        ),
    ]


def test_a_name_in_use_is_refused_and_free_after_the_end(ada: MemoryLedger) -> None:
    _make(ada)
    with refused(ada, ApiKeyNameInUse, "apiKeyName"):
        _make(ada, "k2")
    with recording(ada) as then:
        delete_api_key(ada, "k1", order=order())
        _make(ada, "k2")
    assert then.events[:3] == [
        ApiKeyDeleted(api_key_id="k1"),
        ApiKeyNameFreed(api_key_name="farm"),
        ApiKeyNameTaken(api_key_name="farm", api_key_id="k2"),
    ]


@pytest.mark.parametrize("name", ["", " ", "a" * 257, "a/b", "a\n", "é"])
def test_a_bad_name_is_refused(ada: MemoryLedger, name: str) -> None:
    with refused(ada, Invalid, "apiKeyName"):
        _make(ada, api_key_name=name)


def test_an_expiry_is_an_instant_in_the_future(ada: MemoryLedger) -> None:
    for passed in (NOW, NOW - timedelta(seconds=1)):
        with refused(ada, ExpiryPassed, "expiresAt"):
            _make(ada, expires_at=passed)
    with refused(ada, Invalid, "expiresAt"):
        _make(ada, expires_at=datetime(2027, 1, 1))
    _make(ada)
    with refused(ada, ExpiryPassed, "expiresAt"):
        update_api_key(ada, "k1", expires_at=NOW, order=order())


def test_a_user_unknown_or_without_a_role_is_refused(ada: MemoryLedger) -> None:
    create_user(ada, "grace", email="grace@example.org", order=order())
    with refused(ada, UserNotFound, "userId"):
        _make(ada, user_id="nobody")
    with refused(ada, UserWithoutRoles, "userId"):
        _make(ada, user_id="grace")


def test_a_change_records_all_values_and_no_change_nothing(ada: MemoryLedger) -> None:
    _make(ada)
    with recording(ada) as then:
        update_api_key(ada, "k1", is_active=False, order=order(expected_revision=1))
        update_api_key(ada, "k1", is_active=False, description="", order=order())
        update_api_key(ada, "k1", description="Renders", expires_at=LATER, order=order())
    assert then.events == [
        ApiKeyChanged(api_key_id="k1", description="", is_active=False, expires_at=None),
        ApiKeyChanged(api_key_id="k1", description="Renders", is_active=False, expires_at=LATER),
    ]


def test_an_ended_or_unknown_key_is_not_found(ada: MemoryLedger) -> None:
    _make(ada)
    delete_api_key(ada, "k1", order=order())
    for key in ("k1", "k2"):
        with refused(ada, ApiKeyNotFound, "apiKeyId"):
            update_api_key(ada, key, is_active=True, order=order())
        with refused(ada, ApiKeyNotFound, "apiKeyId"):
            delete_api_key(ada, key, order=order())
