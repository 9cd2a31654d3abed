"""createDatabase."""

from __future__ import annotations

import strawberry

from domain.databases.commands import create_database
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
    idempotency_key: str | None = None


@strawberry.type(description="The created database.")
class CreateDatabasePayload(Payload):
    """Payload of createDatabase."""

    @strawberry.field(description="The database; null when the request was refused.")
    async def database(self, info: Info) -> Database | None:
        return None if self.key is None else await read_one(info, "Database", self.key, returns=Database)


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
            order=context.order("createDatabase", input),
        )
        return CreateDatabasePayload(**filled(done, database_id=input.database_id))
