"""Comments through GraphQL."""

from __future__ import annotations

from typing import Any

import pytest

from domain.comments.commands import create_comment
from domain.files.commands import ObservedFile, register_files
from tests.domain.library import stored
from tests.gateway.product import Product, order_of

ASSET = {"databaseId": "shows", "assetId": "shot_010"}
CREATE = """mutation($input: CreateCommentInput!) { createComment(input: $input) {
  comment { id commentId assetVersionId path s3VersionId firstFrame lastFrame threadId replyTo commentBody
    commentOwnerId dateEdited revision }
  position visible errors { code message path } } }"""
UPDATE = """mutation($input: UpdateCommentInput!) { updateComment(input: $input) {
  comment { commentBody dateEdited dateCreated revision } position errors { code path } } }"""
DELETE = "mutation($input: DeleteCommentInput!) { deleteComment(input: $input) { position errors { code path } } }"
VERSION = """mutation($input: CreateAssetVersionInput!) { createAssetVersion(input: $input) {
  position errors { code } } }"""
LIST = """query($v: String, $path: String, $frame: Int, $thread: String, $first: Int, $after: String) {
  comments(databaseId: "shows", assetId: "shot_010", versionId: $v, path: $path, frame: $frame, threadId: $thread,
    first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage } edges { node { commentBody } } } }"""
NODE = "query($id: ID!) { node(id: $id) { ... on Comment { commentBody } } }"


def _say(library: Product, body: str, **given: Any) -> Any:
    return library.client.done(CREATE, **ASSET, commentBody=body, **given)["comment"]


def _bodies(library: Product, **given: Any) -> list[str]:
    return [edge["node"]["commentBody"] for edge in library.client.one(LIST, **given)["edges"]]


def _key(comment: Any) -> dict[str, str]:
    return {**ASSET, "commentId": comment["commentId"]}


@pytest.fixture(scope="module", autouse=True)
def _file_and_versions(library: Product) -> None:
    files = [ObservedFile("a.exr", stored("a.exr"))]
    register_files(library.ledger, "shows", "shot_010", files=files, order=order_of("grace"))
    for _ in range(10):
        library.client.done(VERSION, **ASSET, comment="One more")


def test_a_comment_is_written_and_read_back_with_its_anchor(library: Product) -> None:
    comment = _say(
        library,
        "Fringe at the edge",
        path="/a.exr",
        s3VersionId="v1",
        firstFrame=1001,
        lastFrame=1010,
        assetVersionId=1,
    )
    thread = comment["commentId"]
    assert {**comment, "id": "", "commentId": ""} == {
        "id": "",
        "commentId": "",
        "assetVersionId": "1",
        "path": "a.exr",
        "s3VersionId": "v1",
        "firstFrame": 1001,
        "lastFrame": 1010,
        "threadId": thread,
        "replyTo": None,
        "commentBody": "Fringe at the edge",
        "commentOwnerId": "user:developer",
        "dateEdited": None,
        "revision": 1,
    }
    assert library.client.one(NODE, id=comment["id"]) == {"commentBody": "Fringe at the edge"}


def test_an_answer_joins_the_thread_and_its_place(library: Product) -> None:
    first = _say(library, "Question", path="a.exr", firstFrame=7, lastFrame=7)
    answer = _say(library, "Answer", replyTo=first["commentId"])
    again = _say(library, "Thanks", replyTo=answer["commentId"])
    assert [again[name] for name in ("threadId", "replyTo", "path", "firstFrame", "lastFrame")] == [
        first["commentId"],
        answer["commentId"],
        "a.exr",
        7,
        7,
    ]
    assert _bodies(library, thread=first["commentId"]) == ["Question", "Answer", "Thanks"]
    document = """query($t: String) { comments(databaseId: "shows", assetId: "shot_010", threadId: $t, first: 1) {
        edges { node { replies { commentBody replies { commentBody } } } } } }"""
    (edge,) = library.client.one(document, t=first["commentId"])["edges"]
    assert edge["node"] == {"replies": [{"commentBody": "Answer", "replies": [{"commentBody": "Thanks"}]}]}


def test_lists_are_of_a_version_a_file_or_a_frame(library: Product) -> None:
    _say(library, "On one", assetVersionId=2)
    _say(library, "On ten", assetVersionId=10)
    _say(library, "Frames", path="a.exr", firstFrame=-5, lastFrame=-3)
    assert _bodies(library, v="2") == ["On one"]
    assert _bodies(library, v="10") == ["On ten"]
    assert [_bodies(library, path="/a.exr", frame=frame) for frame in (-6, -5, -3, -2)] == [
        [],
        ["Frames"],
        ["Frames"],
        [],
    ]
    document = '{ asset(databaseId: "shows", assetId: "shot_010") { comments(versionId: "10") { commentBody } } }'
    assert library.client.one(document) == {"comments": [{"commentBody": "On ten"}]}


def test_pages_follow_each_other(library: Product) -> None:
    everything = _bodies(library)
    page = library.client.one(LIST, first=2)
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (len(everything), True)
    assert _bodies(library, first=2, after=page["pageInfo"]["endCursor"]) == everything[2:4]


def test_an_owner_edits(library: Product) -> None:
    comment = _say(library, "Tpyo")
    edited = library.client.done(UPDATE, **_key(comment), commentBody="Typo", expectedRevision=1)["comment"]
    assert (edited["commentBody"], edited["revision"]) == ("Typo", 2)
    assert edited["dateEdited"] > edited["dateCreated"]


def test_a_deleted_comment_is_nowhere_and_its_answers_stay(library: Product) -> None:
    comment = _say(library, "Regret")
    _say(library, "Too late", replyTo=comment["commentId"])
    before = library.client.head()
    library.client.done(DELETE, **_key(comment))
    assert _bodies(library, thread=comment["commentId"]) == ["Too late"]
    assert library.client.one(NODE, id=comment["id"]) is None
    document = """query($at: Position) { asset(databaseId: "shows", assetId: "shot_010", asOf: {position: $at}) {
        comments { commentBody } } }"""
    assert {"commentBody": "Regret"} in library.client.one(document, at=str(before))["comments"]
    refused = library.client.refused(DELETE, **_key(comment))
    assert (refused["code"], refused["path"]) == ("NOT_FOUND", ["commentId"])


def test_nobody_else_edits_or_deletes(library: Product) -> None:
    key = ("shows", "shot_010", "xother")
    position = create_comment(library.ledger, key, comment_body="Mine", order=order_of("grace")).position
    before = library.recorded()
    given = {**ASSET, "commentId": "xother"}
    assert library.client.refused(UPDATE, **given, commentBody="Yours")["code"] == "COMMENT_NOT_OWNED"
    assert library.client.refused(DELETE, **given)["code"] == "COMMENT_NOT_OWNED"
    assert library.recorded() == before
    document = """query($p: Position) { comments(databaseId: "shows", assetId: "shot_010", threadId: "xother",
        atLeast: $p) { edges { node { commentBody commentOwnerId } } } }"""
    (edge,) = library.client.one(document, p=str(position))["edges"]
    assert edge["node"] == {"commentBody": "Mine", "commentOwnerId": "user:grace"}


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"assetVersionId": 11}, "ANCHOR_INVALID", ["assetVersionId"]),
        ({"assetVersionId": 0}, "ANCHOR_INVALID", ["assetVersionId"]),
        ({"path": "b.exr"}, "ANCHOR_INVALID", ["path"]),
        ({"path": "../b.exr"}, "PATH_INVALID", ["path"]),
        ({"path": "a.exr", "s3VersionId": "v9"}, "ANCHOR_INVALID", ["s3VersionId"]),
        ({"path": "a.exr", "firstFrame": 2, "lastFrame": 1}, "ANCHOR_INVALID", ["firstFrame"]),
        ({"path": "a.exr", "firstFrame": 2}, "ANCHOR_INVALID", ["firstFrame"]),
        ({"firstFrame": 1, "lastFrame": 2}, "ANCHOR_INVALID", ["path"]),
        ({"replyTo": "x1"}, "NOT_FOUND", ["replyTo"]),
        ({"replyTo": "x1", "assetVersionId": 1}, "ANCHOR_INVALID", ["replyTo"]),
        ({"commentBody": " \n"}, "INVALID", ["commentBody"]),
        ({"commentBody": "a" * 10_001}, "INVALID", ["commentBody"]),
        ({"assetId": "shot_020"}, "NOT_FOUND", ["assetId"]),
    ],
)
def test_a_refused_comment_records_nothing(library: Product, given: Any, code: str, path: list[str]) -> None:
    before = library.recorded()
    refused = library.client.refused(CREATE, **{**ASSET, "commentBody": "Well", **given})
    assert (refused["code"], refused["path"]) == (code, path)
    assert library.recorded() == before


def test_a_repeated_request_writes_once(library: Product) -> None:
    first = _say(library, "Once", idempotencyKey="comment-once")
    again = _say(library, "Once", idempotencyKey="comment-once")
    assert again["commentId"] == first["commentId"]
    assert _bodies(library).count("Once") == 1


def test_a_version_id_that_is_no_number_is_refused(library: Product) -> None:
    (error,) = library.client.answer(LIST, v="latest")["errors"]
    assert error["extensions"]["code"] == "INVALID"
