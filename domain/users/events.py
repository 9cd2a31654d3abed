"""What happened to users."""

from __future__ import annotations

from domain.event import Event


class UserEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one user."""

    user_id: str


class UserCreated(UserEvent, frozen=True, kw_only=True):
    """A user is known from now on, without roles and keys."""

    TOPIC = "user-created"
    email: str


class UserEmailChanged(UserEvent, frozen=True, kw_only=True):
    """Mail goes elsewhere."""

    TOPIC = "user-email-changed"
    email: str


class UserRolesSet(UserEvent, frozen=True, kw_only=True):
    """The whole set of the user's roles was replaced; each role's own stream has its part of it."""

    TOPIC = "user-roles-set"
    role_names: tuple[str, ...]


class UserApiKeyAdded(UserEvent, frozen=True, kw_only=True):
    """A key acts as this user."""

    TOPIC = "user-api-key-added"
    api_key_id: str


class UserDeleted(UserEvent, frozen=True, kw_only=True):
    """The user is gone, and the roles and keys with them."""

    TOPIC = "user-deleted"


EVENTS: tuple[type[Event], ...] = (UserCreated, UserEmailChanged, UserRolesSet, UserApiKeyAdded, UserDeleted)
