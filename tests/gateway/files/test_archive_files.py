"""archiveFiles and unarchiveFiles: what they do, what they record, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.files.asking import (
    ARCHIVE,
    ARCHIVE_ASSET,
    FILES,
    PLACE,
    START,
    UNARCHIVE,
    asset_type,
    file,
    named,
    paths,
)
from tests.gateway.product import Product
from tests.gateway.recording import nothing_recorded, recording
from tests.system.client import Client
from tests.waiting import until

PREVIEW = "b.jpg.previewFile.png"


def _asset(client: Client, name: str, files: dict[str, bytes] | None = None) -> tuple[str, str]:
    asset = ("shows", name)
    client.create_asset(*asset)
    client.upload(asset, files or {"a.exr": b"a", "b.jpg": b"b", PREVIEW: b"p"})
    return asset


def _markers(library: Product, asset: tuple[str, str]) -> set[str]:
    """The keys of the asset that have a delete marker on top."""
    location = library.client.one(PLACE, d=asset[0], a=asset[1])
    versions = library.parts.objects.versions(location["bucket"]["bucketName"], location["assetLocation"])
    return {
        version.key.removeprefix(location["assetLocation"])
        for version in versions
        if version.is_latest and version.is_delete_marker
    }


def test_files_go_out_of_the_working_set_with_their_previews_and_come_back(library: Product, client: Client) -> None:
    asset = _asset(client, "there_and_back")
    head = client.head()
    with recording(client) as then:
        done = client.done(ARCHIVE, **named(asset, paths=["/b.jpg", "gone.exr"], reason="Wrapped"))
    assert (done["changedCount"], done["skipped"]) == (2, [{"path": "gone.exr", "reason": "NOT_FOUND"}])
    assert [(name, payload["event"]["path"], payload["event"]["with_path"]) for name, payload in _bodies(then)] == [
        ("FileArchived", "b.jpg", None),
        ("FileArchived", PREVIEW, "b.jpg"),
    ]
    assert paths(client, asset) == ["a.exr"]
    assert paths(client, asset, all=True) == ["a.exr", "b.jpg", PREVIEW]
    assert paths(client, asset, at={"position": str(head)}) == ["a.exr", "b.jpg", PREVIEW]
    assert asset_type(client, asset) == ".exr"
    assert file(client, asset, "b.jpg")["versions"][0]["archived"] is True
    until(lambda: _markers(library, asset), lambda found: found == {"b.jpg", PREVIEW})
    with recording(client) as then:
        assert client.done(UNARCHIVE, **named(asset, paths=["b.jpg"]))["changedCount"] == 2
    assert then.types == ["FileUnarchived", "FileUnarchived"]
    assert asset_type(client, asset) == "folder"
    until(lambda: _markers(library, asset), lambda found: found == set())
    jobs = until(
        lambda: client.one(FILES, d=asset[0], a=asset[1])["objectJobs"],
        lambda found: [job["state"] for job in found] == ["DONE", "DONE"],
    )
    assert jobs[0] == {
        "kind": "VISIBILITY",
        "state": "DONE",
        "paths": ["b.jpg", PREVIEW],
        "failure": None,
        "attempts": 1,
    }


def _bodies(then: Any) -> list[tuple[str, Any]]:
    """Payloads with the event under its own name, whichever way the log shows it."""
    return [(name, payload if "event" in payload else {"event": payload}) for name, payload in then.events]


def test_a_prefix_stands_for_the_files_below_it(client: Client) -> None:
    asset = _asset(client, "prefix", {"x/a.exr": b"a", "x/b.exr": b"b", "xy.exr": b"c"})
    client.done(ARCHIVE, **named(asset, paths=["x/b.exr"]))
    done = client.done(ARCHIVE, **named(asset, prefix="/x/", paths=["xy.exr"]))
    assert (done["changedCount"], done["skipped"]) == (2, [])
    assert paths(client, asset) == []
    assert client.done(UNARCHIVE, **named(asset, prefix="x"))["changedCount"] == 3


def test_an_archived_asset_hides_its_files_in_the_store_and_gives_exactly_those_back(
    library: Product, client: Client
) -> None:
    asset = _asset(client, "whole", {"a.exr": b"a", "b.exr": b"b"})
    client.done(ARCHIVE, **named(asset, paths=["b.exr"]))
    until(lambda: _markers(library, asset), lambda found: found == {"b.exr"})
    client.done(ARCHIVE_ASSET, **named(asset))
    until(lambda: _markers(library, asset), lambda found: found == {"a.exr", "b.exr"})
    document = "mutation($input: UnarchiveAssetInput!) { unarchiveAsset(input: $input) { errors { code message } } }"
    assert client.one(document, input=named(asset))["errors"] == []
    until(lambda: _markers(library, asset), lambda found: found == {"b.exr"})


def test_a_repeated_request_gives_the_same_report(client: Client) -> None:
    asset = _asset(client, "repeated", {"a.exr": b"a"})
    given = named(asset, paths=["a.exr", "gone.exr"], idempotencyKey="archive-once")
    first = client.done(ARCHIVE, **given)
    with nothing_recorded(client):
        assert client.done(ARCHIVE, **given) == first
        error = client.refused(ARCHIVE, **(given | {"paths": ["a.exr"]}))
    assert error["code"] == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize(
    ("document", "given", "code", "path"),
    [
        (ARCHIVE, {"paths": ["gone.exr"]}, "NOT_FOUND", ["paths", "0"]),
        (ARCHIVE, {"paths": ["old.exr"]}, "FILE_ALREADY_ARCHIVED", ["paths", "0"]),
        (ARCHIVE, {"paths": ["../a.exr"]}, "PATH_INVALID", ["paths", "0"]),
        (ARCHIVE, {"paths": ["a.exr", "/a.exr"]}, "INVALID", ["paths", "1"]),
        (ARCHIVE, {}, "INVALID", ["paths"]),
        (ARCHIVE, {"prefix": ""}, "INVALID", ["prefix"]),
        (ARCHIVE, {"prefix": "nothing/"}, "NOT_FOUND", ["prefix"]),
        (ARCHIVE, {"paths": [f"{n}" for n in range(10_001)]}, "LIMIT_EXCEEDED", ["paths"]),
        (ARCHIVE, {"paths": ["a.exr"], "reason": "x" * 257}, "INVALID", ["reason"]),
        (ARCHIVE, {"paths": ["a.exr"], "assetId": "gone"}, "NOT_FOUND", ["assetId"]),
        (ARCHIVE, {"paths": ["a.exr"], "assetId": "asleep"}, "ASSET_ALREADY_ARCHIVED", ["assetId"]),
        (UNARCHIVE, {"paths": ["a.exr"]}, "FILE_NOT_ARCHIVED", ["paths", "0"]),
        (UNARCHIVE, {"paths": ["gone.exr"]}, "NOT_FOUND", ["paths", "0"]),
        (UNARCHIVE, {"prefix": "a"}, "NOT_FOUND", ["prefix"]),
        (UNARCHIVE, {"paths": ["a.exr"], "assetId": "asleep"}, "ASSET_ALREADY_ARCHIVED", ["assetId"]),
    ],
)
def test_what_cannot_be_done_is_refused_and_records_nothing(
    client: Client, refusing: tuple[str, str], document: str, given: dict[str, Any], code: str, path: list[str]
) -> None:
    with nothing_recorded(client):
        error = client.refused(document, **(named(refusing) | given))
    assert (error["code"], error["path"]) == (code, path)
    assert error["message"]


@pytest.fixture(scope="module")
def refusing(client: Client) -> tuple[str, str]:
    """An asset with an active and an archived file, beside one that is archived."""
    client.create_asset("shows", "asleep")
    client.done(ARCHIVE_ASSET, **named(("shows", "asleep")))
    asset = _asset(client, "refusing", {"a.exr": b"a", "old.exr": b"o"})
    client.done(ARCHIVE, **named(asset, paths=["old.exr"]))
    return asset


def test_an_archived_file_takes_no_upload(client: Client, refusing: tuple[str, str]) -> None:
    with nothing_recorded(client):
        error = client.refused(START, **named(refusing, files=[{"path": "old.exr", "sizeBytes": 1}]))
    assert (error["code"], error["path"]) == ("FILE_ALREADY_ARCHIVED", ["files", "0", "path"])


def test_a_file_that_is_archived_while_it_is_uploaded_stays_archived(library: Product, client: Client) -> None:
    asset = _asset(client, "meanwhile", {"a.exr": b"a"})
    upload = client.start(asset, {"a.exr": b"new", "b.exr": b"b"})
    sent = client.send(upload, {"a.exr": b"new", "b.exr": b"b"})
    client.done(ARCHIVE, **named(asset, paths=["a.exr"]))
    until(lambda: _markers(library, asset), lambda found: found == {"a.exr"})
    done = client.complete(upload, sent)
    states = {one["path"]: (one["state"], one["error"] and one["error"]["code"]) for one in done["upload"]["files"]}
    assert states["a.exr"][1] == "FILE_ALREADY_ARCHIVED"
    assert [one["path"] for one in done["files"]] == ["b.exr"]
    assert paths(client, asset) == ["b.exr"]
    assert len(file(client, asset, "a.exr")["versions"]) == 1
    assert _markers(library, asset) == {"a.exr"}
