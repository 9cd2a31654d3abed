"""Commands on constraints."""

from __future__ import annotations

import re

import msgspec

from domain.cause import Order
from domain.constraints.errors import ConstraintAlreadyExists, ConstraintNotFound, CriterionInvalid
from domain.constraints.events import (
    ConstraintChanged,
    ConstraintCreated,
    ConstraintDeleted,
    ConstraintEvent,
    ConstraintTerms,
    Criterion,
)
from domain.constraints.vocabulary import FIELDS, LIST_FIELDS, LIST_OPERATORS, ObjectType
from domain.databases.database import check_description
from domain.errors import Invalid, LimitExceeded
from domain.ledger import Ledger
from domain.stream import Aggregate, Decision, Outcome, Stream
from domain.text import check_text

CONSTRAINT_ID = re.compile(r"[-_a-zA-Z0-9]{3,63}")
MAX_NAME_LENGTH = 256
MAX_VALUE_LENGTH = 256
MAX_PARTS = 1000


def _terms(_: ConstraintTerms | None, event: ConstraintEvent) -> ConstraintTerms | None:
    return event.terms if isinstance(event, ConstraintCreated | ConstraintChanged) else None


CONSTRAINTS: Aggregate[ConstraintTerms | None] = Aggregate("constraint", _terms)


def create_constraint(ledger: Ledger, constraint_id: str, *, terms: ConstraintTerms, order: Order) -> Outcome:
    """Make a constraint. Raises ConstraintAlreadyExists, CriterionInvalid, LimitExceeded, Invalid."""
    if not CONSTRAINT_ID.fullmatch(constraint_id):
        raise Invalid(
            f"A constraint id is 3 to 63 letters, digits, '-' or '_'; {constraint_id[:80]!r} is not.",
            path=("constraintId",),
        )
    checked = _checked(terms)

    def decide() -> Decision:
        stream = ledger.load(CONSTRAINTS, constraint_id)
        if stream.state:
            raise ConstraintAlreadyExists(constraint_id)
        return Decision((stream.then(ConstraintCreated(constraint_id=constraint_id, terms=checked)),))

    return ledger.carry_out(order, decide)


def update_constraint(ledger: Ledger, constraint_id: str, *, terms: ConstraintTerms, order: Order) -> Outcome:
    """Replace its terms as a whole. Raises ConstraintNotFound, CriterionInvalid, LimitExceeded, Invalid."""
    checked = _checked(terms)

    def decide() -> Decision:
        stream = _load(ledger, constraint_id, order)
        changed = ConstraintChanged(constraint_id=constraint_id, terms=checked)
        return Decision((stream.then(*(() if checked == stream.state else (changed,))),))

    return ledger.carry_out(order, decide)


def delete_constraint(ledger: Ledger, constraint_id: str, *, order: Order) -> Outcome:
    """Remove it. Raises ConstraintNotFound."""

    def decide() -> Decision:
        stream = _load(ledger, constraint_id, order)
        return Decision((stream.then(ConstraintDeleted(constraint_id=constraint_id)),))

    return ledger.carry_out(order, decide)


def _load(ledger: Ledger, constraint_id: str, order: Order) -> Stream[ConstraintTerms | None]:
    stream = ledger.load(CONSTRAINTS, constraint_id)
    if stream.state is None:
        raise ConstraintNotFound(constraint_id)
    stream.expect(order)
    return stream


def _checked(terms: ConstraintTerms) -> ConstraintTerms:
    """The terms with each permission once."""
    check_text(terms.name, name="name", longest=MAX_NAME_LENGTH)
    if not terms.name.strip():
        raise Invalid("A constraint has a name.", path=("name",))
    check_description(terms.description)
    if not terms.criteria_and and not terms.criteria_or:
        raise CriterionInvalid("A constraint has at least one criterion.", path=("criteriaAnd",))
    for name, criteria in (("criteriaAnd", terms.criteria_and), ("criteriaOr", terms.criteria_or)):
        for number, criterion in enumerate(criteria):
            _check_criterion(criterion, terms.object_type, path=(name, str(number)))
    _check_size(terms)
    return msgspec.structs.replace(
        terms,
        group_permissions=tuple(dict.fromkeys(terms.group_permissions)),
        user_permissions=tuple(dict.fromkeys(terms.user_permissions)),
    )


def _check_criterion(criterion: Criterion, object_type: ObjectType, *, path: tuple[str, ...]) -> None:
    if criterion.field not in FIELDS[object_type]:
        known = ", ".join(sorted(FIELDS[object_type]))
        raise CriterionInvalid(
            f"{object_type} has no field {criterion.field[:80]!r}: it has {known}.", path=(*path, "field")
        )
    if (criterion.field in LIST_FIELDS) != (criterion.operator in LIST_OPERATORS):
        raise CriterionInvalid(
            f"{criterion.operator} does not fit {criterion.field}: is_one_of and is_not_one_of fit tags alone.",
            path=(*path, "operator"),
        )
    try:
        check_text(criterion.value, name="value", longest=MAX_VALUE_LENGTH)
    except Invalid as error:
        raise CriterionInvalid(error.message, path=(*path, "value")) from error


def _check_size(terms: ConstraintTerms) -> None:
    parts = (terms.criteria_and, terms.criteria_or, terms.group_permissions, terms.user_permissions)
    size = sum(map(len, parts))
    if size > MAX_PARTS:
        raise LimitExceeded(f"A constraint has at most {MAX_PARTS} criteria and permissions, not {size}.")
    for group in terms.group_permissions:
        check_text(group.group_id, name="groupId", longest=MAX_NAME_LENGTH)
    for user in terms.user_permissions:
        check_text(user.user_id, name="userId", longest=MAX_NAME_LENGTH)
