"""API keys through GraphQL."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from domain.roles.assignments import create_user_roles
from domain.roles.commands import create_role
from domain.users.commands import create_user
from tests.gateway.product import Product, order_of

CREATE = """mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  apiKey { apiKeyId apiKeyName userId description createdBy expiresAt isActive revision } rawKey
  position errors { code path } } }"""
UPDATE = """mutation($input: UpdateApiKeyInput!) { updateApiKey(input: $input) {
  apiKey { isActive expiresAt description } position errors { code path } } }"""
DELETE = "mutation($input: DeleteApiKeyInput!) { deleteApiKey(input: $input) { position errors { code path } } }"
LIST = "{ apiKeys { edges { node { apiKeyName } } } }"
EXPIRY = "2999-01-01T00:00:00.000000Z"


@pytest.fixture(scope="module", autouse=True)
def _ada(library: Product) -> None:
    create_role(library.ledger, "artists", description="They paint", order=order_of("grace"))
    for user in ("ada", "idle"):
        create_user(library.ledger, user, email="a@example.org", order=order_of("grace"))
    create_user_roles(library.ledger, "ada", role_names=["artists"], order=order_of("grace"))


def test_the_raw_key_is_shown_once_and_kept_nowhere(library: Product) -> None:
    given = {"apiKeyName": "farm", "userId": "ada", "expiresAt": EXPIRY, "idempotencyKey": "farm-1"}
    made = library.client.done(CREATE, **given)
    raw, key = made["rawKey"], made["apiKey"]
    assert {**key, "apiKeyId": ""} == {
        "apiKeyId": "",
        "apiKeyName": "farm",
        "userId": "ada",
        "description": "",
        "createdBy": "user:developer",
        "expiresAt": EXPIRY,
        "isActive": True,
        "revision": 1,
    }
    again = library.client.done(CREATE, **given)
    assert (again["rawKey"], again["apiKey"]["apiKeyId"]) == (None, key["apiKeyId"])
    log = b"".join(entry.state for entry in library.parts.log.recorder.select_notifications(None, 100_000))
    assert raw.startswith("interneg_")
    assert raw.encode() not in log
    assert sha256(raw.encode()).hexdigest().encode() in log


def test_a_key_is_changed_and_ended_and_its_name_is_free(library: Product) -> None:
    made = library.client.done(CREATE, apiKeyName="night", userId="ada", description="Night renders")
    key = {"apiKeyId": made["apiKey"]["apiKeyId"]}
    changed = library.client.done(UPDATE, **key, isActive=False, expiresAt=EXPIRY)["apiKey"]
    assert changed == {"isActive": False, "expiresAt": EXPIRY, "description": "Night renders"}
    library.client.done(DELETE, **key)
    assert library.client.refused(UPDATE, **key, isActive=True) == {"code": "NOT_FOUND", "path": ["apiKeyId"]}
    assert library.client.refused(DELETE, **key) == {"code": "NOT_FOUND", "path": ["apiKeyId"]}
    library.client.done(CREATE, apiKeyName="night", userId="ada")
    names = [edge["node"]["apiKeyName"] for edge in library.client.one(LIST)["edges"]]
    assert names.count("night") == 1


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"apiKeyName": "taken"}, "API_KEY_NAME_IN_USE", "apiKeyName"),
        ({"apiKeyName": "a/b"}, "INVALID", "apiKeyName"),
        ({"userId": "nobody"}, "NOT_FOUND", "userId"),
        ({"userId": "idle"}, "USER_WITHOUT_ROLES", "userId"),
        ({"expiresAt": "2020-01-01T00:00:00Z"}, "EXPIRY_PASSED", "expiresAt"),
        ({"description": "a" * 257}, "INVALID", "description"),
    ],
)
def test_a_refused_key_records_nothing_and_shows_none(library: Product, given: Any, code: str, path: str) -> None:
    if path == "apiKeyName":
        library.client.one(CREATE, input={"apiKeyName": "taken", "userId": "ada"})
    before = library.recorded()
    payload = library.client.one(CREATE, input={"apiKeyName": "other", "userId": "ada", **given})
    assert (payload["errors"], payload["rawKey"]) == ([{"code": code, "path": [path]}], None)
    assert library.recorded() == before


def test_a_date_is_no_instant(library: Product) -> None:
    given = {"apiKeyName": "dated", "userId": "ada", "expiresAt": "2999-01-01"}
    (error,) = library.client.answer(CREATE, input=given)["errors"]
    assert "has no offset" in error["message"]
