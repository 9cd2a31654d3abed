"""Uploads through GraphQL: what each step records, how it is resumed, given up, and runs out of time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.gateway.product import Product, product
from tests.gateway.recording import nothing_recorded, recording
from tests.system.client import COMPLETE, START, Client
from tests.waiting import eventually

ABORT = """mutation($input: AbortUploadInput!) { abortUpload(input: $input) {
  upload { state files { state parts { partNumber } } } position errors { code message path } } }"""
STATE = """query($id: ID!) { upload(uploadId: $id) {
  state files { path state parts { partNumber offset sizeBytes received url headers { name value } } } } }"""
REGISTER = """mutation($input: RegisterFilesInput!) { registerFiles(input: $input) {
  registeredCount position errors { code message path } } }"""
SHOT = ("shows", "shot_010")
MIB = 1 << 20


@pytest.fixture(scope="module")
def running(product_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with product(
        product_database_url, tmp_path_factory.mktemp("uploads"), "uploads", "jobs", upload_max_files=50
    ) as it:
        it.client.create_asset(*SHOT)
        it.client.create_asset("shows", "resting")
        yield it


@pytest.fixture
def client(running: Product) -> Client:
    return running.client


def _open_multiparts(running: Product) -> list[Path]:
    return list((running.parts.settings.data_dir / "objects" / "buckets" / "assets" / "uploads").iterdir())


def _versions(running: Product, key: str) -> list[str]:
    return [version.version_id for version in running.parts.objects.versions("assets", key)]


def test_a_session_is_recorded_when_it_starts_and_when_it_ends(client: Client) -> None:
    body = {"a.exr": b"frame", "empty.txt": b""}
    with recording(client) as started:
        upload = client.start(SHOT, body)
    assert started.types == ["UploadStarted"]
    with recording(client) as ended:
        payload = client.complete(upload, client.send(upload, body))
    assert ended.types == ["UploadCompleted", "FileUploaded", "FileUploaded"]
    assert payload["upload"]["state"] == "COMPLETED"
    assert [(file["path"], file["sizeBytes"]) for file in payload["files"]] == [("a.exr", 5), ("empty.txt", 0)]


def test_what_can_not_be_uploaded_is_refused(client: Client) -> None:
    archive = "mutation($input: ArchiveAssetInput!) { archiveAsset(input: $input) { errors { code } position } }"
    client.done(archive, databaseId="shows", assetId="resting")
    database = {"databaseId": "picky", "description": "EXR only", "restrictFileUploadsToExtensions": [".exr"]}
    client.done(
        "mutation($input: CreateDatabaseInput!) { createDatabase(input: $input) { errors { code } position } }",
        **database,
    )
    client.create_asset("picky", "one")
    create = """mutation($input: CreateDatabaseInput!) { createDatabase(input: $input) {
      database { blockedFileExtensions } errors { code } position } }"""
    blocking = {"databaseId": "safe", "description": "No programs", "blockedFileExtensions": [".exe", ".bat"]}
    assert client.done(create, **blocking)["database"] == {"blockedFileExtensions": [".exe", ".bat"]}
    update = """mutation($input: UpdateDatabaseInput!) { updateDatabase(input: $input) {
      database { blockedFileExtensions } errors { code } position } }"""
    changed = client.done(update, databaseId="safe", blockedFileExtensions=[".exe"])
    assert changed["database"] == {"blockedFileExtensions": [".exe"]}
    client.create_asset("safe", "one")
    shot: dict[str, Any] = {"databaseId": "shows", "assetId": "shot_010"}
    one = {"path": "a.exr", "sizeBytes": 1}
    cases: list[tuple[dict[str, Any], list[dict[str, Any]], str, list[str]]] = [
        ({**shot, "assetId": "none"}, [one], "NOT_FOUND", ["assetId"]),
        ({**shot, "assetId": "resting"}, [one], "ASSET_ALREADY_ARCHIVED", ["assetId"]),
        ({"databaseId": "picky", "assetId": "one"}, [{**one, "path": "a.jpg"}], "FILE_EXTENSION_REFUSED", ["path"]),
        ({"databaseId": "safe", "assetId": "one"}, [{**one, "path": "a.EXE"}], "FILE_EXTENSION_REFUSED", ["path"]),
        (shot, [], "INVALID", ["files"]),
        (shot, [one, one], "INVALID", ["path"]),
        (shot, [{**one, "path": "../a"}], "PATH_INVALID", ["path"]),
        (shot, [{**one, "sizeBytes": -1}], "INVALID", ["sizeBytes"]),
        (shot, [{**one, "sizeBytes": 1 << 52}], "LIMIT_EXCEEDED", ["sizeBytes"]),
        (shot, [{**one, "partSizeBytes": 1}], "INVALID", ["partSizeBytes"]),
        (shot, [{**one, "sha256": "short"}], "INVALID", ["sha256"]),
        (shot, [{**one, "path": f"{n}.exr"} for n in range(51)], "LIMIT_EXCEEDED", ["files"]),
        ({**shot, "uploadType": "ASSET_PREVIEW"}, [one], "INVALID", ["path"]),
        ({**shot, "uploadType": "ASSET_PREVIEW"}, [{"path": "a.png", "sizeBytes": 5 * MIB + 1}], "LIMIT_EXCEEDED", []),
    ]
    with nothing_recorded(client):
        for target, files, code, path in cases:
            error = client.refused(START, **target, files=files)
            assert error["code"] == code, (files, error)
            assert error["path"][-1:] == path or not path, error


def test_a_completion_that_can_not_be_is_refused_and_leaves_the_upload_open(client: Client) -> None:
    body = {"refused.exr": b"frame"}
    upload = client.start(SHOT, body)
    identity = upload["uploadId"]
    (sent,) = client.send(upload, body)
    wrong = {"path": "refused.exr", "parts": [{"partNumber": 1, "etag": "0" * 32}]}
    cases: list[tuple[str, list[dict[str, Any]], str, list[str]]] = [
        ("no-such-upload", [sent], "NOT_FOUND", ["uploadId"]),
        (identity, [{**sent, "path": "other.exr"}], "UPLOAD_FILE_UNKNOWN", ["files", "0", "path"]),
        (identity, [sent, sent], "INVALID", ["files", "1", "path"]),
        (identity, [{**sent, "parts": []}], "UPLOAD_PART_MISMATCH", ["files", "0", "parts"]),
        (identity, [wrong], "UPLOAD_PART_MISMATCH", ["files", "0", "parts", "0"]),
    ]
    with nothing_recorded(client):
        for upload_id, files, code, path in cases:
            error = client.refused(COMPLETE, uploadId=upload_id, files=files)
            assert (error["code"], error["path"]) == (code, path)
    client.complete(upload, [sent])
    with nothing_recorded(client):
        assert client.refused(COMPLETE, uploadId=identity, files=[sent])["code"] == "UPLOAD_CLOSED"
        assert client.refused(ABORT, uploadId=identity)["code"] == "UPLOAD_CLOSED"


def test_a_completion_of_an_asset_that_was_archived_meanwhile_is_refused(client: Client) -> None:
    client.create_asset("shows", "closing")
    body = {"a.exr": b"frame"}
    upload = client.start(("shows", "closing"), body)
    sent = client.send(upload, body)
    archive = "mutation($input: ArchiveAssetInput!) { archiveAsset(input: $input) { errors { code } position } }"
    client.done(archive, databaseId="shows", assetId="closing")
    with nothing_recorded(client):
        error = client.refused(COMPLETE, uploadId=upload["uploadId"], files=sent)
        assert (error["code"], error["path"]) == ("ASSET_ALREADY_ARCHIVED", ["assetId"])
        error = client.refused(COMPLETE, uploadId=upload["uploadId"], files=[{"path": "../a", "parts": []}])
        assert (error["code"], error["path"]) == ("PATH_INVALID", ["files", "0", "path"])


def test_objects_that_are_there_are_registered_and_others_refused(running: Product) -> None:
    client, stored = running.client, running.parts.objects
    client.create_asset("shows", "closed")
    for asset_id in ("shot_010", "closed"):
        stored.put("assets", f"{asset_id}/there.exr", b"there", content_type="image/x-exr", metadata={})
    archive = "mutation($input: ArchiveAssetInput!) { archiveAsset(input: $input) { errors { code } position } }"
    client.done(archive, databaseId="shows", assetId="closed")
    picky = {"databaseId": "exr-only", "description": "EXR only", "restrictFileUploadsToExtensions": [".exr"]}
    create = "mutation($input: CreateDatabaseInput!) { createDatabase(input: $input) { errors { code } position } }"
    client.done(create, **picky)
    client.create_asset("exr-only", "strict")
    stored.put("assets", "strict/there.jpg", b"there", content_type="image/jpeg", metadata={})
    shot: dict[str, Any] = {"databaseId": "shows", "assetId": "shot_010"}
    there = {"path": "there.exr"}
    cases: list[tuple[dict[str, Any], list[dict[str, Any]], str, list[str]]] = [
        ({**shot, "assetId": "none"}, [there], "NOT_FOUND", ["assetId"]),
        (shot, [{"path": "not-there.exr"}], "NOT_FOUND", ["files", "0", "path"]),
        (shot, [{**there, "s3VersionId": "none"}], "NOT_FOUND", ["files", "0", "path"]),
        ({**shot, "assetId": "closed"}, [there], "ASSET_ALREADY_ARCHIVED", ["assetId"]),
        (
            {"databaseId": "exr-only", "assetId": "strict"},
            [{"path": "there.jpg"}],
            "FILE_EXTENSION_REFUSED",
            ["files", "0", "path"],
        ),
        (shot, [], "INVALID", ["files"]),
        (shot, [there, there], "INVALID", ["files", "1", "path"]),
        (shot, [{"path": "../a"}], "PATH_INVALID", ["files", "0", "path"]),
        (shot, [{"path": f"{n}.exr"} for n in range(10_001)], "LIMIT_EXCEEDED", ["files"]),
    ]
    with nothing_recorded(client):
        for target, files, code, path in cases:
            error = client.refused(REGISTER, **target, files=files)
            assert (error["code"], error["path"]) == (code, path), error
    with recording(client) as then:
        assert client.done(REGISTER, **shot, files=[there])["registeredCount"] == 1
        assert client.done(REGISTER, **shot, files=[there])["registeredCount"] == 0
    assert then.types == ["FileVersionObserved"]


def test_an_interrupted_upload_goes_on_with_the_parts_that_are_missing(client: Client) -> None:
    body = {"large.bin": bytes(range(256)) * (11 * MIB // 256)}
    upload = client.start(SHOT, body, partSizeBytes=5 * MIB)
    (file,) = upload["files"]
    first = client.put(file["parts"][1], body["large.bin"])
    found = client.one(STATE, id=upload["uploadId"])
    (file,) = found["files"]
    assert [(part["partNumber"], part["received"]) for part in file["parts"]] == [(1, False), (2, True), (3, False)]
    rest = [client.put(part, body["large.bin"]) for part in file["parts"] if not part["received"]]
    done = client.complete(upload, [{"path": "large.bin", "parts": [rest[0], first, rest[1]]}])
    assert [(made["path"], made["sizeBytes"]) for made in done["files"]] == [("large.bin", 11 * MIB)]


def test_bytes_that_are_not_those_of_the_declared_sha256_end_that_file_alone(running: Product) -> None:
    client = running.client
    body = {"right.exr": b"right", "wrong.exr": b"wrong"}
    upload = client.start(SHOT, body, sha256=hashlib.sha256(b"right").hexdigest())
    payload = client.complete(upload, client.send(upload, body))
    assert payload["upload"]["state"] == "COMPLETED_WITH_ERRORS"
    right, wrong = payload["upload"]["files"]
    assert (right["state"], right["error"], wrong["state"]) == ("COMPLETED", None, "FAILED")
    assert wrong["error"]["message"].startswith("The bytes have sha256 ")
    assert [file["path"] for file in payload["files"]] == ["right.exr"]
    assert _versions(running, "shot_010/wrong.exr") == []


def test_a_file_left_out_ends_with_an_error_and_leaves_no_parts(running: Product) -> None:
    client = running.client
    body = {"sent.exr": b"sent", "left.exr": b"left"}
    upload = client.start(SHOT, body)
    sent = client.send(upload, body)
    payload = client.complete(upload, sent[:1])
    assert [file["state"] for file in payload["upload"]["files"]] == ["COMPLETED", "FAILED"]
    assert _versions(running, "shot_010/left.exr") == []


def test_an_aborted_upload_is_recorded_and_its_parts_go(running: Product) -> None:
    client = running.client
    body = {"given-up.exr": b"frame"}
    before = len(_open_multiparts(running))
    upload = client.start(SHOT, body)
    client.send(upload, body)
    assert len(_open_multiparts(running)) == before + 1
    with recording(client) as then:
        payload = client.done(ABORT, uploadId=upload["uploadId"], reason="Wrong take")
    assert then.events[0][0] == "UploadAborted"
    assert then.events[0][1]["reason"] == "Wrong take"
    assert payload["upload"] == {"state": "ABORTED", "files": [{"state": "ABORTED", "parts": []}]}
    eventually(lambda: len(_open_multiparts(running)) == before)
    with nothing_recorded(client):
        assert client.refused(ABORT, uploadId=upload["uploadId"])["code"] == "UPLOAD_CLOSED"
        assert client.refused(ABORT, uploadId="no-such-upload")["code"] == "NOT_FOUND"
        assert client.refused(ABORT, uploadId=upload["uploadId"], reason="x" * 257)["code"] == "INVALID"


def test_a_preview_is_the_asset_s_and_no_file(client: Client) -> None:
    png = b"\x89PNG not really"
    input_: dict[str, Any] = {"databaseId": "shows", "assetId": "shot_010", "uploadType": "ASSET_PREVIEW"}
    upload = client.done(START, **input_, files=[{"path": "still.PNG", "sizeBytes": len(png)}])["upload"]
    with recording(client) as then:
        payload = client.complete(upload, client.send(upload, {"still.PNG": png}))
    assert then.types == ["UploadCompleted", "AssetPreviewSet"]
    assert payload["files"] == []


def test_an_upload_runs_out_of_time_also_when_the_server_was_away(database_url: str, tmp_path: Path) -> None:
    body = {"late.exr": b"late"}
    with product(database_url, tmp_path, "uploads", upload_lifetime_seconds=1.0) as first:
        first.client.create_asset(*SHOT)
        upload = first.client.start(SHOT, body)
        sent = first.client.send(upload, body)
        assert first.client.one(STATE, id=upload["uploadId"])["state"] == "STARTED"
    with product(database_url, tmp_path, "uploads", "jobs") as later:
        eventually(lambda: bool(later.client.one(STATE, id=upload["uploadId"])["state"] == "EXPIRED"))
        assert later.client.one(STATE, id=upload["uploadId"])["files"] == [
            {"path": "late.exr", "state": "EXPIRED", "parts": []}
        ]
        eventually(lambda: _open_multiparts(later) == [])
        assert later.recorded().count("UploadExpired") == 1
        with nothing_recorded(later.client):
            assert later.client.refused(COMPLETE, uploadId=upload["uploadId"], files=sent)["code"] == "UPLOAD_EXPIRED"
            assert later.client.refused(ABORT, uploadId=upload["uploadId"])["code"] == "UPLOAD_EXPIRED"


def test_parts_that_the_store_dropped_are_shown_as_none_and_refused_with_what_to_do(running: Product) -> None:
    """As a query sees an upload that is closed while it is read."""
    client = running.client
    body = {"dropped.exr": b"frame"}
    upload = client.start(SHOT, body)
    sent = client.send(upload, body)
    (parts,) = _open_multiparts(running)
    store = running.parts.objects
    store.abort_multipart("assets", "shot_010/dropped.exr", multipart_id=parts.name)
    shown = client.one(STATE, id=upload["uploadId"])
    assert (shown["state"], shown["files"]) == ("STARTED", [{"path": "dropped.exr", "state": "STARTED", "parts": []}])
    refused = client.refused(COMPLETE, uploadId=upload["uploadId"], files=sent)
    assert refused["code"] == "UPLOAD_PART_MISMATCH"
    assert "abort this upload and start another" in refused["message"]
    client.done(ABORT, uploadId=upload["uploadId"])
