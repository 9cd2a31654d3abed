"""The words of constraints (VAMS, `vams.md` section 2.2): object types with their fields, operators, permissions."""

from __future__ import annotations

from enum import StrEnum


class ObjectType(StrEnum):
    """What a constraint is about."""

    API = "api"
    WEB = "web"
    DATABASE = "database"
    ASSET = "asset"
    PIPELINE = "pipeline"
    WORKFLOW = "workflow"
    METADATA_SCHEMA = "metadataSchema"
    TAG = "tag"
    TAG_TYPE = "tagType"
    ROLE = "role"
    USER_ROLE = "userRole"


class Operator(StrEnum):
    """How a field is compared with a value; none of them takes patterns."""

    EQUALS = "equals"
    CONTAINS = "contains"
    DOES_NOT_CONTAIN = "does_not_contain"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    IS_ONE_OF = "is_one_of"
    IS_NOT_ONE_OF = "is_not_one_of"


class Permission(StrEnum):
    """What is allowed or denied."""

    GET = "GET"
    PUT = "PUT"
    POST = "POST"
    DELETE = "DELETE"


class PermissionType(StrEnum):
    """Allowed or denied; a denial wins."""

    ALLOW = "allow"
    DENY = "deny"


FIELDS: dict[ObjectType, frozenset[str]] = {
    ObjectType.API: frozenset({"route__path"}),
    ObjectType.WEB: frozenset({"route__path"}),
    ObjectType.DATABASE: frozenset({"databaseId"}),
    ObjectType.ASSET: frozenset({"databaseId", "assetName", "assetType", "tags"}),
    ObjectType.PIPELINE: frozenset({"databaseId", "pipelineId", "pipelineType", "pipelineExecutionType"}),
    ObjectType.WORKFLOW: frozenset({"databaseId", "workflowId"}),
    ObjectType.METADATA_SCHEMA: frozenset({"databaseId", "metadataSchemaName", "metadataSchemaEntityType"}),
    ObjectType.TAG: frozenset({"tagName"}),
    ObjectType.TAG_TYPE: frozenset({"tagTypeName"}),
    ObjectType.ROLE: frozenset({"roleName"}),
    ObjectType.USER_ROLE: frozenset({"roleName", "userId"}),
}
LIST_FIELDS = frozenset({"tags"})
LIST_OPERATORS = frozenset({Operator.IS_ONE_OF, Operator.IS_NOT_ONE_OF})
"""They ask whether the value is a member of a list field, and fit no other field."""
