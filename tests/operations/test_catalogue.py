"""The catalogue of operations is complete, and every row of it names a test that is there."""

from __future__ import annotations

from pathlib import Path

from graphql import GraphQLInputObjectType, GraphQLNonNull, GraphQLObjectType, build_schema, get_named_type

from domain.catalogue import EVENTS
from tests.gateway.operations.scene import INPUTS
from tests.operations import report
from tests.operations.catalogue import CANNOT, CATALOGUE, NEVER_ASKED_FOR, refusals_of, required
from tests.operations.refusals import codes_of

SCHEMA = build_schema((Path(__file__).parents[2] / "gateway" / "schema.graphql").read_text())
FIELDS = {row[1] for rows in CATALOGUE.values() for row in rows}
MUTATIONS = set(SCHEMA.mutation_type.fields) if SCHEMA.mutation_type else set()
NOT_OF_THE_MODEL = {"viewer", "node", "events", "search", "frames", "frameStatistics"}
"""Queries about no entity of the data model."""


def _type_of(path: str) -> object:
    found: object = SCHEMA.query_type
    for name in path.split("."):
        assert isinstance(found, GraphQLObjectType), path
        found = get_named_type(found.fields[name].type)
    return found


def test_every_mutation_is_an_operation() -> None:
    assert SCHEMA.query_type is not None
    assert {name for name in FIELDS if "." not in name} - set(SCHEMA.query_type.fields) == MUTATIONS


def test_every_mutation_has_an_input_by_which_every_refusal_is_tried() -> None:
    assert MUTATIONS - set(INPUTS) == {"retryProjection", "retryObjectJob"}  # take no key and record nothing


def test_every_query_is_an_operation_or_about_no_entity() -> None:
    assert SCHEMA.query_type is not None
    assert {name for name in FIELDS - MUTATIONS if "." not in name} == set(SCHEMA.query_type.fields) - NOT_OF_THE_MODEL


def test_every_field_of_a_query_exists() -> None:
    for path in FIELDS - MUTATIONS:
        assert _type_of(path), path


def test_every_event_exists() -> None:
    named = {event for rows in CATALOGUE.values() for row in rows for event in row[2:]}
    assert named - {event.__name__ for event in EVENTS} == set()


def test_an_expected_revision_is_looked_at() -> None:
    assert SCHEMA.mutation_type is not None
    for name, mutation in SCHEMA.mutation_type.fields.items():
        given = mutation.args["input"].type
        assert isinstance(given, GraphQLNonNull)
        assert isinstance(given.of_type, GraphQLInputObjectType)
        looks = "PRECONDITION_FAILED" in refusals_of(name)
        assert looks == ("expectedRevision" in given.of_type.fields), name


def test_every_excuse_is_about_a_refusal_that_the_code_seems_to_allow() -> None:
    for mutation, code in CANNOT:
        assert code in codes_of(mutation), (mutation, code)
    for code in NEVER_ASKED_FOR:
        assert {error for name in MUTATIONS for c, error in codes_of(name).items() if c == code} == {"Contended"}


def test_every_operation_has_a_test_of_each_way_it_can_end() -> None:
    rows = report.read()
    missing = [f"{row.field}: {row.outcome}" for row in required() if (row.field, row.outcome) not in rows]
    assert missing == [], "write a test of each, then run: make operations"


def test_the_page_has_no_row_that_is_not_asked_for() -> None:
    assert set(report.read()) == {(row.field, row.outcome) for row in required()}


def test_every_test_that_is_named_exists() -> None:
    assert [test for test in report.read().values() if not report.exists(test)] == []


def test_the_page_is_how_it_is_written() -> None:
    before = report.PATH.read_text()
    report.write({}, set())
    assert report.PATH.read_text() == before, "run: make operations"


def test_codes_are_read_off_the_code() -> None:
    assert codes_of("unarchiveAssetVersion") == {
        "ASSET_ALREADY_ARCHIVED": "AssetAlreadyArchived",
        "ASSET_VERSION_NOT_ARCHIVED": "AssetVersionNotArchived",
        "CONFLICT": "Contended",
        "IDEMPOTENCY_KEY_REUSED": "IdempotencyKeyReused",
        "INVALID": "Invalid",
        "NOT_FOUND": "AssetNotFound",
        "PRECONDITION_FAILED": "RevisionMismatch",
    }
