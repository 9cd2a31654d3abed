"""Folds the events of constraints: a row each, and a row a permission to be found by whom it is for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from domain.constraints.events import (
    ConstraintChanged,
    ConstraintCreated,
    ConstraintDeleted,
    ConstraintTerms,
    GroupPermission,
    UserPermission,
)
from domain.constraints.vocabulary import ObjectType
from domain.event import Recorded
from projections.vams.access_rows import ConstraintPermissionRow, ConstraintRow
from projections.vams.json_text import json_text
from projections.vams.sheets import Sheets


def created(sheets: Sheets, entry: Recorded, event: ConstraintCreated) -> None:
    """A constraint row and its permissions."""
    made = (entry.cause.at, entry.cause.actor)
    _put(sheets, entry, _row(event.constraint_id, event.terms, entry, made=made))


def changed(sheets: Sheets, entry: Recorded, event: ConstraintChanged) -> None:
    """Other terms; permissions that are no longer in them are gone."""
    before = sheets.constraints.get((event.constraint_id,))
    _forget(sheets, entry, before)
    made = (before.date_created, before.created_by)
    _put(sheets, entry, _row(event.constraint_id, event.terms, entry, made=made))


def deleted(sheets: Sheets, entry: Recorded, event: ConstraintDeleted) -> None:
    """The rows are gone."""
    _forget(sheets, entry, sheets.constraints.get((event.constraint_id,)))
    sheets.constraints.remove((event.constraint_id,), entry.position)


def _row(constraint_id: str, terms: ConstraintTerms, entry: Recorded, *, made: tuple[datetime, str]) -> ConstraintRow:
    return ConstraintRow(
        constraint_id=constraint_id,
        name=terms.name,
        description=terms.description,
        object_type=terms.object_type,
        criteria_and=json_text(terms.criteria_and),
        criteria_or=json_text(terms.criteria_or),
        group_permissions=json_text(terms.group_permissions),
        user_permissions=json_text(terms.user_permissions),
        date_created=made[0],
        date_modified=entry.cause.at,
        created_by=made[1],
        modified_by=entry.cause.actor,
        revision=entry.revision,
        position=entry.position,
    )


def _put(sheets: Sheets, entry: Recorded, row: ConstraintRow) -> None:
    sheets.constraints.put(row, entry.position)
    for permission in _permissions(row):
        sheets.constraint_permissions.put(permission, entry.position)


def _forget(sheets: Sheets, entry: Recorded, row: ConstraintRow) -> None:
    for permission in _permissions(row):
        sheets.constraint_permissions.remove(permission[:5], entry.position)


def _permissions(row: ConstraintRow) -> Iterator[ConstraintPermissionRow]:
    object_type = ObjectType(row.object_type)
    for group in msgspec.json.decode(row.group_permissions, type=list[GroupPermission]):
        yield ConstraintPermissionRow(
            row.constraint_id, "group", group.group_id, group.permission, group.permission_type, object_type
        )
    for user in msgspec.json.decode(row.user_permissions, type=list[UserPermission]):
        yield ConstraintPermissionRow(
            row.constraint_id, "user", user.user_id, user.permission, user.permission_type, object_type
        )
