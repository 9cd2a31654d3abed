"""Refusals about metadata schemas, and about metadata that does not comply with them."""

from __future__ import annotations

from enum import StrEnum

from domain.errors import AlreadyExists, Conflict, Invalid, NotFound


class MetadataSchemaNotFound(NotFound):
    """No schema has this id."""

    def __init__(self, metadata_schema_id: str) -> None:
        super().__init__("metadata schema", metadata_schema_id, path=("metadataSchemaId",))


class MetadataSchemaAlreadyExists(AlreadyExists):
    """The id is taken."""

    def __init__(self, metadata_schema_id: str) -> None:
        super().__init__(
            f"There is already a metadata schema {metadata_schema_id!r}: update it, or choose another id.",
            path=("metadataSchemaId",),
        )


class MetadataSchemaInvalid(Invalid):
    """The definition breaks a rule, whatever other schemas say."""


class MetadataSchemasDisagree(Conflict):
    """An enabled schema that can apply to the same entity says something else about the same key."""

    def __init__(self, key: str, other: str, differences: str) -> None:
        super().__init__(
            f"The field {key!r} differs in {differences} from that of the enabled schema {other}, which can apply to "
            "the same metadata: make them agree, rename the key, or disable one of the two.",
            path=("fields",),
        )
        self.key = key
        self.other = other


class NonComplianceReason(StrEnum):
    """Why an entry, or the lack of one, does not comply with the schemas."""

    VALUE_TYPE_DIFFERS = "VALUE_TYPE_DIFFERS"
    VALUE_NOT_IN_LIST = "VALUE_NOT_IN_LIST"
    REQUIRED_VALUE_MISSING = "REQUIRED_VALUE_MISSING"
    DEPENDENCY_MISSING = "DEPENDENCY_MISSING"
    KEY_OUTSIDE_SCHEMAS = "KEY_OUTSIDE_SCHEMAS"


class MetadataNotCompliant(Conflict):
    """A change touches a key in a way that the schemas do not allow."""

    def __init__(self, key: str, reason: NonComplianceReason, message: str, *, path: tuple[str, ...]) -> None:
        super().__init__(message, path=path)
        self.key = key
        self.reason = reason


class MetadataValueTypeFixed(Conflict):
    """The key has a value of another type, and no schema gives it a new one."""

    def __init__(self, key: str, value_type: str, *, path: tuple[str, ...]) -> None:
        super().__init__(
            f"The value of {key!r} is a {value_type}: give that valueType, or remove the key first.", path=path
        )
