"""POST /events/s3: what others do to the bucket is recorded once, and what can't be is said."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from domain.files.lifecycle import archive_files, unarchive_files
from tests.gateway.bucket_sync.conftest import BUCKET, TOKEN, Bystander, record
from tests.gateway.product import order_of
from tests.gateway.recording import recording

FILE = """query($path: String!, $assetId: String!, $at: Position) {
  file(databaseId: "shows", assetId: $assetId, path: $path, atLeast: $at) {
    s3VersionId sizeBytes contentType archived permanentlyDeleted metadata { key value } versions { s3VersionId } } }"""
SET = """mutation($input: SetMetadataInput!) { setMetadata(input: $input) { position errors { code message path } } }"""


def _file(bystander: Bystander, path: str, asset_id: str = "shot_010") -> Any:
    return bystander.client.one(FILE, path=path, assetId=asset_id, at=str(bystander.client.head()))


def test_an_object_that_somebody_put_becomes_a_file_of_its_asset(bystander: Bystander) -> None:
    version = bystander.put("shot_010/renders/put.0001.exr", b"frame")
    with recording(bystander.client) as then:
        answer = bystander.tell("shot_010/renders/put.0001.exr")
    assert then.types == ["FileVersionObserved"]
    assert answer == {"records": 1, "position": answer["position"], "outcomes": {"NEW": 1}, "problems": []}
    found = _file(bystander, "renders/put.0001.exr")
    assert (found["s3VersionId"], found["sizeBytes"], found["contentType"]) == (version, 5, "image/x-exr")


def test_a_notification_that_comes_again_or_late_records_nothing(bystander: Bystander) -> None:
    key = "shot_010/again.exr"
    bystander.put(key, b"1")
    bystander.put(key, b"2")
    with recording(bystander.client) as then:
        assert bystander.tell(key, key)["outcomes"] == {"NEW": 2}
    assert then.types == ["FileVersionObserved", "FileVersionObserved"]
    with bystander.nothing_recorded():
        assert bystander.tell(key, key)["outcomes"] == {"UNCHANGED": 2}
        assert bystander.tell(key, name="ObjectRemoved:Delete")["outcomes"] == {"UNCHANGED": 1}


def test_a_create_that_comes_after_the_object_is_gone_records_nothing(bystander: Bystander) -> None:
    version = bystander.put("shot_010/brief.exr")
    bystander.erase("shot_010/brief.exr", version)
    with bystander.nothing_recorded():
        assert bystander.tell("shot_010/brief.exr")["outcomes"] == {"UNCHANGED": 1}


def test_uploads_record_nothing_twice_whenever_the_notification_comes(bystander: Bystander) -> None:
    client, body = bystander.client, {"uploaded.exr": b"frame", "empty.txt": b""}
    keys = [f"shot_010/{path}" for path in body]
    upload = client.start(("shows", "shot_010"), body)
    sent = client.send(upload, body)
    stored = bystander.running.parts.objects
    document = """query($id: ID!) { upload(uploadId: $id) { uploadId } }"""
    assert client.one(document, id=upload["uploadId"])
    # As between the store's completion and the record of it: the object is there, the session is open.
    metadata = {"databaseid": "shows", "assetid": "shot_010", "uploadid": upload["uploadId"]}
    early = stored.put(BUCKET, keys[1], b"", content_type="text/plain", metadata=metadata)
    with bystander.nothing_recorded():
        assert bystander.tell(*keys)["outcomes"] == {"UNCHANGED": 2}
    with recording(client) as then:
        client.complete(upload, sent)
        assert bystander.tell(*keys)["outcomes"] == {"UNCHANGED": 2}
    assert then.types == ["UploadCompleted", "FileUploaded", "FileUploaded"]
    assert _file(bystander, "empty.txt")["s3VersionId"] == early.version_id


def test_a_folder_that_nobody_registered_becomes_an_asset_of_the_only_database(bystander: Bystander) -> None:
    bystander.put("new shot/a.exr")
    bystander.put("new shot/b.exr")
    with recording(bystander.client) as then:
        assert bystander.tell("new+shot/a.exr", "new+shot/b.exr")["outcomes"] == {"NEW": 2}
    assert then.types == [
        "AssetEnrolled",
        "AssetLocationReserved",
        "AssetCreated",
        "FileVersionObserved",
        "FileVersionObserved",
    ]
    created = dict(then.events)["AssetCreated"]
    assert (created["database_id"], created["asset_id"], created["asset_name"]) == ("shows", "new shot", "new shot")
    assert _file(bystander, "a.exr", "new shot") is not None


def test_a_version_that_was_erased_is_recorded_and_metadata_stays(bystander: Bystander) -> None:
    key, client = "shot_010/erased.exr", bystander.client
    first, second = bystander.put(key, b"1"), bystander.put(key, b"22")
    bystander.tell(key)
    owner = {"databaseId": "shows", "assetId": "shot_010", "path": "erased.exr"}
    entry = {"key": "take", "value": "3"}
    client.done(SET, owner=owner, entries=[entry])
    bystander.erase(key, second)
    with recording(client) as then:
        assert bystander.tell(key, name="ObjectRemoved:Delete")["outcomes"] == {"VANISHED": 1}
    assert [(name, event["path"]) for name, event in then.events] == [
        ("FileVersionVanished", "erased.exr"),
        ("FileVersionObserved", "erased.exr"),
    ]
    assert then.events[0][1]["s3_version_id"] == second
    found = _file(bystander, "erased.exr")
    assert (found["s3VersionId"], found["versions"]) == (first, [{"s3VersionId": first}])
    assert (found["metadata"], found["permanentlyDeleted"]) == ([entry], False)
    bystander.erase(key, first)
    with recording(client) as then:
        assert bystander.tell(key, key, name="ObjectRemoved:Delete")["outcomes"] == {"VANISHED": 2}
    assert then.types == ["FileVersionVanished"]
    found = _file(bystander, "erased.exr")
    assert (found["permanentlyDeleted"], found["versions"], found["metadata"]) == (True, [], [entry])
    with bystander.nothing_recorded():
        assert bystander.tell(key)["outcomes"] == {"UNCHANGED": 1}


def test_a_delete_marker_archives_the_file_and_its_removal_brings_it_back(bystander: Bystander) -> None:
    key, client = "shot_010/marked.exr", bystander.client
    bystander.put(key)
    bystander.tell(key)
    marker = bystander.delete(key)
    with recording(client) as then:
        assert bystander.tell(key, key, name="ObjectRemoved:DeleteMarkerCreated")["outcomes"] == {"ARCHIVED": 2}
    assert then.types == ["FileDeleteMarkerObserved", "FileArchived"]
    assert then.events[1][1]["reason"] == "A delete marker was put on it in the bucket."
    assert _file(bystander, "marked.exr")["archived"]
    bystander.erase(key, marker)
    with recording(client) as then:
        assert bystander.tell(key, name="ObjectRemoved:Delete")["outcomes"] == {"RESTORED": 1}
    assert then.types == ["FileDeleteMarkerVanished", "FileUnarchived"]
    assert not _file(bystander, "marked.exr")["archived"]


def test_what_people_archived_or_brought_back_is_not_undone_by_an_old_marker(bystander: Bystander) -> None:
    key, client = "shot_010/wanted.exr", bystander.client
    ledger, target = bystander.running.ledger, ("shows", "shot_010")
    bystander.put(key)
    bystander.tell(key)
    archive_files(ledger, *target, paths=["wanted.exr"], order=order_of("ada"))
    bystander.settle()
    with bystander.nothing_recorded():
        assert bystander.tell(key)["outcomes"] == {"UNCHANGED": 1}
    unarchive_files(ledger, *target, paths=["wanted.exr"], order=order_of("ada"))
    bystander.delete(key)
    bystander.tell(key)
    unarchive_files(ledger, *target, paths=["wanted.exr"], order=order_of("ada"))
    bystander.settle()
    with bystander.nothing_recorded():
        assert bystander.tell(key)["outcomes"] == {"UNCHANGED": 1}
    assert not _file(bystander, "wanted.exr")["archived"]
    second = bystander.put(key, b"over the marker")
    with recording(client) as then:
        bystander.tell(key)
    assert then.types == ["FileVersionObserved"]
    assert _file(bystander, "wanted.exr")["s3VersionId"] == second


def test_renditions_and_folders_are_passed_over(bystander: Bystander) -> None:
    keys = ["shot_010/.proxies/a_thumb.jpg", "shot_010/", "shot_010/sub/", "temp-uploads/a.exr", "previews/x/a.png"]
    keys.append("shot_010/.pipelines/e1/1/0/a.exr")
    for key in keys:
        bystander.put(key, b"")
    with bystander.nothing_recorded():
        answer = bystander.tell(*keys)
    assert (answer["outcomes"], answer["problems"]) == ({"PASSED_OVER": 6}, [])


def test_what_can_not_be_a_file_is_answered_and_shown_and_the_rest_counts(bystander: Bystander) -> None:
    keys = {
        "shot_010/bad\\name.exr": "PATH_INVALID",
        "at-the-root.exr": "NO_ASSET_FOLDER",
        "bad:id/a.exr": "ASSET_ID_INVALID",
        "shot_010/ok.exr": None,
    }
    for key in keys:
        bystander.put(key)
    with recording(bystander.client) as then:
        answer = bystander.post(json={"Records": [*(record(key) for key in keys), {"s3": {}}, {"odd": 1}]}).json()
        bystander.settle()
    assert then.types == ["FileVersionObserved"]
    assert answer["records"] == 6
    assert answer["outcomes"] == {"REFUSED": 3, "NEW": 1, "MALFORMED": 2}
    assert [(one["record"], one["key"], one["code"]) for one in answer["problems"]] == [
        *((f"Records[{n}]", key, code) for n, (key, code) in enumerate(keys.items()) if code),
        ("Records[4]", "", "MALFORMED"),
        ("Records[5]", "", "MALFORMED"),
    ]
    shown = {one["key"]: one for one in bystander.problems() if one["code"] in keys.values()}
    assert {key: one["code"] for key, one in shown.items()} == {key: code for key, code in keys.items() if code}
    assert shown["bad:id/a.exr"]["eventName"] == "s3:ObjectCreated:Put"
    malformed = bystander.problems(code="MALFORMED")
    assert [(one["key"], one["excerpt"]) for one in malformed] == [(None, '{"s3": {}}'), (None, '{"odd": 1}')]


def test_a_problem_is_counted_and_goes_when_it_is_solved(bystander: Bystander) -> None:
    client = bystander.client
    update = "mutation($input: UpdateDatabaseInput!) { updateDatabase(input: $input) { position errors { code } } }"
    client.done(update, databaseId="shows", restrictFileUploadsToExtensions=[".exr"])
    bystander.put("shot_010/notes.pdf")
    for _ in range(2):
        with bystander.nothing_recorded():
            (problem,) = bystander.tell("shot_010/notes.pdf")["problems"]
        assert problem["code"] == "FILE_EXTENSION_REFUSED"
    (shown,) = bystander.problems(code="FILE_EXTENSION_REFUSED")
    assert (shown["bucketName"], shown["key"], shown["occurrences"]) == (BUCKET, "shot_010/notes.pdf", 2)
    client.done(update, databaseId="shows", restrictFileUploadsToExtensions=[])
    assert bystander.tell("shot_010/notes.pdf")["outcomes"] == {"NEW": 1}
    assert bystander.problems(code="FILE_EXTENSION_REFUSED") == []


def test_objects_of_an_archived_asset_are_ignored_and_shown(bystander: Bystander) -> None:
    client = bystander.client
    client.create_asset("shows", "resting")
    archive = "mutation($input: ArchiveAssetInput!) { archiveAsset(input: $input) { position errors { code } } }"
    client.done(archive, databaseId="shows", assetId="resting")
    bystander.put("resting/a.exr")
    with bystander.nothing_recorded():
        answer = bystander.tell("resting/a.exr")
    assert answer["outcomes"] == {"IGNORED": 1}
    assert [one["message"] for one in bystander.problems(code="ASSET_ALREADY_ARCHIVED")] == [
        "The asset 'resting' is archived."
    ]


def test_the_database_of_new_folders_is_chosen_for_a_bucket_that_several_use(bystander: Bystander) -> None:
    client = bystander.client
    create = "mutation($input: CreateDatabaseInput!) { createDatabase(input: $input) { position errors { code } } }"
    choose = """mutation($input: SetBucketSyncDatabaseInput!) { setBucketSyncDatabase(input: $input) {
      bucket { syncDatabaseId } position errors { code message path } } }"""
    delete = "mutation($input: DeleteDatabaseInput!) { deleteDatabase(input: $input) { position errors { code } } }"
    client.done(create, databaseId="closed", description="Used the same bucket")
    client.done(delete, databaseId="closed")
    client.done(create, databaseId="second", description="Uses the same bucket")
    bystander.put("whose/a.exr")
    with bystander.nothing_recorded():
        (problem,) = bystander.tell("whose/a.exr")["problems"]
    assert problem["code"] == "DATABASE_AMBIGUOUS"
    assert problem["message"] == (
        "Several databases use this bucket (second, shows): name one by setBucketSyncDatabase."
    )
    bucket_id = client.one('{ database(databaseId: "shows") { defaultBucketId } }')["defaultBucketId"]
    with bystander.nothing_recorded():
        error = client.refused(choose, bucketId="none", syncDatabaseId="second")
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["bucketId"])
        error = client.refused(choose, bucketId=bucket_id, syncDatabaseId="none")
        assert error["code"] == "NOT_FOUND"
        error = client.refused(choose, bucketId=bucket_id, syncDatabaseId="closed")
        assert error["code"] == "DATABASE_IS_DELETED"
    with recording(client) as then:
        payload = client.done(choose, bucketId=bucket_id, syncDatabaseId="second")
        client.done(choose, bucketId=bucket_id, syncDatabaseId="second")
    assert then.types == ["BucketSyncDatabaseSet"]
    assert payload["bucket"] == {"syncDatabaseId": "second"}
    with recording(client) as then:
        assert bystander.tell("whose/a.exr")["outcomes"] == {"NEW": 1}
    assert dict(then.events)["AssetCreated"]["database_id"] == "second"
    assert client.done(choose, bucketId=bucket_id, syncDatabaseId=None)["bucket"] == {"syncDatabaseId": None}


def test_a_bucket_that_is_not_registered_is_shown(bystander: Bystander) -> None:
    bystander.running.parts.objects.ensure_bucket("strange")
    bystander.running.parts.objects.put("strange", "a/b.exr", b"x", content_type="image/x-exr", metadata={})
    with bystander.nothing_recorded():
        (problem,) = bystander.tell("a/b.exr", bucket="strange")["problems"]
    assert problem["code"] == "BUCKET_NOT_REGISTERED"
    assert [one["key"] for one in bystander.problems(bucketName="strange")] == ["a/b.exr"]


@pytest.mark.parametrize(
    ("headers", "status", "message"),
    [
        ({}, 401, "Send the token of INTERNEG_S3_EVENTS_TOKEN"),
        ({"authorization": "Bearer wrong"}, 403, "This is not the token"),
        ({"authorization": "Bearer"}, 403, "This is not the token"),
        ({"authorization": "wrong"}, 403, "This is not the token"),
        ({"authorization": "Basic !"}, 403, "This is not the token"),
        ({"authorization": "Basic " + base64.b64encode(b"user:wrong").decode()}, 403, "This is not the token"),
        ({"x-interneg-signature": "sha256=00"}, 403, "The signature is not that of this body."),
    ],
)
def test_a_sender_without_the_token_is_refused(
    bystander: Bystander, headers: dict[str, str], status: int, message: str
) -> None:
    bystander.put("shot_010/secret.exr")
    with bystander.nothing_recorded():
        answer = bystander.post(headers=headers, json={"Records": [record("shot_010/secret.exr")]})
    assert answer.status_code == status
    assert answer.json()["message"].startswith(message)
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_the_token_is_taken_in_every_way_that_senders_have(bystander: Bystander) -> None:
    body = json.dumps({"Records": [record("shot_010/none.exr")]}).encode()
    signed = hmac.new(TOKEN.encode(), body, hashlib.sha256).hexdigest()
    for headers in (
        {"authorization": f"Bearer {TOKEN}"},
        {"authorization": "Basic " + base64.b64encode(f"anybody:{TOKEN}".encode()).decode()},
        {"x-interneg-signature": f"sha256={signed}"},
    ):
        assert bystander.post(body, headers).status_code == 200


def test_a_request_that_is_no_notification_is_refused_as_a_whole(bystander: Bystander) -> None:
    with bystander.nothing_recorded():
        answer = bystander.post(b"not JSON")
        assert (answer.status_code, answer.json()["message"][:19]) == (400, "The body is no JSON")
        assert bystander.post(b"").status_code == 400
        answer = bystander.post(json={"Records": [record("a/b")] * 51})
        assert (answer.status_code, answer.json()["message"]) == (
            413,
            "The request has more than 50 records (INTERNEG_S3_EVENTS_MAX_RECORDS): send fewer at once.",
        )
        answer = bystander.post(b" " * 100_001)
        assert (answer.status_code, answer.json()["message"]) == (
            413,
            "The body has more than 100000 bytes (INTERNEG_S3_EVENTS_MAX_BYTES): send fewer records.",
        )
        url = f"{bystander.client.url}/events/s3"
        assert bystander.client.http.get(url).status_code == 405


def test_a_connection_test_is_answered(bystander: Bystander) -> None:
    with bystander.nothing_recorded():
        answer = bystander.post(json={"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": BUCKET})
    assert answer.json()["outcomes"] == {"POINTLESS": 1}
