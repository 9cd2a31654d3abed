"""Refusals about API keys."""

from __future__ import annotations

from domain.errors import AlreadyExists, Conflict, Invalid, NotFound


class ApiKeyNotFound(NotFound):
    """No key has this id."""

    def __init__(self, api_key_id: str) -> None:
        super().__init__("API key", api_key_id, path=("apiKeyId",))


class ApiKeyNameInUse(AlreadyExists):
    """Another key has this name."""

    def __init__(self, api_key_name: str) -> None:
        super().__init__(f"Another API key is named {api_key_name!r}: choose another name.", path=("apiKeyName",))


class UserWithoutRoles(Conflict):
    """A key of this user could do nothing."""

    def __init__(self, user_id: str) -> None:
        super().__init__(f"The user {user_id!r} holds no role: give one first.", path=("userId",))


class ExpiryPassed(Invalid):
    """The key would have expired already."""

    def __init__(self) -> None:
        super().__init__("expiresAt is an instant in the future.", path=("expiresAt",))
