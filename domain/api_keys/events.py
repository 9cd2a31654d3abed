"""What happened to API keys. A raw key is never recorded."""

from __future__ import annotations

from datetime import datetime

from domain.event import Event


class ApiKeyEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one key."""

    api_key_id: str


class ApiKeyCreated(ApiKeyEvent, frozen=True, kw_only=True):
    """A key acts as the user from now on."""

    TOPIC = "api-key-created"
    api_key_name: str
    api_key_hash: str
    """SHA-256 of the raw key, in lower-case hexadecimal; the key has 384 random bits, so it needs no salt."""
    user_id: str
    description: str
    expires_at: datetime | None
    """Aware; None never expires."""


class ApiKeyChanged(ApiKeyEvent, frozen=True, kw_only=True):
    """Its values from here on."""

    TOPIC = "api-key-changed"
    description: str
    is_active: bool
    expires_at: datetime | None


class ApiKeyDeleted(ApiKeyEvent, frozen=True, kw_only=True):
    """The key is good for nothing any more."""

    TOPIC = "api-key-deleted"


class ApiKeyNameEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one name, which has one key at a time."""

    api_key_name: str


class ApiKeyNameTaken(ApiKeyNameEvent, frozen=True, kw_only=True):
    """The name is this key's."""

    TOPIC = "api-key-name-taken"
    api_key_id: str


class ApiKeyNameFreed(ApiKeyNameEvent, frozen=True, kw_only=True):
    """The name may be given to another key."""

    TOPIC = "api-key-name-freed"


EVENTS: tuple[type[Event], ...] = (ApiKeyCreated, ApiKeyChanged, ApiKeyDeleted, ApiKeyNameTaken, ApiKeyNameFreed)
