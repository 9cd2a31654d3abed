"""Folds the events of users, roles and who holds them."""

from __future__ import annotations

from domain.event import Recorded
from domain.roles.events import RoleChanged, RoleCreated, RoleDeleted, RoleHoldersChanged
from domain.users.events import UserCreated, UserDeleted, UserEmailChanged, UserEvent
from projections.vams.access_rows import RoleRow, UserRoleRow, UserRow
from projections.vams.sheets import Sheets


def user_created(sheets: Sheets, entry: Recorded, event: UserCreated) -> None:
    """A user row."""
    at = entry.cause.at
    row = UserRow(event.user_id, event.email, at, at, entry.revision, entry.position)
    sheets.users.put(row, entry.position)


def email_changed(sheets: Sheets, entry: Recorded, event: UserEmailChanged) -> None:
    """Another address."""
    row = sheets.users.get((event.user_id,))
    changed = row._replace(
        email=event.email, updated_at=entry.cause.at, revision=entry.revision, position=entry.position
    )
    sheets.users.put(changed, entry.position)


def user_revised(sheets: Sheets, entry: Recorded, event: UserEvent) -> None:
    """Roles or keys changed, which have tables of their own; the user's revision moves."""
    row = sheets.users.get((event.user_id,))
    sheets.users.put(row._replace(revision=entry.revision, position=entry.position), entry.position)


def user_deleted(sheets: Sheets, entry: Recorded, event: UserDeleted) -> None:
    """The row is gone."""
    sheets.users.remove((event.user_id,), entry.position)


def role_created(sheets: Sheets, entry: Recorded, event: RoleCreated) -> None:
    """A role row."""
    row = RoleRow(
        event.role_name, event.description, event.mfa_required, entry.cause.at, entry.revision, entry.position
    )
    sheets.roles.put(row, entry.position)


def role_changed(sheets: Sheets, entry: Recorded, event: RoleChanged) -> None:
    """Other values."""
    row = sheets.roles.get((event.role_name,))
    changed = row._replace(
        description=event.description,
        mfa_required=event.mfa_required,
        revision=entry.revision,
        position=entry.position,
    )
    sheets.roles.put(changed, entry.position)


def holders_changed(sheets: Sheets, entry: Recorded, event: RoleHoldersChanged) -> None:
    """A row a holder; the role's revision moves."""
    for user_id in event.removed:
        sheets.user_roles.remove((user_id, event.role_name), entry.position)
    for user_id in event.added:
        row = UserRoleRow(user_id, event.role_name, entry.cause.at, entry.position)
        sheets.user_roles.put(row, entry.position)
    role = sheets.roles.get((event.role_name,))
    sheets.roles.put(role._replace(revision=entry.revision, position=entry.position), entry.position)


def role_deleted(sheets: Sheets, entry: Recorded, event: RoleDeleted) -> None:
    """The row is gone; its holders' rows went with an event before."""
    sheets.roles.remove((event.role_name,), entry.position)
