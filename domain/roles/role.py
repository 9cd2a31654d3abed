"""The role aggregate: what it is, and who holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from domain.errors import Invalid
from domain.roles.events import RoleChanged, RoleCreated, RoleDeleted, RoleEvent, RoleHoldersChanged
from domain.stream import Aggregate

ROLE_NAME = re.compile(r"[-_a-zA-Z0-9]{3,63}")


@dataclass(frozen=True)
class Role:
    """What commands need to know of a role."""

    role_name: str
    description: str
    mfa_required: bool
    holders: frozenset[str] = frozenset()
    is_deleted: bool = False

    def change(self, *, description: str | None, mfa_required: bool | None) -> tuple[RoleEvent, ...]:
        """An event when something differs; None leaves a value as it is."""
        event = RoleChanged(
            role_name=self.role_name,
            description=self.description if description is None else description,
            mfa_required=self.mfa_required if mfa_required is None else mfa_required,
        )
        return () if evolve(self, event) == self else (event,)


def check_role_name(role_name: str) -> None:
    """Raise Invalid unless it is 3 to 63 letters, digits, "-" or "_"."""
    if not ROLE_NAME.fullmatch(role_name):
        raise Invalid(
            f"A role name is 3 to 63 letters, digits, '-' or '_'; {role_name[:80]!r} is not.", path=("roleName",)
        )


def evolve(role: Role | None, event: RoleEvent) -> Role:
    """The role after the event."""
    if isinstance(event, RoleCreated):
        return Role(event.role_name, event.description, event.mfa_required)
    assert role is not None
    match event:
        case RoleChanged():
            return replace(role, description=event.description, mfa_required=event.mfa_required)
        case RoleHoldersChanged():
            return replace(role, holders=(role.holders | set(event.added)) - set(event.removed))
        case RoleDeleted():
            return replace(role, is_deleted=True)
    raise TypeError(f"{type(event).__name__} is not an event of a role")


ROLES = Aggregate("role", evolve)
