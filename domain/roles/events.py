"""What happened to roles."""

from __future__ import annotations

from domain.event import Event


class RoleEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one role."""

    role_name: str


class RoleCreated(RoleEvent, frozen=True, kw_only=True):
    """A role that nobody holds yet."""

    TOPIC = "role-created"
    description: str
    mfa_required: bool
    """Whether it counts only in sessions with a second factor."""


class RoleChanged(RoleEvent, frozen=True, kw_only=True):
    """Its values from here on."""

    TOPIC = "role-changed"
    description: str
    mfa_required: bool


class RoleHoldersChanged(RoleEvent, frozen=True, kw_only=True):
    """Users were given the role, or it was taken from them."""

    TOPIC = "role-holders-changed"
    added: tuple[str, ...]
    removed: tuple[str, ...]


class RoleDeleted(RoleEvent, frozen=True, kw_only=True):
    """The role is gone; its holders lost it in the same transaction. Constraints that name it stay."""

    TOPIC = "role-deleted"


EVENTS: tuple[type[Event], ...] = (RoleCreated, RoleChanged, RoleHoldersChanged, RoleDeleted)
