"""Comment: what a client sees of it, where its fields live, and which comments a list holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import strawberry

from domain.errors import Invalid
from gateway.connections import Node
from gateway.reads.sources import Column, Many, Narrowing, OrderKey, Source, global_id, timestamp


@strawberry.type(description="What somebody said about an asset, a version, a file or some of its frames.")
class Comment(Node):
    """A comment."""

    database_id: str = strawberry.field(description="Database of the asset it is about.")
    asset_id: str = strawberry.field(description="Asset it is about.")
    comment_id: str = strawberry.field(description="Unique within the asset.")
    asset_version_id: str | None = strawberry.field(description="Version it is about; null for none.")
    path: str | None = strawberry.field(description="File it is about; null for the asset itself.")
    s3_version_id: str | None = strawberry.field(description="Object version of the file that was looked at.")
    first_frame: int | None = strawberry.field(description="First frame it is about; null for the whole file.")
    last_frame: int | None = strawberry.field(description="Last frame it is about, inclusive.")
    thread_id: str = strawberry.field(description="Id of the comment that the thread began with.")
    reply_to: str | None = strawberry.field(description="Id of the comment it answers; null when it begins a thread.")
    comment_body: str = strawberry.field(description="Text as it was given: clean it before showing it as HTML.")
    comment_owner_id: str = strawberry.field(description="Who wrote it, as kind:id; nobody else may change it.")
    date_created: datetime = strawberry.field(description="When it was written.")
    date_edited: datetime | None = strawberry.field(description="When it was last edited; null when it never was.")
    revision: int = strawberry.field(description="Number of its events; give it as expectedRevision.")
    replies: list[Comment] = strawberry.field(description="Direct answers to it, oldest first.")


COMMENT_SQL_ORDER = "{t}.date_created, {t}.comment_id"
COMMENT_ORDER = (OrderKey("{t}.date_created", "timestamptz"), OrderKey("{t}.comment_id", "text"))
ANSWERS = (
    "{t}.database_id = {p}.database_id AND {t}.asset_id = {p}.asset_id"
    " AND {t}.reply_to = {p}.comment_id AND {t}.date_deleted IS NULL"
)


def version_conditions(narrowing: Narrowing) -> Iterator[str]:
    """SQL of the argument `versionId`; deleted comments are in no list. Raises Invalid for a text that is no number."""
    yield f"{narrowing.row}.date_deleted IS NULL"
    version_id = narrowing.arguments.get("versionId")
    if version_id is not None:
        if not (version_id.isascii() and version_id.isdecimal()) or len(version_id) > 9:
            raise Invalid(f"A version id is a number from 1, not {version_id[:40]!r}.", path=("versionId",))
        yield f"{narrowing.row}.asset_version_id = {narrowing.bind(int(version_id), 'integer')}"


def comment_conditions(narrowing: Narrowing) -> Iterator[str]:
    """SQL of the arguments of the query `comments`."""
    given, row = narrowing.arguments, narrowing.row
    yield f"{row}.database_id = {narrowing.bind(given['databaseId'])}"
    yield f"{row}.asset_id = {narrowing.bind(given['assetId'])}"
    yield from version_conditions(narrowing)
    if given.get("path") is not None:
        yield f"{row}.file_path = {narrowing.bind(given['path'].removeprefix('/'))}"
    if given.get("frame") is not None:
        yield f"{narrowing.bind(given['frame'], 'integer')} BETWEEN {row}.first_frame AND {row}.last_frame"
    if given.get("threadId") is not None:
        yield f"{row}.thread_id = {narrowing.bind(given['threadId'])}"


SOURCES = {
    "Comment": Source(
        "Comment",
        # A deleted comment is found by nobody, not even by its id; the past is narrowed by each list.
        "(SELECT * FROM comment_storage WHERE date_deleted IS NULL)",
        {
            "id": global_id("Comment", "{t}.database_id", "{t}.asset_id", "{t}.comment_id"),
            "databaseId": Column("{t}.database_id"),
            "assetId": Column("{t}.asset_id"),
            "commentId": Column("{t}.comment_id"),
            "assetVersionId": Column("{t}.asset_version_id::text"),
            "path": Column("{t}.file_path"),
            "s3VersionId": Column("{t}.s3_version_id"),
            "firstFrame": Column("{t}.first_frame"),
            "lastFrame": Column("{t}.last_frame"),
            "threadId": Column("{t}.thread_id"),
            "replyTo": Column("{t}.reply_to"),
            "commentBody": Column("{t}.comment_body"),
            "commentOwnerId": Column("{t}.comment_owner_id"),
            "dateCreated": timestamp("{t}.date_created"),
            "dateEdited": timestamp("{t}.date_edited"),
            "revision": Column("{t}.revision"),
            "replies": Many("Comment", ANSWERS, COMMENT_SQL_ORDER),
        },
        history="comment_storage_history",
    )
}
