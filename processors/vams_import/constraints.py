"""Constraints, in VAMS's table of today and in the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, TypeVar

from domain.constraints.commands import create_constraint
from domain.constraints.events import ConstraintTerms, Criterion, GroupPermission, UserPermission
from domain.constraints.vocabulary import LIST_FIELDS, ObjectType, Operator, Permission, PermissionType
from processors.vams_import.session import AndOr, Session
from processors.vams_import.staging import Row
from processors.vams_import.values import text, texts

T = TypeVar("T")

TABLE, EARLIER = "ConstraintsStorageTable", "AuthEntitiesStorageTable"
PATTERN_CHARACTERS = frozenset("\\^$*+?()[]{}|")
ANYTHING = ".*"
CARRIED = {
    "constraintId",
    "identifier",
    "entityType",
    "sk",
    "name",
    "description",
    "objectType",
    "criteriaAnd",
    "criteriaOr",
    "groupPermissions",
    "userPermissions",
}


def import_constraints(session: Session) -> None:
    """Every constraint once; the rows that VAMS adds for each of its groups and users are in the first one."""
    seen: dict[str, bool] = {}
    for row in session.staging.of_table(TABLE):
        if _whole(row.key[0]) == row.key[0]:
            seen[row.key[0]] = _import_constraint(session, row, row.key[0])
    for row in session.staging.of_table(TABLE):
        if not seen.get(_whole(row.key[0])) and _whole(row.key[0]) != row.key[0]:
            session.refuse(row, f"the constraint {_whole(row.key[0])!r} was not imported")
    for row in session.staging.of_table(EARLIER):
        constraint_id = text(row.get("constraintId")) or row.key[1].removeprefix("constraint#")
        if row.key[0] != "constraint":
            session.refuse(row, f"there is nothing like a {row.key[0]!r} here")
        elif constraint_id in seen:
            session.refuse(row, "the table of constraints has it")
        else:
            _import_constraint(session, row, constraint_id)


def _whole(key: str) -> str:
    """The constraint that a row, or a copy of it for a group or a user, is of."""
    return key.partition("#group#")[0].partition("#user#")[0]


def _import_constraint(session: Session, row: Row, constraint_id: str) -> bool:
    try:
        terms = _terms(session, row, constraint_id)
    except ValueError as error:
        session.refuse(row, f"it has a word that constraints do not know: {error}")
        return False
    has_both = bool(terms.criteria_and and terms.criteria_or)
    if has_both and session.rules.and_or is None:
        session.refuse(row, "it has criteria of both kinds: say by --rule and-or=alternatives|all what they mean")
        return False
    if has_both and session.rules.and_or is AndOr.ALTERNATIVES:
        session.change(row, f"it became two constraints, the second of which is {constraint_id}-or")
        _create(session, row, f"{constraint_id}-or", _with(terms, criteria_and=()))
        terms = _with(terms, criteria_or=())
    is_made = _create(session, row, constraint_id, terms)
    if is_made:
        session.came_from(row, "constraint", (constraint_id,), CARRIED)
    return is_made


def _create(session: Session, row: Row, constraint_id: str, terms: ConstraintTerms) -> bool:
    return session.attempt(row, partial(create_constraint, session.ledger, constraint_id, terms=terms)) is not None


def _terms(session: Session, row: Row, constraint_id: str) -> ConstraintTerms:
    """Raises ValueError for a word that is none of the vocabulary."""
    return ConstraintTerms(
        name=text(row.get("name")) or constraint_id,
        description=session.description(row),
        object_type=ObjectType(text(row.get("objectType"))),
        criteria_and=_criteria(session, row, "criteriaAnd"),
        criteria_or=_criteria(session, row, "criteriaOr"),
        group_permissions=tuple(
            GroupPermission(group_id=text(one.get("groupId")), permission=permission, permission_type=_effect(one))
            for one in _maps(row.get("groupPermissions"))
            for permission in _permissions(one)
        ),
        user_permissions=tuple(
            UserPermission(user_id=text(one.get("userId")), permission=permission, permission_type=_effect(one))
            for one in _maps(row.get("userPermissions"))
            for permission in _permissions(one)
        ),
    )


def _criteria(session: Session, row: Row, name: str) -> tuple[Criterion, ...]:
    return tuple(_criterion(session, row, one) for one in _maps(row.get(name)))


def _criterion(session: Session, row: Row, given: dict[str, Any]) -> Criterion:
    field, value = text(given.get("field")), text(given.get("value"))
    operator = Operator(text(given.get("operator")))
    if value == ANYTHING and field not in LIST_FIELDS:
        session.change(row, f"{field} {operator} {value!r} matched everything and became {Operator.CONTAINS} ''")
        return Criterion(field=field, operator=Operator.CONTAINS, value="")
    if PATTERN_CHARACTERS & set(value):
        session.change(row, f"{field} {operator} {value!r} was a pattern in VAMS and is compared as it is written here")
    return Criterion(field=field, operator=operator, value=value)


def _permissions(given: dict[str, Any]) -> list[Permission]:
    return [Permission(one.upper()) for one in texts(given.get("permission"))]


def _effect(given: dict[str, Any]) -> PermissionType:
    return PermissionType(text(given.get("permissionType")).lower() or "allow")


def _maps(value: Any) -> Sequence[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else ()


def _with(terms: ConstraintTerms, **changes: tuple[Criterion, ...]) -> ConstraintTerms:
    kept = {name: getattr(terms, name) for name in terms.__struct_fields__}
    return ConstraintTerms(**{**kept, **changes})
