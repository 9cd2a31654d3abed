"""Commands on API keys."""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import sha256

from domain.api_keys.api_key import API_KEY_NAMES, API_KEYS, ApiKey, deletion
from domain.api_keys.errors import ApiKeyNameInUse, ApiKeyNotFound, ExpiryPassed, UserWithoutRoles
from domain.api_keys.events import ApiKeyCreated, ApiKeyNameTaken
from domain.cause import Order
from domain.errors import Invalid
from domain.ledger import Ledger
from domain.stream import Decision, Outcome, Stream
from domain.text import check_text
from domain.users.commands import load_user
from domain.users.events import UserApiKeyAdded

API_KEY_NAME = re.compile(r"[a-zA-Z0-9\-._ ]{1,256}")
KEY_HASH = re.compile(r"[0-9a-f]{64}")
MAX_DESCRIPTION_LENGTH = 256


def key_hash(raw_key: str) -> str:
    """What is kept of a raw key."""
    return sha256(raw_key.encode()).hexdigest()


def create_api_key(
    ledger: Ledger,
    api_key_id: str,
    *,
    api_key_name: str,
    raw_key: str,
    user_id: str,
    description: str = "",
    expires_at: datetime | None = None,
    order: Order,
) -> Outcome:
    """Let a key act as a user who holds a role; only its hash is recorded. The result has `apiKeyId`.

    Raises UserNotFound, UserWithoutRoles, ApiKeyNameInUse, ExpiryPassed, Invalid.
    """
    event = ApiKeyCreated(
        api_key_id=api_key_id,
        api_key_name=api_key_name,
        api_key_hash=key_hash(raw_key),
        user_id=user_id,
        description=description,
        expires_at=expires_at,
    )
    return import_api_key(ledger, event, order=order)


def import_api_key(ledger: Ledger, key: ApiKeyCreated, *, order: Order) -> Outcome:
    """Take over a key of which only the hash is known. Raises what create_api_key does, and Invalid for the hash."""
    api_key_name, api_key_id, user_id = key.api_key_name, key.api_key_id, key.user_id
    if not KEY_HASH.fullmatch(key.api_key_hash):
        raise Invalid("The hash of a key is 64 hexadecimal digits.", path=("apiKeyHash",))
    if not API_KEY_NAME.fullmatch(api_key_name) or not api_key_name.strip():
        raise Invalid(
            f"An API key's name is 1 to 256 letters, digits, blanks or - . _; {api_key_name[:80]!r} is not.",
            path=("apiKeyName",),
        )
    _check(key.description, key.expires_at, order)

    def decide() -> Decision:
        stream = ledger.load(API_KEYS, api_key_id)
        if stream.state:
            raise ApiKeyNameInUse(api_key_name)
        user_stream, user = load_user(ledger, user_id)
        if not user.role_names:
            raise UserWithoutRoles(user_id)
        name = ledger.load(API_KEY_NAMES, api_key_name)
        if name.state:
            raise ApiKeyNameInUse(api_key_name)
        changes = (
            name.then(ApiKeyNameTaken(api_key_name=api_key_name, api_key_id=api_key_id)),
            user_stream.then(UserApiKeyAdded(user_id=user_id, api_key_id=api_key_id)),
            stream.then(key),
        )
        return Decision(changes, {"apiKeyId": api_key_id})

    return ledger.carry_out(order, decide)


def update_api_key(
    ledger: Ledger,
    api_key_id: str,
    *,
    description: str | None = None,
    is_active: bool | None = None,
    expires_at: datetime | None = None,
    order: Order,
) -> Outcome:
    """Change what is given and differs; None leaves a value. Raises ApiKeyNotFound, ExpiryPassed, Invalid."""
    _check(description, expires_at, order)

    def decide() -> Decision:
        stream, key = _load(ledger, api_key_id)
        stream.expect(order)
        events = key.change(description=description, is_active=is_active, expires_at=expires_at)
        return Decision((stream.then(*events),))

    return ledger.carry_out(order, decide)


def delete_api_key(ledger: Ledger, api_key_id: str, *, order: Order) -> Outcome:
    """End the key for good and free its name. Raises ApiKeyNotFound."""

    def decide() -> Decision:
        stream, key = _load(ledger, api_key_id)
        stream.expect(order)
        return Decision(deletion(ledger, stream, key))

    return ledger.carry_out(order, decide)


def _load(ledger: Ledger, api_key_id: str) -> tuple[Stream[ApiKey], ApiKey]:
    stream = ledger.load(API_KEYS, api_key_id)
    if stream.state is None or stream.state.is_deleted:
        raise ApiKeyNotFound(api_key_id)
    return stream, stream.state


def _check(description: str | None, expires_at: datetime | None, order: Order) -> None:
    check_text(description, name="description", longest=MAX_DESCRIPTION_LENGTH)
    if expires_at is None:
        return
    if expires_at.tzinfo is None:
        raise Invalid("expiresAt has an offset: a time without one names no instant.", path=("expiresAt",))
    if expires_at <= order.cause.at:
        raise ExpiryPassed
