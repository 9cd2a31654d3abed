"""The GraphQL schema: every noun's fields merged into three roots."""

from __future__ import annotations

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    Undefined,
)
from strawberry.schema.config import StrawberryConfig

from gateway.api_keys.mutations import ApiKeyMutations
from gateway.api_keys.queries import ApiKeyQueries
from gateway.assets.comparison import ComparisonQueries
from gateway.assets.deletion import AssetDeletionMutations
from gateway.assets.mutations import AssetMutations
from gateway.assets.reverts import AssetRevertMutations
from gateway.assets.versions import AssetVersionMutations
from gateway.bucket_sync.queries import BucketSyncQueries
from gateway.buckets.mutations import BucketMutations
from gateway.comments.mutations import CommentMutations
from gateway.comments.queries import CommentQueries
from gateway.constraints.mutations import ConstraintMutations
from gateway.constraints.queries import ConstraintQueries
from gateway.databases.mutations import DatabaseMutations
from gateway.event_subscriptions.mutations import SubscriptionMutations
from gateway.event_subscriptions.queries import SubscriptionQueries
from gateway.executions.mutations import WorkflowExecutionMutations
from gateway.executions.queries import WorkflowExecutionQueries
from gateway.features.mutations import FeatureMutations
from gateway.features.queries import FeatureQueries
from gateway.files.folders import FolderMutations
from gateway.files.lifecycle import FileLifecycleMutations
from gateway.files.mutations import FileMutations
from gateway.frames.queries import FrameQueries
from gateway.graphql.execution import FragmentExecutor
from gateway.links.mutations import LinkMutations
from gateway.links.queries import LinkQueries
from gateway.media.mutations import MediaMutations
from gateway.metadata_bulk import BulkMetadataMutations
from gateway.metadata_mutations import MetadataMutations
from gateway.metadata_schemas.mutations import MetadataSchemaMutations
from gateway.metadata_schemas.queries import MetadataSchemaQueries
from gateway.object_jobs.mutations import ObjectJobMutations
from gateway.object_jobs.queries import ObjectJobQueries
from gateway.pipelines.mutations import PipelineMutations
from gateway.pipelines.queries import PipelineQueries
from gateway.pipelines.workflow_mutations import WorkflowMutations
from gateway.projections.mutations import ProjectionMutations
from gateway.projections.queries import ProjectionQueries
from gateway.queries import NODE_TYPES, CoreQueries
from gateway.roles.assignments import UserRoleMutations
from gateway.roles.mutations import RoleMutations
from gateway.roles.queries import RoleQueries
from gateway.scalars import SCALARS
from gateway.search.queries import SearchQueries
from gateway.subscriptions import Subscription
from gateway.tags.mutations import TagMutations
from gateway.tags.queries import TagQueries
from gateway.tags.type_mutations import TagTypeMutations
from gateway.transfers.mutations import TransferMutations
from gateway.transfers.queries import TransferQueries
from gateway.uploads.mutations import UploadMutations
from gateway.users.mutations import UserMutations
from gateway.users.queries import UserQueries


@strawberry.type(description="Everything that can be read.")
class Query(
    CoreQueries,
    ComparisonQueries,
    SearchQueries,
    FrameQueries,
    ProjectionQueries,
    TagQueries,
    MetadataSchemaQueries,
    LinkQueries,
    CommentQueries,
    FeatureQueries,
    SubscriptionQueries,
    UserQueries,
    RoleQueries,
    ApiKeyQueries,
    ConstraintQueries,
    PipelineQueries,
    WorkflowExecutionQueries,
    TransferQueries,
    ObjectJobQueries,
    BucketSyncQueries,
):
    """The root of queries."""


@strawberry.type(description="Everything that can be changed. Expected refusals come back in the payload's errors.")
class Mutation(
    BucketMutations,
    DatabaseMutations,
    AssetMutations,
    AssetVersionMutations,
    AssetRevertMutations,
    UploadMutations,
    MetadataMutations,
    BulkMetadataMutations,
    MediaMutations,
    ProjectionMutations,
    TagTypeMutations,
    TagMutations,
    MetadataSchemaMutations,
    LinkMutations,
    CommentMutations,
    FeatureMutations,
    SubscriptionMutations,
    UserMutations,
    RoleMutations,
    UserRoleMutations,
    ApiKeyMutations,
    ConstraintMutations,
    PipelineMutations,
    WorkflowMutations,
    WorkflowExecutionMutations,
    TransferMutations,
    ObjectJobMutations,
    AssetDeletionMutations,
    FileLifecycleMutations,
    FileMutations,
    FolderMutations,
):
    """The root of mutations."""


def build_schema() -> strawberry.Schema:
    """The schema; it needs no service."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=NODE_TYPES,
        config=StrawberryConfig(scalar_map=SCALARS),
        execution_context_class=FragmentExecutor,
    )
    for kind in schema._schema.type_map.values():
        _leave_out_null_defaults(kind)
    return schema


def _leave_out_null_defaults(kind: GraphQLNamedType) -> None:
    """Declare no default where it is null: an argument left out is null already, and real defaults stand out."""
    if isinstance(kind, GraphQLInputObjectType):
        inputs: list[GraphQLArgument | GraphQLInputField] = [*kind.fields.values()]
    elif isinstance(kind, GraphQLObjectType):
        inputs = [argument for field in kind.fields.values() for argument in field.args.values()]
    else:
        return
    for given in inputs:
        if given.default_value is None:
            given.default_value = Undefined
