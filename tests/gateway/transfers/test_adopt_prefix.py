"""createAsset with bucketExistingKey: what it does, what it shows of it, and what it refuses."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.gateway.product import Product
from tests.gateway.recording import nothing_recorded, recording
from tests.gateway.transfers.asking import asset_type, paths
from tests.system.client import Client

CREATE = """mutation($input: CreateAssetInput!) { createAsset(input: $input) {
  asset { assetId assetLocation adoption { state } } position errors { code message path } } }"""
ADOPTION = """query($a: String!) { asset(databaseId: "found", assetId: $a) { adoption {
  state s3Bucket assetLocation registeredCount ignoredCount skippedCount failure endedAt requestedBy
  skipped { totalCount edges { node { s3Key reason } } } } } }"""
VALUES = {"databaseId": "found", "assetName": "Old", "description": "Found", "isDistributable": True}


@pytest.fixture(scope="module", autouse=True)
def bucket(library: Product, client: Client) -> None:
    client.create_asset("found", "ordinary")
    put(library, "years/2019/b/f.0001.exr", "years/2019/b/f.0002.exr", "years/2019/b/.proxies/f_thumb.jpg")
    put(library, "years/2019/b/odd//name.exr", "foreign/x.exr")


def put(library: Product, *keys: str) -> None:
    for key in keys:
        bucket = library.parts.settings.bucket
        library.parts.objects.put(bucket, key, b"x", content_type="image/x-exr", metadata={})


def adopted(client: Client, asset_id: str) -> Any:
    deadline = time.monotonic() + 60
    while (found := client.one(ADOPTION, a=asset_id)["adoption"])["endedAt"] is None:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    return found


def test_a_prefix_becomes_an_asset_and_its_objects_the_files(client: Client) -> None:
    with recording(client) as then:
        made = client.done(CREATE, **VALUES, assetId="b2019", bucketExistingKey="years/2019/b")["asset"]
        found = adopted(client, "b2019")
    assert (made["assetLocation"], made["adoption"]["state"] in ("REQUESTED", "RUNNING", "DONE_WITH_ERRORS")) == (
        "years/2019/b/",
        True,
    )
    reason = "The path 'odd//name.exr' is empty or has an empty part."
    assert {name: found[name] for name in found if name not in ("endedAt", "requestedBy", "s3Bucket")} == {
        "state": "DONE_WITH_ERRORS",
        "assetLocation": "years/2019/b/",
        "registeredCount": 2,
        "ignoredCount": 1,
        "skippedCount": 1,
        "failure": None,
        "skipped": {
            "totalCount": 1,
            "edges": [{"node": {"s3Key": "years/2019/b/odd//name.exr", "reason": reason}}],
        },
    }
    assert then.types == [
        "AssetLocationEnclosed",
        "AssetLocationEnclosed",
        "AssetLocationReserved",
        "AssetEnrolled",
        "AssetCreated",
        "AssetAdoptionRequested",
        "FileVersionObserved",
        "FileVersionObserved",
        "AssetAdoptionAdvanced",
        "AssetAdopted",
    ]
    assert paths(client, ("found", "b2019")) == ["f.0001.exr", "f.0002.exr"]
    assert asset_type(client, ("found", "b2019")) == "folder"


REFUSALS: list[tuple[str, list[str], dict[str, Any]]] = [
    ("ADOPTED_PREFIX_EMPTY", ["bucketExistingKey"], {"bucketExistingKey": "years/1999/"}),
    ("ADOPTED_PREFIX_INVALID", ["bucketExistingKey"], {"bucketExistingKey": "previews/x/"}),
    ("ADOPTED_PREFIX_INVALID", ["bucketExistingKey"], {"bucketExistingKey": ""}),
    ("ADOPTED_PREFIX_TAKEN", ["bucketExistingKey"], {"bucketExistingKey": "ordinary/"}),
    ("ADOPTED_PREFIX_TAKEN", ["bucketExistingKey"], {"bucketExistingKey": "ordinary/sub/"}),
    ("ALREADY_EXISTS", ["assetId"], {"assetId": "ordinary", "bucketExistingKey": "foreign/"}),
    ("ASSET_PREFIX_NOT_EMPTY", ["assetId"], {"assetId": "foreign"}),
]


@pytest.mark.parametrize(("code", "path", "given"), REFUSALS)
def test_what_is_refused_records_nothing(client: Client, code: str, path: list[str], given: dict[str, Any]) -> None:
    with nothing_recorded(client):
        error = client.refused(CREATE, **({**VALUES, "assetId": "new"} | given))
    assert (error["code"], error["path"]) == (code, path)


def test_an_ordinary_asset_has_no_adoption(client: Client) -> None:
    assert client.one(ADOPTION, a="ordinary")["adoption"] is None
