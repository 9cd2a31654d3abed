"""createComment, updateComment, deleteComment."""

from __future__ import annotations

from uuid import uuid4

import strawberry

from domain.comments.commands import create_comment, delete_comment, update_comment
from domain.comments.events import Anchor
from gateway.comments.types import Comment
from gateway.context import Context, Info
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one


@strawberry.input(description="A comment to write. Without a version, a path and frames it is about the asset itself.")
class CreateCommentInput:
    """Input of createComment."""

    database_id: str
    asset_id: str
    comment_body: str
    reply_to: str | None = strawberry.field(
        default=None, description="Id of the comment to answer; the answer is about what that one is about."
    )
    asset_version_id: int | None = strawberry.field(default=None, description="Number of an existing version.")
    path: str | None = strawberry.field(default=None, description="An existing file.")
    s3_version_id: str | None = strawberry.field(default=None, description="Object version of the file, if it matters.")
    first_frame: int | None = strawberry.field(default=None, description="Needs path and lastFrame.")
    last_frame: int | None = strawberry.field(default=None, description="Inclusive.")
    idempotency_key: str | None = None


@strawberry.input(description="Another text for one's own comment.")
class UpdateCommentInput:
    """Input of updateComment."""

    database_id: str
    asset_id: str
    comment_id: str
    comment_body: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="One's own comment to delete; answers to it stay.")
class DeleteCommentInput:
    """Input of deleteComment."""

    database_id: str
    asset_id: str
    comment_id: str
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class CommentPayload(Payload):
    """Base of payloads with a comment."""

    @strawberry.field(description="The comment; null when the request was refused.")
    async def comment(self, info: Info) -> Comment | None:
        return None if self.key is None else await read_one(info, "Comment", self.key, returns=Comment)


@strawberry.type(description="The written comment.")
class CreateCommentPayload(CommentPayload):
    """Payload of createComment."""


@strawberry.type(description="The edited comment.")
class UpdateCommentPayload(CommentPayload):
    """Payload of updateComment."""


@strawberry.type(description="What became of the deletion.")
class DeleteCommentPayload(Payload):
    """Payload of deleteComment."""


@strawberry.type
class CommentMutations:
    """Mutations of comments."""

    @strawberry.mutation(description="Say something about an asset, a version, a file or frames, or answer a comment.")
    async def create_comment(self, info: Info, input: CreateCommentInput) -> CreateCommentPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            create_comment,
            (input.database_id, input.asset_id, f"x{uuid4()}"),
            comment_body=input.comment_body,
            anchor=_anchor(input),
            reply_to=input.reply_to,
            order=context.order("createComment", input),
        )
        key = {"database_id": input.database_id, "asset_id": input.asset_id}
        return CreateCommentPayload(**filled(done, **key, comment_id=done.result.get("commentId", "")))

    @strawberry.mutation(description="Write one's own comment anew.")
    async def update_comment(self, info: Info, input: UpdateCommentInput) -> UpdateCommentPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            update_comment,
            (input.database_id, input.asset_id, input.comment_id),
            comment_body=input.comment_body,
            order=context.order("updateComment", input),
        )
        key = {"database_id": input.database_id, "asset_id": input.asset_id, "comment_id": input.comment_id}
        return UpdateCommentPayload(**filled(done, **key))

    @strawberry.mutation(description="Take back one's own comment.")
    async def delete_comment(self, info: Info, input: DeleteCommentInput) -> DeleteCommentPayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            delete_comment,
            (input.database_id, input.asset_id, input.comment_id),
            order=context.order("deleteComment", input),
        )
        return DeleteCommentPayload(**filled(done))


def _anchor(given: CreateCommentInput) -> Anchor:
    return Anchor(
        asset_version_id=given.asset_version_id,
        path=given.path,
        s3_version_id=given.s3_version_id,
        first_frame=given.first_frame,
        last_frame=given.last_frame,
    )
