"""revertFile, setPrimaryType and previews of files."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.files.asking import ARCHIVE, ARCHIVE_ASSET, FILE_FIELDS, START, file, named
from tests.gateway.recording import nothing_recorded, recording
from tests.system.client import Client
from tests.waiting import until

REVERT = f"""mutation($input: RevertFileInput!) {{ revertFile(input: $input) {{ file {{ {FILE_FIELDS} }}
  revert {{ revertId revertedFrom state }} position errors {{ code message path }} }} }}"""
SET_TYPE = f"""mutation($input: SetPrimaryTypeInput!) {{ setPrimaryType(input: $input) {{ file {{ {FILE_FIELDS} }}
  position errors {{ code message path }} }} }}"""


def _asset(client: Client, name: str, files: dict[str, bytes]) -> tuple[str, str]:
    asset = ("shows", name)
    client.create_asset(*asset)
    client.upload(asset, files)
    return asset


def test_an_older_version_is_on_top_again_as_a_new_one(client: Client) -> None:
    asset = _asset(client, "reverted", {"a.exr": b"old"})
    client.upload(asset, {"a.exr": b"new"})
    new, old = (version["s3VersionId"] for version in file(client, asset, "a.exr")["versions"])
    with recording(client) as then:
        asked = client.done(REVERT, **named(asset, path="/a.exr", s3VersionId=old, expectedRevision=2))
        found = until(lambda: file(client, asset, "a.exr"), lambda found: found["reverts"][0]["state"] != "REQUESTED")
    assert asked["revert"]["revertId"] == 1
    assert asked["revert"]["revertedFrom"] == old
    assert then.types == ["FileRevertRequested", "FileVersionObserved", "FileReverted"]
    revert = found["reverts"][0]
    assert (revert["state"], revert["failure"], revert["s3VersionId"]) == ("DONE", None, found["s3VersionId"])
    assert [version["s3VersionId"] for version in found["versions"]] == [found["s3VersionId"], new, old]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"s3VersionId": "<latest>"}, "FILE_VERSION_IS_LATEST", ["s3VersionId"]),
        ({"s3VersionId": "unknown"}, "NOT_FOUND", ["s3VersionId"]),
        ({"path": "gone.exr"}, "NOT_FOUND", ["path"]),
        ({"path": "old.exr"}, "FILE_ALREADY_ARCHIVED", ["path"]),
        ({"path": "../x"}, "PATH_INVALID", ["path"]),
        ({"assetId": "gone"}, "NOT_FOUND", ["assetId"]),
        ({"assetId": "asleep"}, "ASSET_ALREADY_ARCHIVED", ["assetId"]),
        ({"expectedRevision": 9}, "PRECONDITION_FAILED", ["expectedRevision"]),
    ],
)
def test_what_cannot_be_reverted_is_refused_and_records_nothing(
    client: Client, refusing: tuple[str, str], given: dict[str, Any], code: str, path: list[str]
) -> None:
    latest = file(client, refusing, "a.exr")["s3VersionId"]
    wanted = {name: latest if value == "<latest>" else value for name, value in given.items()}
    with nothing_recorded(client):
        error = client.refused(REVERT, **(named(refusing, path="a.exr", s3VersionId="v") | wanted))
    assert (error["code"], error["path"]) == (code, path)


@pytest.fixture(scope="module")
def refusing(client: Client) -> tuple[str, str]:
    """An asset with an active and an archived file, beside one that is archived."""
    client.create_asset("shows", "asleep")
    client.done(ARCHIVE_ASSET, **named(("shows", "asleep")))
    asset = _asset(client, "refusing", {"a.exr": b"a", "old.exr": b"o"})
    client.done(ARCHIVE, **named(asset, paths=["old.exr"]))
    return asset


def test_a_file_has_a_role_until_it_is_taken_away(client: Client) -> None:
    asset = _asset(client, "roles", {"a.exr": b"a"})
    before = file(client, asset, "a.exr")
    with recording(client) as then:
        given = named(asset, path="a.exr", primaryType="other", primaryTypeOther="clean plate")
        shown = client.done(SET_TYPE, **given)["file"]
        client.done(SET_TYPE, **given)
    assert then.types == ["FilePrimaryTypeSet"]
    assert (shown["primaryType"], shown["primaryTypeOther"]) == ("other", "clean plate")
    assert shown["s3VersionId"] == before["s3VersionId"]
    taken = client.done(SET_TYPE, **named(asset, path="a.exr", primaryType="", expectedRevision=2))["file"]
    assert (taken["primaryType"], taken["primaryTypeOther"], taken["revision"]) == (None, None, 3)


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"primaryType": "lod9"}, "PRIMARY_TYPE_INVALID", ["primaryType"]),
        ({"primaryType": "other"}, "PRIMARY_TYPE_INVALID", ["primaryTypeOther"]),
        ({"primaryType": "other", "primaryTypeOther": "x" * 31}, "PRIMARY_TYPE_INVALID", ["primaryTypeOther"]),
        ({"path": "gone.exr"}, "NOT_FOUND", ["path"]),
        ({"path": "old.exr"}, "FILE_ALREADY_ARCHIVED", ["path"]),
        ({"assetId": "asleep"}, "ASSET_ALREADY_ARCHIVED", ["assetId"]),
        ({"expectedRevision": 9}, "PRECONDITION_FAILED", ["expectedRevision"]),
    ],
)
def test_what_is_no_role_is_refused_and_records_nothing(
    client: Client, refusing: tuple[str, str], given: dict[str, Any], code: str, path: list[str]
) -> None:
    with nothing_recorded(client):
        error = client.refused(SET_TYPE, **(named(refusing, path="a.exr", primaryType="primary") | given))
    assert (error["code"], error["path"]) == (code, path)


def test_the_first_preview_by_its_path_that_is_not_archived_is_shown(client: Client) -> None:
    png, gif = "a.exr.previewFile.png", "a.exr.previewFile.gif"
    asset = _asset(client, "previews", {"a.exr": b"a", png: b"png", gif: b"gif"})
    shown = file(client, asset, "a.exr")
    assert shown["previewFile"] == {"path": gif}
    assert client.http.get(shown["previewUrl"]).content == b"gif"
    assert file(client, asset, png)["previewOf"] == "a.exr"
    client.done(ARCHIVE, **named(asset, paths=[gif]))
    assert file(client, asset, "a.exr")["previewFile"] == {"path": png}
    client.done(ARCHIVE, **named(asset, paths=[png]))
    last = file(client, asset, "a.exr")
    assert (last["previewFile"], last["previewUrl"]) == (None, None)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"path": "b.exr.previewFile.png", "sizeBytes": 1}, ["files", "0", "path"]),
        ({"path": "a.exr.previewFile.tiff", "sizeBytes": 1}, ["files", "0", "path"]),
        ({"path": "a.exr.previewFile.png", "sizeBytes": 5_242_881}, ["files", "0", "sizeBytes"]),
    ],
)
def test_a_preview_that_can_be_none_is_refused_and_records_nothing(
    client: Client, refusing: tuple[str, str], given: dict[str, Any], path: list[str]
) -> None:
    with nothing_recorded(client):
        error = client.refused(START, **named(refusing, files=[given]))
    assert (error["code"], error["path"]) == ("FILE_PREVIEW_INVALID", path)
