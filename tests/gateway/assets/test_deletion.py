"""deleteAssetPermanently and deleteAssetPreview: what goes, what partners see, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.files.asking import ARCHIVE_ASSET, named
from tests.gateway.product import Product
from tests.gateway.recording import nothing_recorded, recording
from tests.system.client import Client
from tests.waiting import until

DELETE = """mutation($input: DeleteAssetPermanentlyInput!) { deleteAssetPermanently(input: $input) {
  position visible errors { code message path } } }"""
DELETE_PREVIEW = """mutation($input: DeleteAssetPreviewInput!) { deleteAssetPreview(input: $input) {
  asset { previewUrl } position errors { code message path } } }"""
CREATE = "mutation($input: CreateAssetInput!) { createAsset(input: $input) { position errors { code message path } } }"
LINK = """mutation($input: CreateAssetLinkInput!) { createAssetLink(input: $input) {
  assetLink { assetLinkId } position errors { code message path } } }"""
COMMENT = """mutation($input: CreateCommentInput!) { createComment(input: $input) {
  position errors { code message path } } }"""
ASSET = """query($d: String!, $a: String!, $at: AsOf) { asset(databaseId: $d, assetId: $a, asOf: $at) {
  assetId tags assetLocation bucket { bucketName } files { edges { node { path } } } comments { commentBody }
  links { children { assetLinkId } hiddenCount } } }"""
DATABASE = "query($d: String!) { database(databaseId: $d) { assetCount } }"
DELETE_DATABASE = """mutation($input: DeleteDatabaseInput!) { deleteDatabase(input: $input) {
  position errors { code message path } } }"""
JOBS = """query($a: String!) { objectJobs(assetId: $a, states: [DONE]) { edges { node { kind state paths } } } }"""
UPLOAD = "query($id: ID!) { upload(uploadId: $id) { state } }"


def _location(library: Product, asset: tuple[str, str]) -> tuple[str, str]:
    found = library.client.one(ASSET, d=asset[0], a=asset[1])
    return found["bucket"]["bucketName"], found["assetLocation"]


def test_an_asset_is_gone_with_everything_of_it_but_the_record(library: Product, client: Client) -> None:
    asset, partner = ("gone_shows", "shot"), ("gone_shows", "partner")
    client.name_tags("hero")
    client.create_asset(*asset, tags=["hero"])
    client.create_asset(*partner)
    client.upload(asset, {"a.exr": b"a", "b/c.exr": b"c"})
    opened = client.start(asset, {"open.exr": b"o"})
    client.done(COMMENT, **named(asset, commentBody="Hm"))
    ends = {"fromDatabaseId": partner[0], "fromAssetId": partner[1], "toDatabaseId": asset[0], "toAssetId": asset[1]}
    client.done(LINK, relationshipType="PARENT_CHILD", **ends)
    bucket, location = _location(library, asset)
    head = client.head()
    with recording(client) as then:
        client.done(DELETE, **named(asset, reason="Never to be shown", confirmPermanentDelete=True))
        assert client.one(ASSET, d=asset[0], a=asset[1]) is None
        assert client.one(DATABASE, d=asset[0])["assetCount"] == 1
        until(lambda: library.recorded()[-1], lambda found: found == "AssetErased")
    assert then.types[:2] == ["AssetPermanentlyDeleted", "TagTakenOff"]
    assert {"AssetLinkDeleted", "AssetParentDetached", "UploadAborted"} < set(then.types)
    assert list(library.parts.objects.versions(bucket, location)) == []
    links = client.one(ASSET, d=partner[0], a=partner[1])["links"]
    assert links == {"children": [], "hiddenCount": 0}
    assert client.one(UPLOAD, id=opened["uploadId"])["state"] == "ABORTED"
    past = client.one(ASSET, d=asset[0], a=asset[1], at={"position": str(head)})
    assert [edge["node"]["path"] for edge in past["files"]["edges"]] == ["a.exr", "b/c.exr"]
    assert past["tags"] == ["hero"]
    jobs = until(lambda: client.one(JOBS, a="shot")["edges"], bool)
    assert [edge["node"]["kind"] for edge in jobs] == ["ASSET_ERASURE"]
    again = {"assetName": "Again", "description": "Another", "isDistributable": True}
    with nothing_recorded(client):
        error = client.refused(CREATE, **named(asset, **again))
    assert (error["code"], error["path"]) == ("ALREADY_EXISTS", ["assetId"])


def test_a_database_whose_assets_were_deleted_can_be_deleted(client: Client) -> None:
    asset = ("emptied_shows", "shot")
    client.create_asset(*asset)
    client.done(ARCHIVE_ASSET, **named(asset))
    client.done(DELETE, **named(asset, reason="Wrong", confirmPermanentDelete=True))
    assert client.one(DATABASE, d=asset[0])["assetCount"] == 0
    client.done(DELETE_DATABASE, databaseId=asset[0])


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"confirmPermanentDelete": False}, "DELETION_NOT_CONFIRMED", ["confirmPermanentDelete"]),
        ({"reason": ""}, "INVALID", ["reason"]),
        ({"reason": "x" * 257}, "INVALID", ["reason"]),
        ({"assetId": "unknown"}, "NOT_FOUND", ["assetId"]),
        ({"expectedRevision": 9}, "PRECONDITION_FAILED", ["expectedRevision"]),
    ],
)
def test_what_is_not_said_plainly_is_refused_and_records_nothing(
    client: Client, given: dict[str, Any], code: str, path: list[str]
) -> None:
    _stay(client)
    wanted = named(("shows", "stays"), reason="Why not", confirmPermanentDelete=True) | given
    with nothing_recorded(client):
        error = client.refused(DELETE, **wanted)
    assert (error["code"], error["path"]) == (code, path)


def _stay(client: Client) -> None:
    if client.one(ASSET, d="shows", a="stays") is None:
        client.create_asset("shows", "stays")


def test_a_preview_image_is_deleted_with_its_bytes(library: Product, client: Client) -> None:
    asset = ("shows", "shown")
    client.create_asset(*asset)
    document = """mutation($input: StartUploadInput!) { startUpload(input: $input) {
      upload { uploadId files { path parts { partNumber offset sizeBytes url headers { name value } } } }
      errors { code message } } }"""
    files = [{"path": "any.png", "sizeBytes": 3}]
    upload = client.done(document, **named(asset, uploadType="ASSET_PREVIEW", files=files))["upload"]
    client.complete(upload, client.send(upload, {"any.png": b"png"}))
    bucket, location = _location(library, asset)
    assert [version.key for version in library.parts.objects.versions(bucket, location)] == [f"{location}preview.png"]
    with recording(client) as then:
        assert client.done(DELETE_PREVIEW, **named(asset))["asset"] == {"previewUrl": None}
    assert then.types == ["AssetPreviewDeleted"]
    until(lambda: list(library.parts.objects.versions(bucket, location)), lambda found: found == [])
    with nothing_recorded(client):
        error = client.refused(DELETE_PREVIEW, **named(asset))
        unknown = client.refused(DELETE_PREVIEW, **named(("shows", "unknown")))
        client_error = client.refused(DELETE_PREVIEW, **named(asset, expectedRevision=1))
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["assetId"])
    assert unknown["code"] == "NOT_FOUND"
    assert client_error["code"] == "PRECONDITION_FAILED"
    client.done(ARCHIVE_ASSET, **named(asset))
    with nothing_recorded(client):
        assert client.refused(DELETE_PREVIEW, **named(asset))["code"] == "ASSET_ALREADY_ARCHIVED"
