"""Writing, answering, editing and deleting comments."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assets.commands import archive_asset
from domain.assets.errors import AssetAlreadyArchived, AssetNotFound
from domain.assets.versions import create_asset_version
from domain.cause import ActorKind, Cause
from domain.comments.commands import create_comment, delete_comment, update_comment
from domain.comments.errors import AnchorInvalid, CommentNotFound, CommentNotOwned
from domain.comments.events import Anchor, CommentCreated, CommentDeleted, CommentEdited
from domain.errors import Invalid, RevisionMismatch
from domain.files.paths import PathInvalid
from tests.domain.library import ASSET, NOW, given_asset, given_file, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger

GRACE = Cause(actor_kind=ActorKind.USER, actor_id="grace", correlation_id="request-2", at=NOW)


def _say(ledger: MemoryLedger, comment_id: str = "x1", *, asset_id: str = "shot_010", **values: Any) -> None:
    given = {"comment_body": "Too dark", "order": order()}
    create_comment(ledger, ("shows", asset_id, comment_id), **(given | values))  # type: ignore[arg-type]


def _created(comment_id: str = "x1", **values: Any) -> CommentCreated:
    given: dict[str, Any] = {"comment_body": "Too dark", "comment_owner_id": "user:ada", "anchor": Anchor()}
    return CommentCreated(**ASSET, comment_id=comment_id, **({"thread_id": comment_id} | given | values))


def _key(comment_id: str = "x1") -> tuple[str, str, str]:
    return ("shows", "shot_010", comment_id)


def test_a_comment_begins_a_thread(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        _say(shot)
    assert then.events == [_created()]


def test_a_comment_is_about_a_version_a_file_and_frames(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    create_asset_version(shot, "shows", "shot_010", comment="One", order=order())
    anchor = Anchor(asset_version_id=1, path="a.exr", s3_version_id="v1", first_frame=-1, last_frame=-1)
    with recording(shot) as then:
        _say(shot, anchor=anchor)
        _say(shot, "x2", anchor=Anchor(path="/a.exr"))
    assert then.events == [_created(anchor=anchor), _created("x2", anchor=Anchor(path="a.exr"))]


def test_an_answer_takes_thread_and_place_of_what_it_answers(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    anchor = Anchor(path="a.exr", first_frame=1, last_frame=2)
    _say(shot, anchor=anchor)
    with recording(shot) as then:
        _say(shot, "x2", reply_to="x1")
        _say(shot, "x3", reply_to="x2")
    assert then.events == [
        _created("x2", anchor=anchor, thread_id="x1", reply_to="x1"),
        _created("x3", anchor=anchor, thread_id="x1", reply_to="x2"),
    ]


@pytest.mark.parametrize(
    ("anchor", "error", "path"),
    [
        (Anchor(asset_version_id=1), AnchorInvalid, "assetVersionId"),
        (Anchor(path="b.exr"), AnchorInvalid, "path"),
        (Anchor(path="a//b"), PathInvalid, "path"),
        (Anchor(path="a.exr", s3_version_id="v2"), AnchorInvalid, "s3VersionId"),
        (Anchor(s3_version_id="v1"), AnchorInvalid, "path"),
        (Anchor(first_frame=1, last_frame=1), AnchorInvalid, "path"),
        (Anchor(path="a.exr", last_frame=1), AnchorInvalid, "firstFrame"),
        (Anchor(path="a.exr", first_frame=1, last_frame=2**31), AnchorInvalid, "firstFrame"),
    ],
)
def test_what_is_not_there_is_refused(shot: MemoryLedger, anchor: Anchor, error: type[Invalid], path: str) -> None:
    given_file(shot, "a.exr")
    with refused(shot, error, path):
        _say(shot, anchor=anchor)


@pytest.mark.parametrize("body", ["", " \n", "a" * 10_001, "a\x00", "a\ud800"])
def test_a_bad_body_is_refused(shot: MemoryLedger, body: str) -> None:
    with refused(shot, Invalid, "commentBody"):
        _say(shot, comment_body=body)
    _say(shot)
    with refused(shot, Invalid, "commentBody"):
        update_comment(shot, _key(), comment_body=body, order=order())


def test_an_answer_to_nothing_or_to_another_asset_is_refused(shot: MemoryLedger) -> None:
    given_asset(shot, "shot_020")
    _say(shot, "x9", asset_id="shot_020")
    with refused(shot, CommentNotFound, "replyTo"):
        _say(shot, reply_to="x9")


def test_an_answer_to_a_deleted_comment_is_refused(shot: MemoryLedger) -> None:
    _say(shot)
    delete_comment(shot, _key(), order=order())
    with refused(shot, CommentNotFound, "replyTo"):
        _say(shot, "x2", reply_to="x1")


def test_an_answer_with_a_place_of_its_own_is_refused(shot: MemoryLedger) -> None:
    _say(shot)
    with refused(shot, AnchorInvalid, "replyTo"):
        _say(shot, "x2", reply_to="x1", anchor=Anchor(asset_version_id=1))


def test_an_owner_edits_and_deletes(shot: MemoryLedger) -> None:
    _say(shot)
    with recording(shot) as then:
        update_comment(shot, _key(), comment_body="Too bright", order=order())
        update_comment(shot, _key(), comment_body="Too bright", order=order(expected_revision=2))
        delete_comment(shot, _key(), order=order())
    assert then.events == [
        CommentEdited(**ASSET, comment_id="x1", comment_body="Too bright"),
        CommentDeleted(**ASSET, comment_id="x1"),
    ]


def test_nobody_else_edits_or_deletes(shot: MemoryLedger) -> None:
    _say(shot)
    with refused(shot, CommentNotOwned, "commentId"):
        update_comment(shot, _key(), comment_body="Mine", order=order(cause=GRACE))
    with refused(shot, CommentNotOwned, "commentId"):
        delete_comment(shot, _key(), order=order(cause=GRACE))


def test_a_deleted_or_unknown_comment_is_not_found(shot: MemoryLedger) -> None:
    _say(shot)
    delete_comment(shot, _key(), order=order())
    for comment_id in ("x1", "x2"):
        with refused(shot, CommentNotFound, "commentId"):
            update_comment(shot, _key(comment_id), comment_body="Again", order=order())
        with refused(shot, CommentNotFound, "commentId"):
            delete_comment(shot, _key(comment_id), order=order())


def test_another_revision_is_refused(shot: MemoryLedger) -> None:
    _say(shot)
    with refused(shot, RevisionMismatch, "expectedRevision"):
        update_comment(shot, _key(), comment_body="Other", order=order(expected_revision=2))


def test_an_unknown_asset_is_refused(shot: MemoryLedger) -> None:
    with refused(shot, AssetNotFound, "assetId"):
        _say(shot, asset_id="shot_020")


def test_an_archived_asset_takes_no_comment_and_no_edit_but_gives_back(shot: MemoryLedger) -> None:
    _say(shot)
    archive_asset(shot, "shows", "shot_010", order=order())
    with refused(shot, AssetAlreadyArchived, "assetId"):
        _say(shot, "x2")
    with refused(shot, AssetAlreadyArchived, "assetId"):
        update_comment(shot, _key(), comment_body="Other", order=order())
    with recording(shot) as then:
        delete_comment(shot, _key(), order=order())
    assert then.events == [CommentDeleted(**ASSET, comment_id="x1")]
