"""createMetadataSchema, updateMetadataSchema, and what else becomes of metadata schemas."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from uuid import uuid4

import orjson
import strawberry

from domain.schemas.commands import (
    create_metadata_schema,
    delete_metadata_schema,
    disable_metadata_schema,
    enable_metadata_schema,
    update_metadata_schema,
)
from domain.schemas.defaults import create_default_metadata_schemas
from domain.schemas.definition import Definition
from domain.stream import Outcome
from gateway.context import Context, Done, Info
from gateway.metadata_schemas.inputs import (
    CreateDefaultMetadataSchemasInput,
    CreateMetadataSchemaInput,
    DeleteMetadataSchemaInput,
    DisableMetadataSchemaInput,
    EnableMetadataSchemaInput,
    UpdateMetadataSchemaInput,
    schema_fields,
)
from gateway.metadata_schemas.types import MetadataSchema
from gateway.payloads import Payload, filled
from gateway.reads.root import read_many, read_one
from gateway.reads.sources import Many, Narrowing


@strawberry.type
class MetadataSchemaPayload(Payload):
    """Base of payloads with a schema."""

    @strawberry.field(description="The schema as it is now; null when the request was refused.")
    async def metadata_schema(self, info: Info) -> MetadataSchema | None:
        if self.key is None:
            return None
        return await read_one(info, "MetadataSchema", self.key, returns=MetadataSchema)


@strawberry.type(description="The created schema.")
class CreateMetadataSchemaPayload(MetadataSchemaPayload):
    """Payload of createMetadataSchema."""


@strawberry.type(description="The changed schema.")
class UpdateMetadataSchemaPayload(MetadataSchemaPayload):
    """Payload of updateMetadataSchema."""


@strawberry.type(description="The enabled schema.")
class EnableMetadataSchemaPayload(MetadataSchemaPayload):
    """Payload of enableMetadataSchema."""


@strawberry.type(description="The disabled schema.")
class DisableMetadataSchemaPayload(MetadataSchemaPayload):
    """Payload of disableMetadataSchema."""


@strawberry.type(description="What was deleted.")
class DeleteMetadataSchemaPayload(Payload):
    """Payload of deleteMetadataSchema."""

    @strawberry.field(description="Id of the deleted schema; null when the request was refused.")
    def deleted_metadata_schema_id(self) -> strawberry.ID | None:
        return None if self.key is None else strawberry.ID(self.key["metadata_schema_id"])


@strawberry.type(description="The schemas that were created.")
class CreateDefaultMetadataSchemasPayload(Payload):
    """Payload of createDefaultMetadataSchemas."""

    @strawberry.field(description="Those that were missing, by name; none when all were there already.")
    async def metadata_schemas(self, info: Info) -> list[MetadataSchema]:
        created = [] if self.key is None else orjson.loads(self.key["created"])

        def narrow(narrowing: Narrowing) -> list[str]:
            return [f"{narrowing.row}.metadata_schema_id = ANY({narrowing.bind(created, 'text[]')})"]

        spec = Many("MetadataSchema", "true", "{t}.schema_name, {t}.metadata_schema_id", narrow)
        found = await read_many(info, lambda plan, field, _: plan.many(field.nodes, spec, None, {}))
        return cast("list[MetadataSchema]", found)


Named = EnableMetadataSchemaInput | DisableMetadataSchemaInput


@strawberry.type
class MetadataSchemaMutations:
    """Mutations of metadata schemas."""

    @strawberry.mutation(
        description="Describe the metadata of entities. Refused when an enabled schema that can apply to the same"
        " entity says something else about one of its keys."
    )
    async def create_metadata_schema(
        self,
        info: Info,
        input: CreateMetadataSchemaInput,  # noqa: A002
    ) -> CreateMetadataSchemaPayload:
        context: Context = info.context
        done = await context.carry_out(
            create_metadata_schema,
            str(uuid4()) if input.metadata_schema_id is None else str(input.metadata_schema_id),
            database_id=input.database_id,
            entity_type=input.entity_type,
            definition=Definition(
                input.schema_name,
                schema_fields(input.fields),
                tuple(input.file_key_type_restriction),
                allows_other_keys=input.allows_other_keys,
            ),
            is_enabled=input.enabled,
            order=context.order("createMetadataSchema", input),
        )
        # A repeated command answers with the id that was made the first time.
        return CreateMetadataSchemaPayload(**filled(done, metadata_schema_id=done.result.get("metadataSchemaId", "")))

    @strawberry.mutation(
        description="Change a metadata schema. Entries that exist stay, and what of them does not comply is listed by"
        " nonCompliantEntities."
    )
    async def update_metadata_schema(
        self,
        info: Info,
        input: UpdateMetadataSchemaInput,  # noqa: A002
    ) -> UpdateMetadataSchemaPayload:
        context: Context = info.context
        extensions = input.file_key_type_restriction
        done = await context.carry_out(
            update_metadata_schema,
            str(input.metadata_schema_id),
            schema_name=input.schema_name,
            fields=None if input.fields is None else schema_fields(input.fields),
            file_key_type_restriction=None if extensions is None else tuple(extensions),
            allows_other_keys=input.allows_other_keys,
            order=context.order("updateMetadataSchema", input),
        )
        return UpdateMetadataSchemaPayload(**filled(done, metadata_schema_id=str(input.metadata_schema_id)))

    @strawberry.mutation(description="Let a metadata schema count; nothing happens when it does.")
    async def enable_metadata_schema(
        self,
        info: Info,
        input: EnableMetadataSchemaInput,  # noqa: A002
    ) -> EnableMetadataSchemaPayload:
        done = await _carry_out(info, "enableMetadataSchema", enable_metadata_schema, input)
        return EnableMetadataSchemaPayload(**filled(done, metadata_schema_id=str(input.metadata_schema_id)))

    @strawberry.mutation(description="Keep a metadata schema without effect; nothing happens when it has none.")
    async def disable_metadata_schema(
        self,
        info: Info,
        input: DisableMetadataSchemaInput,  # noqa: A002
    ) -> DisableMetadataSchemaPayload:
        done = await _carry_out(info, "disableMetadataSchema", disable_metadata_schema, input)
        return DisableMetadataSchemaPayload(**filled(done, metadata_schema_id=str(input.metadata_schema_id)))

    @strawberry.mutation(description="Delete a metadata schema for good; entries that it described stay.")
    async def delete_metadata_schema(
        self,
        info: Info,
        input: DeleteMetadataSchemaInput,  # noqa: A002
    ) -> DeleteMetadataSchemaPayload:
        context: Context = info.context
        done = await context.carry_out(
            delete_metadata_schema,
            str(input.metadata_schema_id),
            is_confirmed=input.confirm,
            order=context.order("deleteMetadataSchema", input),
        )
        return DeleteMetadataSchemaPayload(**filled(done, metadata_schema_id=str(input.metadata_schema_id)))

    @strawberry.mutation(
        description="Create the schemas that most libraries want, GLOBAL ones that allow other keys: the transform of"
        " a link (Translation, Rotation, Scale, Matrix) and the Location of a database. Those that exist stay as they"
        " are, whatever was made of them."
    )
    async def create_default_metadata_schemas(
        self,
        info: Info,
        input: CreateDefaultMetadataSchemasInput,  # noqa: A002
    ) -> CreateDefaultMetadataSchemasPayload:
        context: Context = info.context
        order = context.order("createDefaultMetadataSchemas", input)
        done = await context.carry_out(create_default_metadata_schemas, order=order)
        return CreateDefaultMetadataSchemasPayload(**filled(done, created=done.result.get("created", "[]")))


async def _carry_out(info: Info, name: str, command: Callable[..., Outcome], given: Named) -> Done:
    context: Context = info.context
    return await context.carry_out(command, str(given.metadata_schema_id), order=context.order(name, given))
