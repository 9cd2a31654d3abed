"""What cannot be done is refused with a code, a path and advice, and leaves nothing behind."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from tests.system.client import COMPLETE, START, Client
from tests.system.media import await_media, renditions

ASSET = ("refusals", "target")
ERRORS = "position errors { code message path }"
CREATE_DATABASE = f"mutation($input: CreateDatabaseInput!) {{ createDatabase(input: $input) {{ {ERRORS} }} }}"
CREATE_ASSET = f"mutation($input: CreateAssetInput!) {{ createAsset(input: $input) {{ asset {{ id }} {ERRORS} }} }}"
UPDATE_ASSET = f"mutation($input: UpdateAssetInput!) {{ updateAsset(input: $input) {{ asset {{ id }} {ERRORS} }} }}"
ARCHIVE = f"mutation($input: ArchiveAssetInput!) {{ archiveAsset(input: $input) {{ asset {{ archived }} {ERRORS} }} }}"
SET_METADATA = f"mutation($input: SetMetadataInput!) {{ setMetadata(input: $input) {{ {ERRORS} }} }}"
CREATE_VERSION = f"mutation($input: CreateAssetVersionInput!) {{ createAssetVersion(input: $input) {{ {ERRORS} }} }}"
REGISTER = f"mutation($input: RegisterFilesInput!) {{ registerFiles(input: $input) {{ registeredCount {ERRORS} }} }}"
REQUEST = f"mutation($input: RequestRenditionsInput!) {{ requestRenditions(input: $input) {{ {ERRORS} }} }}"
REBUILD = f"mutation($input: RebuildProjectionInput!) {{ rebuildProjection(input: $input) {{ {ERRORS} }} }}"
ABORT = f"mutation($input: AbortUploadInput!) {{ abortUpload(input: $input) {{ upload {{ state }} {ERRORS} }} }}"
NEW_ASSET = {"assetName": "A", "description": "made to be refused", "isDistributable": True}
OWNER = {"databaseId": ASSET[0], "assetId": ASSET[1]}
BAD_PATHS = {
    "empty": "",
    "slash": "/",
    "parent": "a/../b.exr",
    "only parent": "..",
    "own folder": "./a.exr",
    "empty part": "a//b.exr",
    "too long": "a" * 2000,
    "control": "a\u0007b.exr",
    "newline": "a\nb.exr",
    "backslash": "a\\b.exr",
    "null": "a\u0000b.exr",
    "renditions": ".proxies/a.jpg",
}


@pytest.fixture(scope="module")
def target(client: Client) -> Client:
    """A client of a server that has the asset all refusals are about, with one file."""
    client.create_asset(*ASSET)
    client.upload(ASSET, {"kept.txt": b"kept"})
    return client


class Refused:
    """One refusal, and that the log is where it was before."""

    def __init__(self, client: Client, document: str, **given: Any) -> None:
        before = client.head()
        error = client.refused(document, **given)
        assert client.head() == before
        self.code, self.path, self.message = error["code"], error["path"], error["message"]


def test_an_unknown_database_is_named(target: Client) -> None:
    refused = Refused(target, CREATE_ASSET, databaseId="nowhere", **NEW_ASSET)
    assert (refused.code, refused.path) == ("NOT_FOUND", ["databaseId"])
    assert refused.message == "There is no database 'nowhere'."


def test_an_unknown_asset_is_named(target: Client) -> None:
    refusals: dict[str, dict[str, Any]] = {
        ARCHIVE: {"assetId": "nothing"},
        UPDATE_ASSET: {"assetId": "nothing", "assetName": "B"},
        CREATE_VERSION: {"assetId": "nothing", "comment": "c"},
        START: {"assetId": "nothing", "files": [{"path": "a.exr", "sizeBytes": 1}]},
        REGISTER: {"assetId": "nothing", "files": [{"path": "a.exr"}]},
    }
    for document, given in refusals.items():
        refused = Refused(target, document, databaseId=ASSET[0], **given)
        assert (refused.code, refused.path) == ("NOT_FOUND", ["assetId"])
        assert refused.message == "There is no asset 'nothing'."


def test_an_id_that_is_taken_is_refused(target: Client) -> None:
    database = Refused(target, CREATE_DATABASE, databaseId=ASSET[0], description="again")
    assert (database.code, database.path) == ("ALREADY_EXISTS", ["databaseId"])
    assert database.message == "There is already a database 'refusals': choose another id."
    asset = Refused(target, CREATE_ASSET, databaseId=ASSET[0], assetId=ASSET[1], **NEW_ASSET)
    assert (asset.code, asset.path) == ("ALREADY_EXISTS", ["assetId"])


@pytest.mark.parametrize("database_id", ["", "a", "ab", "a" * 64, "with blank", "GLOBAL", "../up", "ünder"])
def test_a_database_id_that_breaks_the_rules_is_refused(target: Client, database_id: str) -> None:
    refused = Refused(target, CREATE_DATABASE, databaseId=database_id, description="d")
    assert (refused.code, refused.path) == ("INVALID", ["databaseId"])


@pytest.mark.parametrize("asset_id", ["", "a/b", "a\\b", "..", "dot.", " blank", "a" * 257, "tab\t"])
def test_an_asset_id_that_breaks_the_rules_is_refused(target: Client, asset_id: str) -> None:
    refused = Refused(target, CREATE_ASSET, databaseId=ASSET[0], assetId=asset_id, **NEW_ASSET)
    assert (refused.code, refused.path) == ("INVALID", ["assetId"])


@pytest.mark.parametrize("path", BAD_PATHS.values(), ids=BAD_PATHS)
def test_a_bad_path_is_refused_wherever_it_is_given(target: Client, path: str) -> None:
    upload = Refused(target, START, **OWNER, files=[{"path": "a.exr", "sizeBytes": 1}, {"path": path, "sizeBytes": 1}])
    assert (upload.code, upload.path) == ("PATH_INVALID", ["files", "1", "path"])
    assert upload.message.startswith(f"The path {path.removeprefix('/')[:80]!r}") or path == "/"
    register = Refused(target, REGISTER, **OWNER, files=[{"path": path}])
    assert (register.code, register.path) == ("PATH_INVALID", ["files", "0", "path"])
    owned = Refused(target, SET_METADATA, owner={**OWNER, "path": path}, entries=[{"key": "k", "value": "v"}])
    assert (owned.code, owned.path) == ("PATH_INVALID", ["owner", "path"])
    asked = Refused(target, REQUEST, **OWNER, path=path)
    assert (asked.code, asked.path) == ("PATH_INVALID", ["path"])


def test_a_path_given_twice_is_refused(target: Client) -> None:
    files = [{"path": "a.exr", "sizeBytes": 1}, {"path": "/a.exr", "sizeBytes": 2}]
    refused = Refused(target, START, **OWNER, files=files)
    assert (refused.code, refused.path) == ("INVALID", ["files", "1", "path"])


@pytest.mark.parametrize(
    ("file", "code", "path"),
    [
        ({"sizeBytes": -1}, "INVALID", ["files", "0", "sizeBytes"]),
        ({"sizeBytes": 10, "partSizeBytes": 1024}, "INVALID", ["files", "0", "partSizeBytes"]),
        ({"sizeBytes": 2**53 - 1}, "LIMIT_EXCEEDED", ["files", "0", "sizeBytes"]),
        ({"sizeBytes": 10, "sha256": "abc"}, "INVALID", ["files", "0", "sha256"]),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(target: Client, file: Any, code: str, path: list[str]) -> None:
    refused = Refused(target, START, **OWNER, files=[{"path": "a.exr", **file}])
    assert (refused.code, refused.path) == (code, path)


def test_an_upload_of_no_files_is_refused(target: Client) -> None:
    refused = Refused(target, START, **OWNER, files=[])
    assert (refused.code, refused.path) == ("INVALID", ["files"])


def test_a_wrong_etag_names_its_part_and_leaves_the_upload_open(target: Client) -> None:
    body = {"two.bin": bytes(6 << 20)}
    upload = target.start(ASSET, body, partSizeBytes=5 << 20)
    sent = target.send(upload, body)
    wrong = [{"path": "two.bin", "parts": [sent[0]["parts"][0], {"partNumber": 2, "etag": '"0123"'}]}]
    refused = Refused(target, COMPLETE, uploadId=upload["uploadId"], files=wrong)
    assert (refused.code, refused.path) == ("UPLOAD_PART_MISMATCH", ["files", "0", "parts", "1"])
    assert refused.message.startswith("Part 2 of 'two.bin' should be 1048576 bytes with ETag")
    assert target.complete(upload, sent)["upload"]["state"] == "COMPLETED"


def test_a_part_that_never_came_names_itself(target: Client) -> None:
    body = {"late.bin": bytes(6 << 20)}
    upload = target.start(ASSET, body, partSizeBytes=5 << 20)
    first, second = upload["files"][0]["parts"]
    sent = [target.put(first, body["late.bin"]), {"partNumber": 2, "etag": '"0"'}]
    refused = Refused(target, COMPLETE, uploadId=upload["uploadId"], files=[{"path": "late.bin", "parts": sent}])
    assert (refused.code, refused.path) == ("UPLOAD_PART_MISMATCH", ["files", "0", "parts", "1"])
    assert refused.message.endswith("the store has nothing: send it again.")
    missing = Refused(target, COMPLETE, uploadId=upload["uploadId"], files=[{"path": "late.bin", "parts": sent[:1]}])
    assert (missing.code, missing.path) == ("UPLOAD_PART_MISMATCH", ["files", "0", "parts"])
    sent[1] = target.put(second, body["late.bin"])
    assert target.complete(upload, [{"path": "late.bin", "parts": sent}])["upload"]["state"] == "COMPLETED"


def test_completing_twice_is_refused_and_the_files_stay(target: Client) -> None:
    body = {"once.txt": b"once"}
    upload = target.start(ASSET, body)
    sent = target.send(upload, body)
    target.complete(upload, sent)
    refused = Refused(target, COMPLETE, uploadId=upload["uploadId"], files=sent)
    assert (refused.code, refused.path) == ("UPLOAD_CLOSED", ["uploadId"])
    assert refused.message == f"The upload '{upload['uploadId']}' is COMPLETED already: start another."
    aborted = Refused(target, ABORT, uploadId=upload["uploadId"])
    assert (aborted.code, aborted.path) == ("UPLOAD_CLOSED", ["uploadId"])
    assert "once.txt" in _paths(target)


def test_completing_twice_with_one_key_answers_the_same_twice(target: Client) -> None:
    body = {"keyed.txt": b"keyed"}
    upload = target.start(ASSET, body)
    given = {"uploadId": upload["uploadId"], "files": target.send(upload, body), "idempotencyKey": "complete keyed"}
    first = target.done(COMPLETE, **given)
    head = target.head()
    assert target.done(COMPLETE, **given) == first
    assert target.head() == head
    other = Refused(target, COMPLETE, **{**given, "files": []})
    assert (other.code, other.path) == ("IDEMPOTENCY_KEY_REUSED", ["idempotencyKey"])


def test_more_bytes_than_declared_are_refused_by_the_store(target: Client) -> None:
    upload = target.start(ASSET, {"small.bin": b"123"})
    (part,) = upload["files"][0]["parts"]
    headers = {header["name"].lower(): header["value"] for header in part["headers"]}
    assert headers["content-length"] == "3"
    before = target.head()
    response = target.http.put(part["url"], content=b"1234567890", headers={**headers, "content-length": "10"})
    assert (response.status_code, "signed for 3 bytes and 10 came" in response.text) == (400, True), response.text
    assert target.head() == before
    fresh = target.one(
        "query($id: ID!) { upload(uploadId: $id) { state files { parts { received } } } }", id=upload["uploadId"]
    )
    assert fresh == {"state": "STARTED", "files": [{"parts": [{"received": False}]}]}
    assert target.complete(upload, target.send(upload, {"small.bin": b"123"}))["upload"]["state"] == "COMPLETED"


def test_bytes_that_are_not_the_declared_ones_end_their_file_alone(target: Client) -> None:
    bodies = {"good.bin": b"good", "bad.bin": b"bad!"}
    digests = {path: hashlib.sha256(b"good").hexdigest() for path in bodies}
    listed = [{"path": path, "sizeBytes": 4, "sha256": digests[path]} for path in bodies]
    upload = target.done(START, **OWNER, files=listed)["upload"]
    done = target.complete(upload, target.send(upload, bodies))
    assert done["upload"]["state"] == "COMPLETED_WITH_ERRORS"
    files = done["upload"]["files"]
    states = {file["path"]: (file["state"], file["error"] and file["error"]["message"]) for file in files}
    wrong = hashlib.sha256(b"bad!").hexdigest()
    expected = f"The bytes have sha256 {wrong}, not the declared {digests['bad.bin']}: upload the file again."
    assert states == {"good.bin": ("COMPLETED", None), "bad.bin": ("FAILED", expected)}
    assert [file["path"] for file in done["files"]] == ["good.bin"]
    assert "bad.bin" not in _paths(target)


def test_unknown_uploads_and_files_are_named(target: Client) -> None:
    refused = Refused(target, COMPLETE, uploadId="nothing", files=[])
    assert (refused.code, refused.path) == ("NOT_FOUND", ["uploadId"])
    upload = target.start(ASSET, {"a.bin": b"a"})
    other = [{"path": "b.bin", "parts": [{"partNumber": 1, "etag": "x"}]}]
    unknown = Refused(target, COMPLETE, uploadId=upload["uploadId"], files=other)
    assert (unknown.code, unknown.path) == ("UPLOAD_FILE_UNKNOWN", ["files", "0", "path"])
    absent = Refused(target, REQUEST, **OWNER, path="never.exr")
    assert (absent.code, absent.path) == ("NOT_FOUND", ["path"])
    object_absent = Refused(target, REGISTER, **OWNER, files=[{"path": "never.exr"}])
    assert (object_absent.code, object_absent.path) == ("NOT_FOUND", ["files", "0", "path"])


@pytest.mark.parametrize(
    ("value_type", "value"),
    [
        ("NUMBER", "about ten"),
        ("NUMBER", "nan"),
        ("BOOLEAN", "yes"),
        ("DATE", "yesterday"),
        ("GEOPOINT", '{"type": "Point", "coordinates": [181, 0]}'),
        ("XYZ", '{"x": 1}'),
        ("JSON", "{"),
        ("MATRIX4X4", "[[1]]"),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_refused(target: Client, value_type: str, value: str) -> None:
    entries = [{"key": "fine", "value": "1"}, {"key": "k", "value": value, "valueType": value_type}]
    refused = Refused(target, SET_METADATA, owner=OWNER, entries=entries)
    assert (refused.code, refused.path) == ("METADATA_INVALID", ["entries", "1", "value"])
    assert refused.message.startswith("The value of 'k' is not a ")


def test_an_archived_asset_takes_nothing(target: Client) -> None:
    target.create_asset(ASSET[0], "archived")
    target.done(ARCHIVE, databaseId=ASSET[0], assetId="archived")
    owner = {"databaseId": ASSET[0], "assetId": "archived"}
    refusals: dict[str, dict[str, Any]] = {
        ARCHIVE: owner,
        UPDATE_ASSET: {**owner, "assetName": "B"},
        START: {**owner, "files": [{"path": "a.exr", "sizeBytes": 1}]},
        CREATE_VERSION: {**owner, "comment": "c"},
    }
    for document, given in refusals.items():
        refused = Refused(target, document, **given)
        assert (refused.code, refused.path) == ("ASSET_ALREADY_ARCHIVED", ["assetId"])
        assert refused.message == "The asset 'archived' is archived: unarchive it first."


def test_a_revision_that_has_passed_is_refused(target: Client) -> None:
    refused = Refused(target, UPDATE_ASSET, **OWNER, assetName="B", expectedRevision=99)
    assert (refused.code, refused.path) == ("PRECONDITION_FAILED", ["expectedRevision"])


def test_an_unknown_projection_is_named(target: Client) -> None:
    refused = Refused(target, REBUILD, name="nothing")
    assert refused.code == "NOT_FOUND"
    assert "'nothing'" in refused.message


@pytest.mark.parametrize(
    ("sample", "path", "code"),
    [
        ("malformed/zero.exr", "zero.exr", "EMPTY"),
        ("malformed/trunc50.exr", "truncated.exr", "TRUNCATED"),
        ("malformed/text.exr", "text.exr", "UNREADABLE"),
        ("malformed/lie_100k.png", "lie.png", "TOO_LARGE"),
        ("malformed/lie_dw_100k.exr", "lie.exr", "TOO_LARGE"),
        ("malformed/trunc50.jpg", "truncated.jpg", "TRUNCATED"),
    ],
)
def test_a_file_that_is_no_picture_is_kept_with_its_reason(
    target: Client, samples: Path, sample: str, path: str, code: str
) -> None:
    body = (samples / sample).read_bytes()
    done = target.upload(ASSET, {path: body})
    end = await_media(target, ASSET, after=done["position"], count=1)
    found = renditions(target, ASSET, path, at=end)
    assert {kind: (one["state"], one["failureCode"], one["url"], one["attempts"]) for kind, one in found.items()} == {
        "THUMBNAIL": ("FAILED", code, None, 1),
        "PROXY": ("FAILED", code, None, 1),
    }
    assert path in found["THUMBNAIL"]["failure"]
    document = 'query($p: String!) { file(databaseId: "refusals", assetId: "target", path: $p) { downloadUrl } }'
    assert target.http.get(target.one(document, p=path)["downloadUrl"]).content == body


def test_nothing_was_lost_or_half_done(target: Client) -> None:
    projections = target.one("{ projections { name state failure } }")
    assert {one["name"]: one["failure"] for one in projections if one["failure"]} == {}
    assert "kept.txt" in _paths(target)


def _paths(client: Client) -> list[str]:
    document = '{ asset(databaseId: "refusals", assetId: "target") { files(first: 200) { edges { node { path } } } } }'
    return [edge["node"]["path"] for edge in client.one(document)["files"]["edges"]]
