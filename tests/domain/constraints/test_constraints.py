"""Making, replacing and removing constraints."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from domain.constraints.commands import create_constraint, delete_constraint, update_constraint
from domain.constraints.errors import ConstraintAlreadyExists, ConstraintNotFound, CriterionInvalid
from domain.constraints.events import (
    ConstraintChanged,
    ConstraintCreated,
    ConstraintDeleted,
    ConstraintTerms,
    Criterion,
    GroupPermission,
)
from domain.constraints.vocabulary import FIELDS, ObjectType, Operator, Permission, PermissionType
from domain.errors import Invalid, LimitExceeded, RevisionMismatch
from tests.domain.library import order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger

READ = GroupPermission(group_id="artists", permission=Permission.GET, permission_type=PermissionType.ALLOW)


def _is(field: str, operator: Operator = Operator.EQUALS, value: str = "shows") -> Criterion:
    return Criterion(field=field, operator=operator, value=value)


TERMS = ConstraintTerms(
    name="Shows",
    description="Reading shows",
    object_type=ObjectType.ASSET,
    criteria_and=(_is("databaseId"),),
    group_permissions=(READ,),
)


def _make(ledger: MemoryLedger, **values: Any) -> None:
    create_constraint(ledger, "shows-read", terms=replace(TERMS, **values), order=order())


def test_a_constraint_is_made_replaced_and_removed_and_made_again(ledger: MemoryLedger) -> None:
    other = replace(TERMS, criteria_or=(_is("tags", Operator.IS_ONE_OF, "hero"),))
    with recording(ledger) as then:
        _make(ledger, group_permissions=(READ, READ))
        update_constraint(ledger, "shows-read", terms=other, order=order(expected_revision=1))
        update_constraint(ledger, "shows-read", terms=other, order=order())
        delete_constraint(ledger, "shows-read", order=order())
        _make(ledger)
    assert then.events == [
        ConstraintCreated(constraint_id="shows-read", terms=TERMS),
        ConstraintChanged(constraint_id="shows-read", terms=other),
        ConstraintDeleted(constraint_id="shows-read"),
        ConstraintCreated(constraint_id="shows-read", terms=TERMS),
    ]


@pytest.mark.parametrize(
    ("object_type", "field"), [(kind, field) for kind, fields in FIELDS.items() for field in sorted(fields)]
)
def test_every_object_type_takes_its_fields(ledger: MemoryLedger, object_type: ObjectType, field: str) -> None:
    operator = Operator.IS_ONE_OF if field == "tags" else Operator.STARTS_WITH
    criteria = (_is(field, operator),)
    with recording(ledger) as then:
        _make(ledger, object_type=object_type, criteria_and=criteria)
    terms = replace(TERMS, object_type=object_type, criteria_and=criteria)
    assert then.events == [ConstraintCreated(constraint_id="shows-read", terms=terms)]


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"criteria_and": ()}, ("criteriaAnd",)),
        ({"criteria_and": (_is("assetId"),)}, ("criteriaAnd", "0", "field")),
        ({"criteria_or": (_is("assetName"), _is("databaseid"))}, ("criteriaOr", "1", "field")),
        ({"object_type": ObjectType.DATABASE, "criteria_and": (_is("tags"),)}, ("criteriaAnd", "0", "field")),
        ({"criteria_and": (_is("tags", Operator.CONTAINS),)}, ("criteriaAnd", "0", "operator")),
        ({"criteria_and": (_is("assetName", Operator.IS_ONE_OF),)}, ("criteriaAnd", "0", "operator")),
        ({"criteria_and": (_is("assetName", value="a" * 257),)}, ("criteriaAnd", "0", "value")),
        ({"criteria_and": (_is("assetName", value="a\x00"),)}, ("criteriaAnd", "0", "value")),
    ],
)
def test_a_criterion_that_means_nothing_is_refused(ledger: MemoryLedger, values: Any, path: tuple[str, ...]) -> None:
    with refused(ledger, CriterionInvalid, *path):
        _make(ledger, **values)
    _make(ledger)
    with refused(ledger, CriterionInvalid, *path):
        update_constraint(ledger, "shows-read", terms=replace(TERMS, **values), order=order())


@pytest.mark.parametrize(
    ("values", "path"),
    [({"name": " "}, "name"), ({"name": "a" * 257}, "name"), ({"description": "a"}, "description")],
)
def test_bad_texts_are_refused(ledger: MemoryLedger, values: Any, path: str) -> None:
    with refused(ledger, Invalid, path):
        _make(ledger, **values)


def test_more_than_a_thousand_parts_are_refused(ledger: MemoryLedger) -> None:
    with refused(ledger, LimitExceeded):
        _make(ledger, criteria_or=(_is("assetName"),) * 999)


@pytest.mark.parametrize("constraint_id", ["", "ab", "a b", "a" * 64, "a#b"])
def test_a_bad_id_is_refused(ledger: MemoryLedger, constraint_id: str) -> None:
    with refused(ledger, Invalid, "constraintId"):
        create_constraint(ledger, constraint_id, terms=TERMS, order=order())


def test_a_taken_an_unknown_and_a_changed_constraint_are_refused(ledger: MemoryLedger) -> None:
    _make(ledger)
    with refused(ledger, ConstraintAlreadyExists, "constraintId"):
        _make(ledger)
    with refused(ledger, ConstraintNotFound, "constraintId"):
        update_constraint(ledger, "shows", terms=TERMS, order=order())
    with refused(ledger, ConstraintNotFound, "constraintId"):
        delete_constraint(ledger, "shows-reads", order=order())
    with refused(ledger, RevisionMismatch, "expectedRevision"):
        delete_constraint(ledger, "shows-read", order=order(expected_revision=2))
