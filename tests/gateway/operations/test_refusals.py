"""Refusals of single mutations: what was in the way, the code, the path, and that nothing was recorded."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.cause import ActorKind, Cause, Order
from domain.subscriptions.commands import create_subscription
from domain.subscriptions.events import Channel
from domain.subscriptions.targets import DeliveryPolicy
from domain.uploads.commands import expire_upload
from tests.gateway.operations.scene import INPUTS, OLD, SHOT, Scene, document
from tests.gateway.product import Product, order_of, product
from tests.gateway.recording import nothing_recorded
from tests.system.client import COMPLETE

DAY = timedelta(days=1)
PAST = "2020-01-01T00:00:00Z"
BAD_ENTRY = [{"key": "takes", "value": "many", "valueType": "NUMBER"}]
CRITERION = {"field": "tags", "operator": "EQUALS", "value": "x"}
MANY_CRITERIA = [{"field": "databaseId", "operator": "EQUALS", "value": "shows"}] * 1_001
CASES: list[tuple[str, dict[str, Any], str, list[str]]] = [
    ("registerBucket", {"baseAssetsPrefix": "shot_010/"}, "ALREADY_EXISTS", ["baseAssetsPrefix"]),
    ("registerBucket", {"baseAssetsPrefix": "more"}, "INVALID", ["baseAssetsPrefix"]),
    ("setBucketSyncDatabase", {"syncDatabaseId": "gone"}, "DATABASE_IS_DELETED", ["databaseId"]),
    ("updateDatabase", {"description": "x"}, "INVALID", ["description"]),
    ("deleteDatabase", {"databaseId": "gone"}, "DATABASE_IS_DELETED", ["databaseId"]),
    ("deleteDatabase", {"reason": "x" * 257}, "INVALID", ["reason"]),
    ("restoreDatabase", {"databaseId": "shows"}, "DATABASE_NOT_DELETED", ["databaseId"]),
    ("createAsset", {"databaseId": "gone"}, "DATABASE_IS_DELETED", ["databaseId"]),
    ("createAsset", {"metadata": BAD_ENTRY}, "METADATA_INVALID", ["metadata", "0", "value"]),
    ("updateAsset", {"assetName": ""}, "INVALID", ["assetName"]),
    ("archiveAsset", {"reason": "x" * 257}, "INVALID", ["reason"]),
    ("unarchiveAsset", SHOT, "ASSET_NOT_ARCHIVED", ["assetId"]),
    ("unarchiveAsset", {"databaseId": "gone", "assetId": "new"}, "DATABASE_IS_DELETED", ["databaseId"]),
    ("unarchiveAsset", {"reason": "x" * 257}, "INVALID", ["reason"]),
    ("createAssetVersion", {"comment": " "}, "INVALID", ["comment"]),
    (
        "createAssetVersion",
        {"files": [{"path": "../a.txt", "s3VersionId": "x"}]},
        "PATH_INVALID",
        ["files", "0", "path"],
    ),
    ("createAssetVersion", {"versionAlias": "final"}, "VERSION_ALIAS_TAKEN", ["versionAlias"]),
    ("updateAssetVersion", {"versionAlias": "final"}, "VERSION_ALIAS_TAKEN", ["versionAlias"]),
    ("updateAssetVersion", {"versionAlias": "x" * 65}, "INVALID", ["versionAlias"]),
    ("archiveAssetVersion", {"assetVersionId": "2"}, "ASSET_VERSION_ALREADY_ARCHIVED", ["assetVersionId"]),
    ("archiveAssetVersion", {"assetVersionId": "3"}, "ASSET_VERSION_IS_CURRENT", ["assetVersionId"]),
    ("unarchiveAssetVersion", {"assetVersionId": "1"}, "ASSET_VERSION_NOT_ARCHIVED", ["assetVersionId"]),
    ("revertAssetVersion", {"comment": ""}, "INVALID", ["comment"]),
    ("completeUpload", {"files": [{"path": "a//b", "parts": []}]}, "PATH_INVALID", ["files", "0", "path"]),
    ("registerFiles", {"files": []}, "INVALID", ["files"]),
    ("registerFiles", {"files": [{"path": f"{n}"} for n in range(10_001)]}, "LIMIT_EXCEEDED", ["files"]),
    (
        "removeMetadata",
        {"owner": {**SHOT, "path": "../a"}},
        "PATH_INVALID",
        ["owner", "path"],
    ),
    ("updateTagType", {"description": "x" * 257}, "INVALID", ["description"]),
    ("updateTag", {"description": "x" * 257}, "INVALID", ["description"]),
    ("createSubscription", {"channel": "MAIL", "target": "a@example.org"}, "MAIL_NOT_CONFIGURED", ["channel"]),
    ("updateSubscription", {"subscriptionId": "mail", "target": "b@x.org"}, "MAIL_NOT_CONFIGURED", ["channel"]),
    ("updateSubscription", {"eventTypes": ["AssetVanished"]}, "EVENT_TYPE_UNKNOWN", ["eventTypes"]),
    ("updateSubscription", {"target": "http://localhost/"}, "TARGET_INVALID", ["target"]),
    ("updateUser", {"email": "nowhere"}, "INVALID", ["email"]),
    ("updateRole", {"description": ""}, "INVALID", ["description"]),
    ("createUserRoles", {"roleNames": ["artists"]}, "ROLE_ALREADY_HELD", ["roleNames"]),
    ("updateApiKey", {"expiresAt": PAST}, "EXPIRY_PASSED", ["expiresAt"]),
    ("updateConstraint", {"criteriaAnd": [CRITERION]}, "CRITERION_INVALID", ["criteriaAnd", "0", "field"]),
    ("updateConstraint", {"criteriaAnd": MANY_CRITERIA}, "LIMIT_EXCEEDED", []),
    ("createConstraint", {"criteriaAnd": MANY_CRITERIA}, "LIMIT_EXCEEDED", []),
]
"""Mutation, what is changed in its input, code and path."""


@pytest.fixture(scope="module")
def scene(library: Product) -> Scene:
    scene = Scene(library)
    made = create_subscription(
        library.ledger,
        "by-mail",
        entity=("shows", None),
        event_types=(),
        channel=Channel.MAIL,
        target="a@example.org",
        policy=DeliveryPolicy(sends_mail=True),
        order=order_of("developer"),
    )
    scene.ids["mail"] = made.result["subscriptionId"]
    scene.done("updateAssetVersion", **SHOT, assetVersionId="2", versionAlias="final")
    return scene


@pytest.mark.parametrize(
    ("name", "changed", "code", "path"), CASES, ids=[f"{name}-{code}-{n}" for n, (name, _, code, _) in enumerate(CASES)]
)
def test_what_is_in_the_way_is_named(
    scene: Scene, name: str, changed: dict[str, Any], code: str, path: list[str]
) -> None:
    assert scene.refused(name, **scene.input(name, **changed)) == (code, path)


def test_more_entries_than_an_owner_may_have_are_refused(scene: Scene) -> None:
    entries = [{"key": f"key {n}", "value": "x"} for n in range(501)]
    assert scene.refused("createAsset", **scene.input("createAsset", metadata=entries))[0] == "LIMIT_EXCEEDED"


def test_files_that_the_database_does_not_take_are_not_registered(scene: Scene) -> None:
    only = {"databaseId": "only-exr", "description": "Only EXR", "restrictFileUploadsToExtensions": [".exr"]}
    scene.done("createDatabase", **only)
    scene.done("createAsset", **{**INPUTS["createAsset"], "databaseId": "only-exr"})
    scene.put("new", "a.txt", database_id="only-exr")
    given = {"databaseId": "only-exr", "assetId": "new", "files": [{"path": "a.txt"}]}
    assert scene.refused("registerFiles", **given) == ("FILE_EXTENSION_REFUSED", ["files", "0", "path"])


def test_an_upload_to_an_asset_that_was_archived_meanwhile_is_not_completed(scene: Scene) -> None:
    asset = ("shows", "archived meanwhile")
    scene.client.create_asset(*asset)
    upload = scene.client.start(asset, {"a.txt": b"a"})
    sent = scene.client.send(upload, {"a.txt": b"a"})
    scene.done("archiveAsset", databaseId=asset[0], assetId=asset[1])
    refused = scene.refused("completeUpload", uploadId=upload["uploadId"], files=sent)
    assert refused == ("ASSET_ALREADY_ARCHIVED", ["assetId"])


def test_a_second_revert_waits_for_the_first(scene: Scene) -> None:
    scene.done("revertAssetVersion", **INPUTS["revertAssetVersion"])
    refused = scene.refused("revertAssetVersion", **INPUTS["revertAssetVersion"])
    assert refused == ("REVERT_IN_PROGRESS", ["assetId"])


def test_a_registration_that_is_repeated_after_the_asset_was_archived_is_remembered(scene: Scene) -> None:
    asset = ("shows", "registered")
    scene.client.create_asset(*asset)
    scene.put("registered", "a.txt")
    given = {"databaseId": asset[0], "assetId": asset[1], "files": [{"path": "a.txt"}], "idempotencyKey": "once"}
    first = scene.done("registerFiles", **given)
    scene.done("archiveAsset", databaseId=asset[0], assetId=asset[1])
    assert scene.done("registerFiles", **given) == first


@pytest.fixture(scope="module")
def hasty(other_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product whose uploads can be completed for a tenth of a second."""
    with product(other_database_url, tmp_path_factory.mktemp("hasty"), upload_lifetime_seconds=0.1) as running:
        running.client.create_asset("shows", "shot_010")
        yield running


def test_an_upload_that_took_too_long_is_refused(hasty: Product) -> None:
    upload = hasty.client.start(("shows", "shot_010"), {"a.txt": b"a"})
    sent = hasty.client.send(upload, {"a.txt": b"a"})
    time.sleep(0.2)
    before = hasty.client.head()
    error = hasty.client.refused(COMPLETE, uploadId=upload["uploadId"], files=sent)
    assert (error["code"], error["path"]) == ("UPLOAD_EXPIRED", ["uploadId"])
    assert hasty.client.head() == before


def _later() -> Order:
    cause = Cause(actor_kind=ActorKind.SYSTEM, actor_id="clock", correlation_id="clock", at=datetime.now(UTC) + DAY)
    return Order(cause=cause)


def test_an_upload_whose_end_was_recorded_is_not_aborted(hasty: Product) -> None:
    upload = hasty.client.start(("shows", "shot_010"), {"a.txt": b"a"})
    expire_upload(hasty.ledger, upload["uploadId"], order=_later())
    with nothing_recorded(hasty.client):
        error = hasty.client.refused(document("abortUpload"), uploadId=upload["uploadId"])
    assert (error["code"], error["path"]) == ("UPLOAD_EXPIRED", ["uploadId"])


def test_the_scene_is_archived_where_it_says_so(scene: Scene) -> None:
    document = "query($d: String!, $a: String!) { asset(databaseId: $d, assetId: $a) { archived } }"
    assert scene.client.one(document, d=OLD["databaseId"], a=OLD["assetId"]) == {"archived": True}
