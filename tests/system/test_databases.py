"""Databases and buckets through the public API of a running server."""

from __future__ import annotations

from typing import Any

from tests.system.client import Client

END = """ database { databaseId description archived restrictFileUploadsToExtensions defaultBucketId }
  position errors { code message path } } }"""
UPDATE = "mutation($input: UpdateDatabaseInput!) { updateDatabase(input: $input) {" + END
DELETE = "mutation($input: DeleteDatabaseInput!) { deleteDatabase(input: $input) {" + END
RESTORE = "mutation($input: RestoreDatabaseInput!) { restoreDatabase(input: $input) {" + END
REGISTER = """mutation($input: RegisterBucketInput!) { registerBucket(input: $input) {
  bucket { bucketId bucketName baseAssetsPrefix } position errors { code message path } } }"""
ARCHIVE = """mutation($input: ArchiveAssetInput!) { archiveAsset(input: $input) {
  position errors { code message path } } }"""
LIST = """query($all: Boolean) { databases(filter: { includeArchived: $all, idContains: "crates" }) {
  edges { node { databaseId } } } }"""
BUCKET = {"bucketName": "interneg-more", "baseAssetsPrefix": "library/crates/"}


def _listed(client: Client, **variables: Any) -> list[str]:
    return [edge["node"]["databaseId"] for edge in client.one(LIST, **variables)["edges"]]


def test_new_assets_go_to_the_bucket_that_a_database_names(client: Client) -> None:
    client.create_asset("crates-moved", "old")
    bucket = client.done(REGISTER, **BUCKET)["bucket"]
    assert client.done(REGISTER, **BUCKET)["bucket"] == bucket
    done = client.done(
        UPDATE,
        databaseId="crates-moved",
        description="Crates of props",
        defaultBucketId=bucket["bucketId"],
        restrictFileUploadsToExtensions=[".EXR"],
    )
    assert done["database"] == {
        "databaseId": "crates-moved",
        "description": "Crates of props",
        "archived": False,
        "restrictFileUploadsToExtensions": [".exr"],
        "defaultBucketId": bucket["bucketId"],
    }
    client.create_asset("crates-moved", "new")
    place = 'query($a: String!) { asset(databaseId: "crates-moved", assetId: $a) { assetLocation } }'
    assert client.one(place, a="new")["assetLocation"] == "library/crates/new/"
    assert client.one(place, a="old")["assetLocation"] == "old/"


def test_bad_buckets_are_refused(client: Client) -> None:
    for given, field in (
        ({"bucketName": "No Bucket"}, "bucketName"),
        ({"baseAssetsPrefix": "library"}, "baseAssetsPrefix"),
        ({"baseAssetsPrefix": "library//"}, "baseAssetsPrefix"),
        ({"baseAssetsPrefix": "/library/"}, "baseAssetsPrefix"),
    ):
        error = client.refused(REGISTER, **{**BUCKET, **given})
        assert (error["code"], error["path"]) == ("INVALID", [field])


def test_a_database_is_deleted_once_it_holds_no_active_asset_and_comes_back(client: Client) -> None:
    client.create_asset("crates", "prop")
    assert client.refused(DELETE, databaseId="crates")["code"] == "DATABASE_NOT_EMPTY"
    client.done(ARCHIVE, databaseId="crates", assetId="prop")
    assert client.refused(DELETE, databaseId="crates")["code"] == "DATABASE_NOT_EMPTY"
    assert client.done(DELETE, databaseId="crates", withArchivedAssets=True)["database"]["archived"] is True
    assert ("crates" in _listed(client), "crates" in _listed(client, all=True)) == (False, True)
    assert client.refused(UPDATE, databaseId="crates", description="Never")["code"] == "DATABASE_IS_DELETED"
    assert client.done(RESTORE, databaseId="crates")["database"]["archived"] is False
    assert client.refused(RESTORE, databaseId="crates")["code"] == "DATABASE_NOT_DELETED"
    assert "crates" in _listed(client)
