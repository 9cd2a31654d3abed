"""The API key aggregate, and the names that keys have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from domain.api_keys.events import (
    ApiKeyChanged,
    ApiKeyCreated,
    ApiKeyDeleted,
    ApiKeyEvent,
    ApiKeyNameEvent,
    ApiKeyNameFreed,
    ApiKeyNameTaken,
)
from domain.ledger import Ledger
from domain.stream import Aggregate, Change, Stream


@dataclass(frozen=True)
class ApiKey:
    """What commands need to know of a key."""

    api_key_id: str
    api_key_name: str
    user_id: str
    description: str
    expires_at: datetime | None
    is_active: bool = True
    is_deleted: bool = False

    def change(
        self, *, description: str | None, is_active: bool | None, expires_at: datetime | None
    ) -> tuple[ApiKeyEvent, ...]:
        """An event when something differs; None leaves a value as it is."""
        event = ApiKeyChanged(
            api_key_id=self.api_key_id,
            description=self.description if description is None else description,
            is_active=self.is_active if is_active is None else is_active,
            expires_at=self.expires_at if expires_at is None else expires_at,
        )
        return () if evolve(self, event) == self else (event,)


def evolve(key: ApiKey | None, event: ApiKeyEvent) -> ApiKey:
    """The key after the event."""
    if isinstance(event, ApiKeyCreated):
        return ApiKey(event.api_key_id, event.api_key_name, event.user_id, event.description, event.expires_at)
    assert key is not None
    match event:
        case ApiKeyChanged():
            return replace(key, description=event.description, is_active=event.is_active, expires_at=event.expires_at)
        case ApiKeyDeleted():
            return replace(key, is_deleted=True)
    raise TypeError(f"{type(event).__name__} is not an event of an API key")


def _owner(_: str | None, event: ApiKeyNameEvent) -> str:
    """Id of the key that has the name; empty for none."""
    return event.api_key_id if isinstance(event, ApiKeyNameTaken) else ""


API_KEYS = Aggregate("api-key", evolve)
API_KEY_NAMES = Aggregate("api-key-name", _owner)


def deletion(ledger: Ledger, stream: Stream[ApiKey], key: ApiKey) -> tuple[Change, Change]:
    """End the key and free its name."""
    name = ledger.load(API_KEY_NAMES, key.api_key_name)
    freed = name.then(ApiKeyNameFreed(api_key_name=key.api_key_name))
    return stream.then(ApiKeyDeleted(api_key_id=key.api_key_id)), freed
