"""Rows and history of comments and features."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from domain.comments.events import Anchor, CommentCreated, CommentDeleted, CommentEdited
from domain.features.events import FeatureCreated, FeatureDeleted
from projections.vams.discussion_rows import CommentRow, FeatureRow
from projections.vams.sheets import COMMENTS, FEATURES
from tests.projections.vams.samples import ASSET
from tests.projections.vams.tape import Tape, at, history, rows

COMMENT: Any = {**ASSET, "comment_id": "x2"}
ANCHOR = Anchor(asset_version_id=3, path="a.exr", s3_version_id="v1", first_frame=1, last_frame=9)
CREATED = CommentCreated(
    **COMMENT, comment_body="Dark", comment_owner_id="user:ada", anchor=ANCHOR, thread_id="x1", reply_to="x1"
)
ROW = CommentRow(
    "shows",
    "shot_010",
    "x2",
    3,
    "a.exr",
    "v1",
    1,
    9,
    "x1",
    "x1",
    "Dark",
    "user:ada",
    at(1),
    None,
    None,
    1,
    1,
)


def test_a_comment_is_a_row_with_its_history(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(CREATED, CommentEdited(**COMMENT, comment_body="Darker"), CommentDeleted(**COMMENT))
    tape.fold(tables)
    edited = ROW._replace(comment_body="Darker", date_edited=at(2), revision=2, position=2)
    deleted = edited._replace(date_deleted=at(3), revision=3, position=3)
    assert rows(tables, COMMENTS) == [deleted]
    assert history(tables, COMMENTS) == [(ROW, 1, 2), (edited, 2, 3), (deleted, 3, None)]


def test_a_feature_is_a_row_while_it_is_on(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(FeatureCreated(feature_name="A"), FeatureCreated(feature_name="B"), FeatureDeleted(feature_name="A"))
    tape.fold(tables)
    assert rows(tables, FEATURES) == [FeatureRow("B", at(2), "user:ada", 2)]
