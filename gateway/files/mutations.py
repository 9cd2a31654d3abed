"""revertFile, setPrimaryType."""

from __future__ import annotations

from typing import Any

import strawberry

from domain.files.commands import set_primary_type
from domain.files.reverts import revert_file
from gateway.context import Context, Done, Info
from gateway.files.types import File, FileRevert
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one


@strawberry.input
class FileInput:
    """Base of the inputs: which file is meant."""

    database_id: str
    asset_id: str
    path: str
    expected_revision: int | None = None
    idempotency_key: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Database id, asset id, path."""
        return self.database_id, self.asset_id, self.path

    def filled(self, done: Done) -> dict[str, Any]:
        """Constructor arguments of a payload that reads the file."""
        path = self.path.removeprefix("/")
        return filled(done, database_id=self.database_id, asset_id=self.asset_id, path=path)


@strawberry.input(description="An object version that is to be on top of its file again.")
class RevertFileInput(FileInput):
    """Input of revertFile."""

    s3_version_id: str = strawberry.field(default="", description="One of File.versions, but not the latest.")


@strawberry.input(description="A role for a file.")
class SetPrimaryTypeInput(FileInput):
    """Input of setPrimaryType."""

    primary_type: str = strawberry.field(
        default="", description="primary, lod1 to lod5 or other; empty takes the role away."
    )
    primary_type_other: str | None = strawberry.field(
        default=None, description="What other stands for, 1 to 30 characters; only with other."
    )


@strawberry.type
class FilePayload(Payload):
    """Base of payloads with a file."""

    @strawberry.field(description="The file as it is now; null when the request was refused.")
    async def file(self, info: Info) -> File | None:
        return None if self.key is None else await read_one(info, "File", self.key, returns=File)


@strawberry.type(description="The revert that was begun.")
class RevertFilePayload(FilePayload):
    """Payload of revertFile."""

    revert_id: strawberry.Private[str]

    @strawberry.field(description="The revert, which goes on after this answer; null when it was refused.")
    async def revert(self, info: Info) -> FileRevert | None:
        if self.key is None:
            return None
        numbered = {"revert_id::text": self.revert_id}
        return await read_one(info, "FileRevert", {**self.key, **numbered}, returns=FileRevert)


@strawberry.type(description="The file with its role.")
class SetPrimaryTypePayload(FilePayload):
    """Payload of setPrimaryType."""


@strawberry.type
class FileMutations:
    """Mutations of one file."""

    @strawberry.mutation(
        description="Put an older object version of a file on top again, as a new version with its bytes. They are "
        "copied after the answer: watch FileRevert.state, or the event FileReverted."
    )
    async def revert_file(self, info: Info, input: RevertFileInput) -> RevertFilePayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            revert_file, input.key, s3_version_id=input.s3_version_id, order=context.order("revertFile", input)
        )
        return RevertFilePayload(**input.filled(done), revert_id=done.result.get("revertId", ""))

    @strawberry.mutation(description="Give a file a role in its asset, or take it away. The object stays as it is.")
    async def set_primary_type(self, info: Info, input: SetPrimaryTypeInput) -> SetPrimaryTypePayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            set_primary_type,
            input.key,
            primary_type=input.primary_type,
            other=input.primary_type_other,
            order=context.order("setPrimaryType", input),
        )
        return SetPrimaryTypePayload(**input.filled(done))
