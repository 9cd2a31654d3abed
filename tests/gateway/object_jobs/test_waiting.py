"""What is refused while no worker has carried out what was decided about files."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.files.asking import ARCHIVE, CREATE_VERSION, DELETE, PLACE, START, UNARCHIVE, file, named
from tests.gateway.product import Product
from tests.gateway.recording import nothing_recorded
from tests.system.client import Client


def _mutation(name: str) -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"mutation($input: {kind}!) {{ {name}(input: $input) {{ position errors {{ code message path }} }} }}"


REVERT, REVERT_VERSION = _mutation("revertFile"), _mutation("revertAssetVersion")
REGISTER, SET_METADATA, SET_TYPE = _mutation("registerFiles"), _mutation("setMetadata"), _mutation("setPrimaryType")
CREATE_FOLDER, DELETE_FOLDER = _mutation("createFolder"), _mutation("deleteFolder")
DELETE_ASSET, DELETE_PREVIEW = _mutation("deleteAssetPermanently"), _mutation("deleteAssetPreview")
KEYED: tuple[tuple[str, dict[str, Any]], ...] = (
    (UNARCHIVE, {"paths": ["a.exr"]}),
    (DELETE, {"paths": ["a.exr"], "confirmPermanentDelete": True}),
    (REVERT, {"path": "a.exr", "s3VersionId": "v"}),
    (SET_TYPE, {"path": "a.exr", "primaryType": "primary"}),
    (CREATE_FOLDER, {"path": "x"}),
    (DELETE_FOLDER, {"path": "x"}),
    (DELETE_ASSET, {"reason": "Wrong", "confirmPermanentDelete": True}),
    (DELETE_PREVIEW, {}),
)


@pytest.fixture(scope="module")
def client(library: Product) -> Client:
    """A client of a product whose lifecycle processor and workers do not run."""
    client = library.client
    client.done(ARCHIVE, **named(_asset(client, "keyed", "a.exr"), paths=["a.exr"], idempotencyKey="spent"))
    return client


def _asset(client: Client, name: str, *files: str) -> tuple[str, str]:
    asset = ("shows", name)
    client.create_asset(*asset)
    client.upload(asset, dict.fromkeys(files, b"1"))
    return asset


def _refused(client: Client, document: str, **given: Any) -> tuple[str, list[str]]:
    with nothing_recorded(client):
        error = client.refused(document, **given)
    return error["code"], error["path"]


def test_a_path_whose_bytes_are_being_erased_takes_no_file(client: Client) -> None:
    asset = _asset(client, "erasing", "a.exr")
    client.done(DELETE, **named(asset, paths=["a.exr"], confirmPermanentDelete=True))
    place = ["files", "0", "path"]
    started = _refused(client, START, **named(asset, files=[{"path": "a.exr", "sizeBytes": 1}]))
    assert started == ("FILE_BEING_ERASED", place)
    assert _refused(client, REGISTER, **named(asset, files=[{"path": "a.exr"}])) == ("FILE_BEING_ERASED", place)


def test_an_archived_file_takes_no_version_entry_or_role(library: Product, client: Client) -> None:
    asset = _asset(client, "asleep_file", "a.exr")
    client.done(ARCHIVE, **named(asset, paths=["a.exr"]))
    place = client.one(PLACE, d=asset[0], a=asset[1])
    bucket, key = place["bucket"]["bucketName"], f"{place['assetLocation']}a.exr"
    library.parts.objects.put(bucket, key, b"2", content_type="image/x-exr", metadata={})
    answer = _refused(client, REGISTER, **named(asset, files=[{"path": "a.exr"}]))
    assert answer == ("FILE_ALREADY_ARCHIVED", ["files", "0", "path"])
    owner = named(asset, path="a.exr")
    assert _refused(client, SET_METADATA, owner=owner, entries=[{"key": "take", "value": "3"}]) == (
        "FILE_ALREADY_ARCHIVED",
        ["path"],
    )
    assert _refused(client, SET_TYPE, **owner, primaryType="primary") == ("FILE_ALREADY_ARCHIVED", ["path"])


def test_a_file_has_one_revert_at_a_time_and_none_while_its_asset_has_one(client: Client) -> None:
    asset = _asset(client, "reverting", "a.exr")
    client.upload(asset, {"a.exr": b"2"})
    old = file(client, asset, "a.exr")["versions"][1]["s3VersionId"]
    client.done(CREATE_VERSION, **named(asset, comment="One"))
    wanted = named(asset, path="a.exr", s3VersionId=old)
    client.done(REVERT, **wanted)
    assert _refused(client, REVERT, **wanted) == ("FILE_REVERT_IN_PROGRESS", ["path"])
    client.done(REVERT_VERSION, **named(asset, assetVersionId="1", comment="Back"))
    assert _refused(client, REVERT, **wanted) == ("REVERT_IN_PROGRESS", ["assetId"])


def test_a_prefix_needs_the_processor_that_lists_files(client: Client) -> None:
    asset = _asset(client, "unlisted", "x/a.exr")
    assert _refused(client, ARCHIVE, **named(asset, prefix="x/")) == ("UNAVAILABLE", ["prefix"])


@pytest.mark.parametrize(("document", "given"), KEYED)
def test_a_key_that_named_something_else_is_refused(client: Client, document: str, given: dict[str, Any]) -> None:
    answer = _refused(client, document, **named(("shows", "keyed"), idempotencyKey="spent", **given))
    assert answer == ("IDEMPOTENCY_KEY_REUSED", ["idempotencyKey"])


@pytest.mark.parametrize(("document", "given"), KEYED)
def test_a_key_that_is_none_is_invalid(client: Client, document: str, given: dict[str, Any]) -> None:
    answer = _refused(client, document, **named(("shows", "shot_010"), idempotencyKey="", **given))
    assert answer == ("INVALID", ["idempotencyKey"])


@pytest.mark.parametrize(("document", "given"), [(UNARCHIVE, {}), (DELETE, {"confirmPermanentDelete": True})])
def test_more_than_ten_thousand_files_are_too_many(client: Client, document: str, given: dict[str, Any]) -> None:
    paths = [str(n) for n in range(10_001)]
    answer = _refused(client, document, **named(("shows", "shot_010"), paths=paths, **given))
    assert answer == ("LIMIT_EXCEEDED", ["paths"])


@pytest.mark.parametrize(
    ("document", "given", "path"),
    [
        (UNARCHIVE, {"paths": ["a//b"]}, ["paths", "0"]),
        (SET_TYPE, {"path": "a//b", "primaryType": "primary"}, ["path"]),
    ],
)
def test_a_path_that_is_none_is_refused(client: Client, document: str, given: dict[str, Any], path: list[str]) -> None:
    assert _refused(client, document, **named(("shows", "shot_010"), **given)) == ("PATH_INVALID", path)
