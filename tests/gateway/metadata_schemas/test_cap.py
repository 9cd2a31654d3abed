"""The cap of entries is a setting, and holds for every owner and every way to set entries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateway.metadata_schemas.asking import SET, SET_MANY, mutation
from tests.gateway.product import Product, product
from tests.gateway.recording import nothing_recorded

THREE = [{"key": key, "value": "x"} for key in "abc"]
OWNER = {"databaseId": "shows", "assetId": "shot_010"}


@pytest.fixture(scope="module")
def library(product_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with product(product_database_url, tmp_path_factory.mktemp("cap"), metadata_entries=2) as running:
        running.client.create_asset("shows", "shot_010")
        yield running


def test_an_owner_has_no_more_entries_than_the_setting_says(library: Product) -> None:
    client = library.client
    client.done(SET, owner=OWNER, entries=THREE[:2])
    new = {"databaseId": "shows", "assetName": "N", "description": "made by a test", "isDistributable": True}
    with nothing_recorded(client):
        error = client.refused(SET, owner=OWNER, entries=THREE)
        assert (error["code"], error["path"]) == ("LIMIT_EXCEEDED", ["entries"])
        assert "would hold 3 metadata entries; at most 2 are allowed" in error["message"]
        error = client.refused(SET_MANY, items=[{"owner": {"databaseId": "shows"}, "entries": THREE}])
        assert (error["code"], error["path"]) == ("LIMIT_EXCEEDED", ["items", "0", "entries"])
        error = client.refused(mutation("createAsset", "__typename"), **new, metadata=THREE)
        assert (error["code"], error["path"]) == ("LIMIT_EXCEEDED", ["metadata"])
