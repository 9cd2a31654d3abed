"""createDatabase, updateDatabase, deleteDatabase, restoreDatabase."""

from __future__ import annotations

import strawberry

from domain.databases.commands import create_database, update_database
from domain.databases.deletion import delete_database, restore_database
from gateway.context import Context, Info
from gateway.databases.types import Database
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one


@strawberry.input(description="A database to create.")
class CreateDatabaseInput:
    """Input of createDatabase."""

    database_id: str
    description: str
    default_bucket_id: strawberry.ID | None = strawberry.field(
        default=None, description="Null takes the server's own bucket."
    )
    restrict_metadata_outside_schemas: bool | None = False
    restrict_file_uploads_to_extensions: list[str] | None = strawberry.field(default_factory=list)
    blocked_file_extensions: list[str] | None = strawberry.field(
        default_factory=list, description="As .exe; files of these are refused, whatever is allowed."
    )
    idempotency_key: str | None = None


@strawberry.input(description="Changes to a database; what is null stays as it is.")
class UpdateDatabaseInput:
    """Input of updateDatabase."""

    database_id: str
    description: str | None = None
    default_bucket_id: strawberry.ID | None = strawberry.field(
        default=None, description="Bucket for new assets; those that exist stay where they are."
    )
    restrict_metadata_outside_schemas: bool | None = None
    restrict_file_uploads_to_extensions: list[str] | None = strawberry.field(
        default=None, description="Empty allows every extension; what is stored already stays."
    )
    blocked_file_extensions: list[str] | None = strawberry.field(
        default=None, description="Empty blocks none; what is stored already stays."
    )
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A database to delete softly.")
class DeleteDatabaseInput:
    """Input of deleteDatabase."""

    database_id: str
    with_archived_assets: bool | None = strawberry.field(
        default=False, description="Delete it although archived assets are in it; they stay in it."
    )
    reason: str | None = None
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="A deleted database to bring back.")
class RestoreDatabaseInput:
    """Input of restoreDatabase."""

    database_id: str
    reason: str | None = None
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class DatabasePayload(Payload):
    """Base of payloads with a database."""

    @strawberry.field(description="The database; null when the request was refused.")
    async def database(self, info: Info) -> Database | None:
        return None if self.key is None else await read_one(info, "Database", self.key, returns=Database)


@strawberry.type(description="The created database.")
class CreateDatabasePayload(DatabasePayload):
    """Payload of createDatabase."""


@strawberry.type(description="The changed database.")
class UpdateDatabasePayload(DatabasePayload):
    """Payload of updateDatabase."""


@strawberry.type(description="The deleted database, which database(databaseId:) still shows.")
class DeleteDatabasePayload(DatabasePayload):
    """Payload of deleteDatabase."""


@strawberry.type(description="The restored database.")
class RestoreDatabasePayload(DatabasePayload):
    """Payload of restoreDatabase."""


@strawberry.type
class DatabaseMutations:
    """Mutations of databases."""

    @strawberry.mutation(description="Create an empty database.")
    async def create_database(self, info: Info, input: CreateDatabaseInput) -> CreateDatabasePayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            create_database,
            input.database_id,
            description=input.description,
            default_bucket_id=str(input.default_bucket_id or context.services.default_bucket_id),
            restrict_metadata_outside_schemas=bool(input.restrict_metadata_outside_schemas),
            restrict_file_uploads_to_extensions=tuple(input.restrict_file_uploads_to_extensions or ()),
            blocked_file_extensions=tuple(input.blocked_file_extensions or ()),
            order=context.order("createDatabase", input),
        )
        return CreateDatabasePayload(**filled(done, database_id=input.database_id))

    @strawberry.mutation(description="Change a database's description, bucket for new assets, or restrictions.")
    async def update_database(self, info: Info, input: UpdateDatabaseInput) -> UpdateDatabasePayload:  # noqa: A002
        context: Context = info.context
        extensions, blocked = input.restrict_file_uploads_to_extensions, input.blocked_file_extensions
        done = await context.carry_out(
            update_database,
            input.database_id,
            description=input.description,
            default_bucket_id=None if input.default_bucket_id is None else str(input.default_bucket_id),
            restrict_metadata_outside_schemas=input.restrict_metadata_outside_schemas,
            restrict_file_uploads_to_extensions=None if extensions is None else tuple(extensions),
            blocked_file_extensions=None if blocked is None else tuple(blocked),
            order=context.order("updateDatabase", input),
        )
        return UpdateDatabasePayload(**filled(done, database_id=input.database_id))

    @strawberry.mutation(
        description="Take a database without active assets out of the working set. Its id stays taken, nothing of it "
        "is lost, and restoreDatabase brings it back."
    )
    async def delete_database(self, info: Info, input: DeleteDatabaseInput) -> DeleteDatabasePayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            delete_database,
            input.database_id,
            with_archived_assets=bool(input.with_archived_assets),
            reason=input.reason,
            order=context.order("deleteDatabase", input),
        )
        return DeleteDatabasePayload(**filled(done, database_id=input.database_id))

    @strawberry.mutation(description="Bring a deleted database back as it was.")
    async def restore_database(self, info: Info, input: RestoreDatabaseInput) -> RestoreDatabasePayload:  # noqa: A002
        context: Context = info.context
        done = await context.carry_out(
            restore_database,
            input.database_id,
            reason=input.reason,
            order=context.order("restoreDatabase", input),
        )
        return RestoreDatabasePayload(**filled(done, database_id=input.database_id))
