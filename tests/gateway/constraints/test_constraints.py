"""Constraints through GraphQL."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.product import Product

FIELDS = """constraintId name description objectType criteriaAnd { field operator value }
  criteriaOr { field operator value } groupPermissions { groupId permission permissionType }
  userPermissions { userId permission permissionType } createdBy modifiedBy revision"""
CREATE = f"""mutation($input: CreateConstraintInput!) {{ createConstraint(input: $input) {{
  constraint {{ id {FIELDS} }} position errors {{ code path }} }} }}"""
UPDATE = f"""mutation($input: UpdateConstraintInput!) {{ updateConstraint(input: $input) {{
  constraint {{ {FIELDS} }} position errors {{ code path }} }} }}"""
DELETE = """mutation($input: DeleteConstraintInput!) { deleteConstraint(input: $input) {
  position errors { code path } } }"""
LIST = "{ constraints { edges { node { constraintId } } } }"
TERMS: dict[str, Any] = {
    "name": "Schemas",
    "description": "Writing schemas",
    "objectType": "METADATA_SCHEMA",
    "criteriaAnd": [
        {"field": "databaseId", "operator": "EQUALS", "value": "shows"},
        {"field": "metadataSchemaName", "operator": "DOES_NOT_CONTAIN", "value": ".*"},
    ],
    "criteriaOr": [{"field": "metadataSchemaEntityType", "operator": "ENDS_WITH", "value": "ile"}],
    "groupPermissions": [{"groupId": "artists", "permission": "GET", "permissionType": "ALLOW"}],
    "userPermissions": [{"userId": "ada", "permission": "DELETE", "permissionType": "DENY"}],
}


def test_a_constraint_reads_back_as_it_was_written(library: Product) -> None:
    made = library.client.done(CREATE, constraintId="schemas", **TERMS)["constraint"]
    by = {"createdBy": "user:developer", "modifiedBy": "user:developer"}
    assert {**made, "id": ""} == {"id": "", "constraintId": "schemas", **TERMS, **by, "revision": 1}
    node = "query($id: ID!) { node(id: $id) { ... on Constraint { name } } }"
    assert library.client.one(node, id=made["id"]) == {"name": "Schemas"}
    other = {**TERMS, "objectType": "TAG", "criteriaAnd": [], "userPermissions": []}
    other["criteriaOr"] = [{"field": "tagName", "operator": "STARTS_WITH", "value": "x"}]
    changed = library.client.done(UPDATE, constraintId="schemas", **other, expectedRevision=1)["constraint"]
    assert changed == {"constraintId": "schemas", **other, **by, "revision": 2}
    library.client.done(DELETE, constraintId="schemas")
    assert library.client.one(LIST) == {"edges": []}


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"criteriaAnd": [], "criteriaOr": []}, "CRITERION_INVALID", ["criteriaAnd"]),
        (
            {"criteriaAnd": [{"field": "tags", "operator": "EQUALS", "value": "a"}]},
            "CRITERION_INVALID",
            ["criteriaAnd", "0", "field"],
        ),
        (
            {"criteriaOr": [{"field": "databaseId", "operator": "IS_ONE_OF", "value": "a"}]},
            "CRITERION_INVALID",
            ["criteriaOr", "0", "operator"],
        ),
        ({"constraintId": "a b"}, "INVALID", ["constraintId"]),
        ({"constraintId": "taken"}, "ALREADY_EXISTS", ["constraintId"]),
        ({"name": ""}, "INVALID", ["name"]),
    ],
)
def test_a_refused_constraint_records_nothing(library: Product, given: Any, code: str, path: list[str]) -> None:
    library.client.one(CREATE, input={"constraintId": "taken", **TERMS})
    before = library.recorded()
    assert library.client.refused(CREATE, **{"constraintId": "new", **TERMS, **given}) == {"code": code, "path": path}
    assert library.recorded() == before


def test_an_unknown_operator_or_object_type_is_no_valid_request(library: Product) -> None:
    before = library.recorded()
    for given in ({"objectType": "PLANET"}, {"criteriaAnd": [{"field": "a", "operator": "MATCHES", "value": "b"}]}):
        answer = library.client.answer(CREATE, input={"constraintId": "odd", **TERMS, **given})
        assert "errors" in answer
    assert library.recorded() == before


def test_an_unknown_constraint_is_not_found(library: Product) -> None:
    for document, given in ((UPDATE, TERMS), (DELETE, {})):
        refused = library.client.refused(document, constraintId="nowhere", **given)
        assert refused == {"code": "NOT_FOUND", "path": ["constraintId"]}
