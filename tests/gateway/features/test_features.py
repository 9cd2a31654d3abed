"""Features through GraphQL."""

from __future__ import annotations

import pytest

from tests.gateway.product import Product

CREATE = """mutation($input: CreateFeatureInput!) { createFeature(input: $input) {
  feature { id featureName createdBy } position errors { code path } } }"""
DELETE = "mutation($input: DeleteFeatureInput!) { deleteFeature(input: $input) { position errors { code path } } }"
LIST = "{ features { totalCount edges { node { featureName } } } }"


def _names(library: Product) -> list[str]:
    return [edge["node"]["featureName"] for edge in library.client.one(LIST)["edges"]]


def test_a_feature_is_switched_on_and_off_and_on(library: Product) -> None:
    before = len(library.recorded())
    made = library.client.done(CREATE, featureName="NOOPENSEARCH")["feature"]
    assert (made["featureName"], made["createdBy"]) == ("NOOPENSEARCH", "user:developer")
    library.client.done(CREATE, featureName="ALBDEPLOY")
    assert _names(library) == ["ALBDEPLOY", "NOOPENSEARCH"]
    library.client.done(DELETE, featureName="NOOPENSEARCH")
    assert _names(library) == ["ALBDEPLOY"]
    library.client.done(CREATE, featureName="NOOPENSEARCH")
    assert _names(library) == ["ALBDEPLOY", "NOOPENSEARCH"]
    assert library.recorded()[before:] == ["FeatureCreated", "FeatureCreated", "FeatureDeleted", "FeatureCreated"]


def test_a_feature_has_a_global_id(library: Product) -> None:
    made = library.client.done(CREATE, featureName="GOVCLOUD")["feature"]
    document = "query($id: ID!) { node(id: $id) { ... on Feature { featureName } } }"
    assert library.client.one(document, id=made["id"]) == {"featureName": "GOVCLOUD"}


@pytest.mark.parametrize("name", ["", "a b", "a" * 257, "a\n", "é"])
def test_a_bad_name_is_refused(library: Product, name: str) -> None:
    before = library.recorded()
    assert library.client.refused(CREATE, featureName=name) == {"code": "INVALID", "path": ["featureName"]}
    assert library.recorded() == before


def test_what_is_on_is_not_switched_on_and_what_is_off_not_off(library: Product) -> None:
    library.client.done(CREATE, featureName="twice")
    before = library.recorded()
    assert library.client.refused(CREATE, featureName="twice") == {"code": "ALREADY_EXISTS", "path": ["featureName"]}
    assert library.client.refused(DELETE, featureName="never") == {"code": "NOT_FOUND", "path": ["featureName"]}
    assert library.recorded() == before
