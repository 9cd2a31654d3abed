"""Refusals as callers see them: one row a domain error, and the UserError they become."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

import psycopg
import strawberry

from domain import errors
from domain.adoptions.errors import AdoptedPrefixEmpty, AdoptedPrefixInvalid, AdoptedPrefixTaken, AssetPrefixNotEmpty
from domain.api_keys.errors import ApiKeyNameInUse, ExpiryPassed, UserWithoutRoles
from domain.assets.errors import (
    AssetAlreadyArchived,
    AssetNotArchived,
    AssetVersionAlreadyArchived,
    AssetVersionIsCurrent,
    AssetVersionNotArchived,
    RevertInProgress,
    VersionAliasTaken,
)
from domain.comments.errors import AnchorInvalid, CommentNotOwned
from domain.constraints.errors import CriterionInvalid
from domain.databases.errors import DatabaseHasPipelines, DatabaseIsDeleted, DatabaseNotDeleted, DatabaseNotEmpty
from domain.executions.errors import (
    OutputInvalid,
    WorkflowAlreadyRunning,
    WorkflowExecutionEnded,
    WorkflowExecutionNotRetriable,
    WorkflowInputRefused,
    WorkflowOutOfScope,
)
from domain.files.errors import (
    DeletionNotConfirmed,
    FileAlreadyArchived,
    FileBeingErased,
    FileExtensionRefused,
    FileNotArchived,
    FilePreviewInvalid,
    FileRevertInProgress,
    FileVersionIsLatest,
    PrimaryTypeInvalid,
)
from domain.files.paths import PathInvalid
from domain.links.errors import LinkAliasInvalid, LinkAlreadyExists, LinkReversed, LinkToSelf, LinkWouldCycle
from domain.metadata import MetadataInvalid
from domain.owners.errors import ItemsRefused
from domain.pipelines.errors import PipelineDisabled, PipelineInUse, PipelineOutOfScope, PipelineResourceInvalid
from domain.projections.commands import FollowerDoesNotStandThere, NoEarlierPrint
from domain.roles.errors import RoleAlreadyHeld
from domain.schemas.errors import (
    MetadataNotCompliant,
    MetadataSchemaInvalid,
    MetadataSchemasDisagree,
    MetadataValueTypeFixed,
)
from domain.subscriptions.errors import EventTypeUnknown, MailNotConfigured, SubscriptionNotOwned, TargetInvalid
from domain.tags.errors import RequiredTagTypeMissing, TagInUse, TagTypeInUse
from domain.transfers.errors import (
    DestinationClaimed,
    DestinationExists,
    MetadataConflict,
    PathGivenTwice,
    PreviewFollowsFile,
    SourceLeaving,
    TransferOntoItself,
)
from domain.uploads.errors import UploadAlreadyExpired, UploadClosed, UploadFileUnknown, UploadPartMismatch
from gateway.graphql.errors import DATABASE_AWAY, ClientError
from gateway.ledger.errors import LedgerError
from processors.objects.errors import StoreUnavailable


@strawberry.enum(description="Why a request was refused. New codes may be added; treat an unknown one as CONFLICT.")
class ErrorCode(Enum):
    """Codes of UserError."""

    INVALID = "INVALID"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    CONFLICT = "CONFLICT"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    ARCHIVED = "ARCHIVED"
    PRECONDITION_FAILED = "PRECONDITION_FAILED"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    UNAVAILABLE = "UNAVAILABLE"
    ASSET_ALREADY_ARCHIVED = "ASSET_ALREADY_ARCHIVED"
    ASSET_NOT_ARCHIVED = "ASSET_NOT_ARCHIVED"
    VERSION_ALIAS_TAKEN = "VERSION_ALIAS_TAKEN"
    ASSET_VERSION_ALREADY_ARCHIVED = "ASSET_VERSION_ALREADY_ARCHIVED"
    ASSET_VERSION_NOT_ARCHIVED = "ASSET_VERSION_NOT_ARCHIVED"
    ASSET_VERSION_IS_CURRENT = "ASSET_VERSION_IS_CURRENT"
    REVERT_IN_PROGRESS = "REVERT_IN_PROGRESS"
    FOLLOWER_DOES_NOT_STAND_THERE = "FOLLOWER_DOES_NOT_STAND_THERE"
    NO_EARLIER_PRINT = "NO_EARLIER_PRINT"
    DATABASE_IS_DELETED = "DATABASE_IS_DELETED"
    DATABASE_NOT_DELETED = "DATABASE_NOT_DELETED"
    DATABASE_NOT_EMPTY = "DATABASE_NOT_EMPTY"
    PATH_INVALID = "PATH_INVALID"
    FILE_EXTENSION_REFUSED = "FILE_EXTENSION_REFUSED"
    FILE_ALREADY_ARCHIVED = "FILE_ALREADY_ARCHIVED"
    FILE_NOT_ARCHIVED = "FILE_NOT_ARCHIVED"
    FILE_BEING_ERASED = "FILE_BEING_ERASED"
    FILE_VERSION_IS_LATEST = "FILE_VERSION_IS_LATEST"
    FILE_REVERT_IN_PROGRESS = "FILE_REVERT_IN_PROGRESS"
    FILE_PREVIEW_INVALID = "FILE_PREVIEW_INVALID"
    PRIMARY_TYPE_INVALID = "PRIMARY_TYPE_INVALID"
    DELETION_NOT_CONFIRMED = "DELETION_NOT_CONFIRMED"
    METADATA_INVALID = "METADATA_INVALID"
    METADATA_NOT_COMPLIANT = "METADATA_NOT_COMPLIANT"
    METADATA_VALUE_TYPE_FIXED = "METADATA_VALUE_TYPE_FIXED"
    METADATA_SCHEMA_INVALID = "METADATA_SCHEMA_INVALID"
    METADATA_SCHEMAS_DISAGREE = "METADATA_SCHEMAS_DISAGREE"
    ITEMS_REFUSED = "ITEMS_REFUSED"
    UPLOAD_CLOSED = "UPLOAD_CLOSED"
    UPLOAD_EXPIRED = "UPLOAD_EXPIRED"
    UPLOAD_FILE_UNKNOWN = "UPLOAD_FILE_UNKNOWN"
    UPLOAD_PART_MISMATCH = "UPLOAD_PART_MISMATCH"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    TAG_IN_USE = "TAG_IN_USE"
    TAG_TYPE_IN_USE = "TAG_TYPE_IN_USE"
    REQUIRED_TAG_TYPE_MISSING = "REQUIRED_TAG_TYPE_MISSING"
    LINK_TO_SELF = "LINK_TO_SELF"
    LINK_ALREADY_EXISTS = "LINK_ALREADY_EXISTS"
    LINK_REVERSED = "LINK_REVERSED"
    LINK_WOULD_CYCLE = "LINK_WOULD_CYCLE"
    LINK_ALIAS_INVALID = "LINK_ALIAS_INVALID"
    COMMENT_NOT_OWNED = "COMMENT_NOT_OWNED"
    ANCHOR_INVALID = "ANCHOR_INVALID"
    SUBSCRIPTION_NOT_OWNED = "SUBSCRIPTION_NOT_OWNED"
    TARGET_INVALID = "TARGET_INVALID"
    EVENT_TYPE_UNKNOWN = "EVENT_TYPE_UNKNOWN"
    MAIL_NOT_CONFIGURED = "MAIL_NOT_CONFIGURED"
    ROLE_ALREADY_HELD = "ROLE_ALREADY_HELD"
    USER_WITHOUT_ROLES = "USER_WITHOUT_ROLES"
    API_KEY_NAME_IN_USE = "API_KEY_NAME_IN_USE"
    EXPIRY_PASSED = "EXPIRY_PASSED"
    CRITERION_INVALID = "CRITERION_INVALID"
    PIPELINE_IN_USE = "PIPELINE_IN_USE"
    PIPELINE_DISABLED = "PIPELINE_DISABLED"
    PIPELINE_OUT_OF_SCOPE = "PIPELINE_OUT_OF_SCOPE"
    PIPELINE_RESOURCE_INVALID = "PIPELINE_RESOURCE_INVALID"
    DATABASE_HAS_PIPELINES = "DATABASE_HAS_PIPELINES"
    WORKFLOW_ALREADY_RUNNING = "WORKFLOW_ALREADY_RUNNING"
    WORKFLOW_OUT_OF_SCOPE = "WORKFLOW_OUT_OF_SCOPE"
    WORKFLOW_INPUT_REFUSED = "WORKFLOW_INPUT_REFUSED"
    WORKFLOW_EXECUTION_ENDED = "WORKFLOW_EXECUTION_ENDED"
    WORKFLOW_EXECUTION_NOT_RETRIABLE = "WORKFLOW_EXECUTION_NOT_RETRIABLE"
    OUTPUT_INVALID = "OUTPUT_INVALID"
    DESTINATION_EXISTS = "DESTINATION_EXISTS"
    DESTINATION_CLAIMED = "DESTINATION_CLAIMED"
    SOURCE_LEAVING = "SOURCE_LEAVING"
    TRANSFER_ONTO_ITSELF = "TRANSFER_ONTO_ITSELF"
    PATH_GIVEN_TWICE = "PATH_GIVEN_TWICE"
    PREVIEW_FOLLOWS_FILE = "PREVIEW_FOLLOWS_FILE"
    METADATA_CONFLICT = "METADATA_CONFLICT"
    ADOPTED_PREFIX_INVALID = "ADOPTED_PREFIX_INVALID"
    ADOPTED_PREFIX_TAKEN = "ADOPTED_PREFIX_TAKEN"
    ADOPTED_PREFIX_EMPTY = "ADOPTED_PREFIX_EMPTY"
    ASSET_PREFIX_NOT_EMPTY = "ASSET_PREFIX_NOT_EMPTY"


CODES: dict[type[errors.DomainError], ErrorCode] = {
    errors.Invalid: ErrorCode.INVALID,
    errors.NotFound: ErrorCode.NOT_FOUND,
    errors.Denied: ErrorCode.FORBIDDEN,
    errors.Conflict: ErrorCode.CONFLICT,
    errors.AlreadyExists: ErrorCode.ALREADY_EXISTS,
    errors.Archived: ErrorCode.ARCHIVED,
    errors.RevisionMismatch: ErrorCode.PRECONDITION_FAILED,
    errors.LimitExceeded: ErrorCode.LIMIT_EXCEEDED,
    errors.IdempotencyKeyReused: ErrorCode.IDEMPOTENCY_KEY_REUSED,
    AssetAlreadyArchived: ErrorCode.ASSET_ALREADY_ARCHIVED,
    AssetNotArchived: ErrorCode.ASSET_NOT_ARCHIVED,
    VersionAliasTaken: ErrorCode.VERSION_ALIAS_TAKEN,
    AssetVersionAlreadyArchived: ErrorCode.ASSET_VERSION_ALREADY_ARCHIVED,
    AssetVersionNotArchived: ErrorCode.ASSET_VERSION_NOT_ARCHIVED,
    AssetVersionIsCurrent: ErrorCode.ASSET_VERSION_IS_CURRENT,
    RevertInProgress: ErrorCode.REVERT_IN_PROGRESS,
    FollowerDoesNotStandThere: ErrorCode.FOLLOWER_DOES_NOT_STAND_THERE,
    NoEarlierPrint: ErrorCode.NO_EARLIER_PRINT,
    DatabaseIsDeleted: ErrorCode.DATABASE_IS_DELETED,
    DatabaseNotDeleted: ErrorCode.DATABASE_NOT_DELETED,
    DatabaseNotEmpty: ErrorCode.DATABASE_NOT_EMPTY,
    PathInvalid: ErrorCode.PATH_INVALID,
    FileExtensionRefused: ErrorCode.FILE_EXTENSION_REFUSED,
    FileAlreadyArchived: ErrorCode.FILE_ALREADY_ARCHIVED,
    FileNotArchived: ErrorCode.FILE_NOT_ARCHIVED,
    FileBeingErased: ErrorCode.FILE_BEING_ERASED,
    FileVersionIsLatest: ErrorCode.FILE_VERSION_IS_LATEST,
    FileRevertInProgress: ErrorCode.FILE_REVERT_IN_PROGRESS,
    FilePreviewInvalid: ErrorCode.FILE_PREVIEW_INVALID,
    PrimaryTypeInvalid: ErrorCode.PRIMARY_TYPE_INVALID,
    DeletionNotConfirmed: ErrorCode.DELETION_NOT_CONFIRMED,
    MetadataInvalid: ErrorCode.METADATA_INVALID,
    MetadataNotCompliant: ErrorCode.METADATA_NOT_COMPLIANT,
    MetadataValueTypeFixed: ErrorCode.METADATA_VALUE_TYPE_FIXED,
    MetadataSchemaInvalid: ErrorCode.METADATA_SCHEMA_INVALID,
    MetadataSchemasDisagree: ErrorCode.METADATA_SCHEMAS_DISAGREE,
    ItemsRefused: ErrorCode.ITEMS_REFUSED,
    TagInUse: ErrorCode.TAG_IN_USE,
    TagTypeInUse: ErrorCode.TAG_TYPE_IN_USE,
    RequiredTagTypeMissing: ErrorCode.REQUIRED_TAG_TYPE_MISSING,
    LinkToSelf: ErrorCode.LINK_TO_SELF,
    LinkAlreadyExists: ErrorCode.LINK_ALREADY_EXISTS,
    LinkReversed: ErrorCode.LINK_REVERSED,
    LinkWouldCycle: ErrorCode.LINK_WOULD_CYCLE,
    LinkAliasInvalid: ErrorCode.LINK_ALIAS_INVALID,
    UploadClosed: ErrorCode.UPLOAD_CLOSED,
    UploadAlreadyExpired: ErrorCode.UPLOAD_EXPIRED,
    UploadFileUnknown: ErrorCode.UPLOAD_FILE_UNKNOWN,
    UploadPartMismatch: ErrorCode.UPLOAD_PART_MISMATCH,
    CommentNotOwned: ErrorCode.COMMENT_NOT_OWNED,
    AnchorInvalid: ErrorCode.ANCHOR_INVALID,
    SubscriptionNotOwned: ErrorCode.SUBSCRIPTION_NOT_OWNED,
    TargetInvalid: ErrorCode.TARGET_INVALID,
    EventTypeUnknown: ErrorCode.EVENT_TYPE_UNKNOWN,
    MailNotConfigured: ErrorCode.MAIL_NOT_CONFIGURED,
    RoleAlreadyHeld: ErrorCode.ROLE_ALREADY_HELD,
    UserWithoutRoles: ErrorCode.USER_WITHOUT_ROLES,
    ApiKeyNameInUse: ErrorCode.API_KEY_NAME_IN_USE,
    ExpiryPassed: ErrorCode.EXPIRY_PASSED,
    CriterionInvalid: ErrorCode.CRITERION_INVALID,
    PipelineInUse: ErrorCode.PIPELINE_IN_USE,
    PipelineDisabled: ErrorCode.PIPELINE_DISABLED,
    PipelineOutOfScope: ErrorCode.PIPELINE_OUT_OF_SCOPE,
    PipelineResourceInvalid: ErrorCode.PIPELINE_RESOURCE_INVALID,
    DatabaseHasPipelines: ErrorCode.DATABASE_HAS_PIPELINES,
    WorkflowAlreadyRunning: ErrorCode.WORKFLOW_ALREADY_RUNNING,
    WorkflowOutOfScope: ErrorCode.WORKFLOW_OUT_OF_SCOPE,
    WorkflowInputRefused: ErrorCode.WORKFLOW_INPUT_REFUSED,
    WorkflowExecutionEnded: ErrorCode.WORKFLOW_EXECUTION_ENDED,
    WorkflowExecutionNotRetriable: ErrorCode.WORKFLOW_EXECUTION_NOT_RETRIABLE,
    OutputInvalid: ErrorCode.OUTPUT_INVALID,
    DestinationExists: ErrorCode.DESTINATION_EXISTS,
    DestinationClaimed: ErrorCode.DESTINATION_CLAIMED,
    SourceLeaving: ErrorCode.SOURCE_LEAVING,
    TransferOntoItself: ErrorCode.TRANSFER_ONTO_ITSELF,
    PathGivenTwice: ErrorCode.PATH_GIVEN_TWICE,
    PreviewFollowsFile: ErrorCode.PREVIEW_FOLLOWS_FILE,
    MetadataConflict: ErrorCode.METADATA_CONFLICT,
    AdoptedPrefixInvalid: ErrorCode.ADOPTED_PREFIX_INVALID,
    AdoptedPrefixTaken: ErrorCode.ADOPTED_PREFIX_TAKEN,
    AdoptedPrefixEmpty: ErrorCode.ADOPTED_PREFIX_EMPTY,
    AssetPrefixNotEmpty: ErrorCode.ASSET_PREFIX_NOT_EMPTY,
}


@strawberry.type(description="An expected refusal. Nothing was changed unless the payload says otherwise.")
class UserError:
    """One refusal in a payload."""

    code: ErrorCode = strawberry.field(description="What programs should look at.")
    message: str = strawberry.field(description="What was wrong and what to do, for people.")
    path: list[str] = strawberry.field(
        description="The input field at fault, outermost first; empty for the whole input."
    )


AWAY = (LedgerError, StoreUnavailable, psycopg.OperationalError)
"""What is raised while the database or the object store cannot be used."""


def said_of_away(error: Exception) -> str:
    """What callers are told of one of AWAY; where it may have been a command, whether anything was recorded."""
    return DATABASE_AWAY if isinstance(error, psycopg.OperationalError) else str(error)


def unavailable(error: Exception) -> UserError:
    """The refusal of a service that is away."""
    return UserError(code=ErrorCode.UNAVAILABLE, message=said_of_away(error), path=[])


def code_of(error: errors.DomainError) -> ErrorCode:
    """The code of the error's class, or of the nearest base that has one."""
    return next(CODES[base] for base in type(error).__mro__ if base in CODES)


def user_error(error: errors.DomainError) -> UserError:
    """The refusal as it goes into a payload."""
    return UserError(code=code_of(error), message=error.message, path=list(error.path))


def user_errors(error: errors.DomainError) -> list[UserError]:
    """The refusals as they go into a payload: one, or one for each refused item of a bulk command."""
    refused = error.errors if isinstance(error, ItemsRefused) else (error,)
    return [user_error(one) for one in refused]


def code_named(class_name: str) -> ErrorCode:
    """The code of the domain error whose class has this name; CONFLICT for one that is gone."""
    found = (kind for kind in _descendants(errors.DomainError) if kind.__name__ == class_name)
    kind = next(found, errors.Conflict)
    return next(CODES[base] for base in kind.__mro__ if base in CODES)


def _descendants(kind: type[errors.DomainError]) -> Iterator[type[errors.DomainError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


def client_error(error: errors.DomainError) -> ClientError:
    """The refusal as it goes into the errors of a query, which has no payload."""
    return ClientError(error.message, code_of(error).value)
