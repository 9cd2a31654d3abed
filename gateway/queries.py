"""The root fields that read. Each of them is one planned statement."""

from __future__ import annotations

import base64
import binascii
from typing import cast

import orjson
import strawberry

from gateway.api_keys.types import ApiKey
from gateway.assets.filters import ASSET_ORDER, AssetFilter, AssetOrder, asset_conditions, asset_ordering
from gateway.assets.types import Asset, AssetVersion
from gateway.buckets.types import Bucket
from gateway.comments.types import Comment
from gateway.connections import Connection, Node
from gateway.constraints.types import Constraint
from gateway.context import Info
from gateway.databases.types import DATABASE_ORDER, Database, DatabaseFilter
from gateway.events.reads import EVENT_ORDER, event_conditions
from gateway.events.types import Event, EventFilter
from gateway.executions.types import WorkflowExecution
from gateway.features.types import Feature
from gateway.files.types import File
from gateway.graphql.errors import ClientError
from gateway.links.types import AssetLink
from gateway.metadata_schemas.types import MetadataSchema
from gateway.pipelines.types import Pipeline, Workflow
from gateway.reads.past import AsOf
from gateway.reads.root import read_one, read_pages
from gateway.reads.sources import Narrowing, OrderKey, Pages
from gateway.roles.types import Role
from gateway.scalars import Position
from gateway.tags.types import Tag, TagType
from gateway.transfers.types import FileTransfer
from gateway.uploads.reads import read_upload
from gateway.uploads.types import Upload
from gateway.users.types import User
from gateway.viewer import Viewer, viewer

AT_LEAST = "Answer only when reads show everything up to this position."

NODE_KEYS: dict[str, tuple[str, ...]] = {
    "Bucket": ("bucket_id",),
    "Database": ("database_id",),
    "Asset": ("database_id", "asset_id"),
    "AssetVersion": ("database_id", "asset_id", "asset_version_id::text"),
    "File": ("database_id", "asset_id", "path"),
    "TagType": ("tag_type_name",),
    "Tag": ("tag_name",),
    "AssetLink": ("asset_link_id",),
    "MetadataSchema": ("metadata_schema_id",),
    "Comment": ("database_id", "asset_id", "comment_id"),
    "Feature": ("feature_name",),
    "User": ("user_id",),
    "Role": ("role_name",),
    "ApiKey": ("api_key_id",),
    "Constraint": ("constraint_id",),
    "Pipeline": ("database_id", "pipeline_id"),
    "Workflow": ("database_id", "workflow_id"),
    "WorkflowExecution": ("execution_id",),
    "FileTransfer": ("transfer_id",),
}


@strawberry.type
class CoreQueries:
    """Databases, assets, files, uploads and the log."""

    @strawberry.field(description="Who asks.")
    def viewer(self, info: Info) -> Viewer:
        return viewer(info)

    @strawberry.field(description="Anything with a global id; null when there is no such thing.")
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:  # noqa: A002
        type_name, key = decode_node_id(str(id))
        if type_name == "Upload":
            return await read_upload(info.context, key[0])
        columns = dict(zip(NODE_KEYS[type_name], key, strict=True))
        return cast("Node | None", await read_one(info, type_name, columns, returns=Node))

    @strawberry.field(description="A database by its id, now or at a moment of the past.")
    async def database(
        self, info: Info, database_id: str, as_of: AsOf | None = None, at_least: Position | None = None
    ) -> Database | None:
        return await read_one(info, "Database", {"database_id": database_id}, as_of=as_of, returns=Database)

    @strawberry.field(description="Databases by id, with their assets now or at a moment of the past.")
    async def databases(
        self,
        info: Info,
        filter: DatabaseFilter | None = None,  # noqa: A002
        first: int | None = None,
        after: str | None = None,
        as_of: AsOf | None = None,
        at_least: Position | None = None,
    ) -> Connection[Database]:
        return cast("Connection[Database]", await read_pages(info, DATABASES, as_of=as_of))

    @strawberry.field(description="An asset by its ids, now or at a moment of the past; archived ones too.")
    async def asset(
        self,
        info: Info,
        database_id: str,
        asset_id: str,
        as_of: AsOf | None = None,
        at_least: Position | None = None,
    ) -> Asset | None:
        key = {"database_id": database_id, "asset_id": asset_id}
        return await read_one(info, "Asset", key, as_of=as_of, returns=Asset)

    @strawberry.field(
        description="Assets of one database or of all, now or at a moment of the past, whose filter, order and cursors"
        " are then of that moment; archived ones only with filter.includeArchived."
    )
    async def assets(
        self,
        info: Info,
        database_id: str | None = None,
        filter: AssetFilter | None = None,  # noqa: A002
        order_by: list[AssetOrder] | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        as_of: AsOf | None = None,
        at_least: Position | None = None,
    ) -> Connection[Asset]:
        return cast("Connection[Asset]", await read_pages(info, ASSETS, as_of=as_of))

    @strawberry.field(
        description="A file by its path, now or at a moment of the past; with versionId, and without asOf, as that"
        " object version was."
    )
    async def file(
        self,
        info: Info,
        database_id: str,
        asset_id: str,
        path: str,
        version_id: str | None = None,
        as_of: AsOf | None = None,
        at_least: Position | None = None,
    ) -> File | None:
        if version_id is not None and as_of is not None:
            raise ClientError(
                "Give versionId or asOf, not both: an object version is the same at all times.", "INVALID"
            )
        key = {"database_id": database_id, "asset_id": asset_id, "path": path.removeprefix("/")}
        if version_id is None:
            return await read_one(info, "File", key, as_of=as_of, returns=File)
        return await read_one(info, "FileAtVersion", {**key, "s3_version_id": version_id}, returns=File)

    @strawberry.field(description="An upload session.")
    async def upload(self, info: Info, upload_id: strawberry.ID) -> Upload | None:
        return await read_upload(info.context, str(upload_id))

    @strawberry.field(
        description="The log in order; after and before take a position, and a cursor is one. last without before"
        " gives the newest."
    )
    async def events(
        self,
        info: Info,
        after: Position | None = None,
        filter: EventFilter | None = None,  # noqa: A002
        first: int | None = None,
        last: int | None = None,
        before: Position | None = None,
        at_least: Position | None = None,
    ) -> Connection[Event]:
        return cast("Connection[Event]", await read_pages(info, EVENTS))

    @strawberry.field(description="Registered buckets by name.")
    async def buckets(self, info: Info, first: int | None = None, after: str | None = None) -> Connection[Bucket]:
        return cast("Connection[Bucket]", await read_pages(info, BUCKETS))


def decode_node_id(global_id: str) -> tuple[str, tuple[str, ...]]:
    """Type name and natural key. Raises ClientError INVALID for text that is no global id of ours."""
    try:
        type_name, _, key = base64.b64decode(global_id, validate=True).decode().partition(":")
        parts = tuple(str(part) for part in orjson.loads(key))
    except (binascii.Error, UnicodeDecodeError, orjson.JSONDecodeError):
        type_name, parts = "", ()
    if type_name == "Upload" and len(parts) == 1:
        return type_name, parts
    if len(parts) != len(NODE_KEYS.get(type_name, ())) or not parts:
        raise ClientError(f"{global_id[:80]!r} is no global id: take ids from the field id.", "INVALID")
    return type_name, parts


def _assets(narrowing: Narrowing) -> list[str]:
    database_id = narrowing.arguments.get("databaseId")
    within = [] if database_id is None else [f"{narrowing.row}.database_id = {narrowing.bind(database_id)}"]
    return [*within, *asset_conditions(narrowing)]


def _databases(narrowing: Narrowing) -> list[str]:
    given = narrowing.arguments.get("filter") or {}
    conditions = [] if given.get("includeArchived") else [f"{narrowing.row}.archived_at IS NULL"]
    if given.get("idContains"):
        sought = narrowing.bind(given["idContains"])
        conditions.append(f"position(lower({sought}) in lower({narrowing.row}.database_id)) > 0")
    return conditions


ASSETS = Pages("Asset", "true", ASSET_ORDER, _assets, asset_ordering)
DATABASES = Pages("Database", "true", DATABASE_ORDER, _databases)
EVENTS = Pages("Event", "true", EVENT_ORDER, event_conditions, plain_cursor=True)
BUCKETS = Pages("Bucket", "true", (OrderKey("{t}.bucket_name", "text"), OrderKey("{t}.bucket_id", "text")))
NODE_TYPES = (
    Bucket,
    Database,
    Asset,
    AssetVersion,
    File,
    Upload,
    TagType,
    Tag,
    AssetLink,
    MetadataSchema,
    Comment,
    Feature,
    User,
    Role,
    ApiKey,
    Constraint,
    Pipeline,
    Workflow,
    WorkflowExecution,
    FileTransfer,
)
