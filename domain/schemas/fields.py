"""What a metadata schema is about, and the fields it is made of."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from domain.metadata import MetadataValueType

GLOBAL = "GLOBAL"
"""In place of a database's id: the schema is for all of them."""


class MetadataEntityType(StrEnum):
    """Whose entries a schema is for."""

    DATABASE_METADATA = "databaseMetadata"
    ASSET_METADATA = "assetMetadata"
    FILE_METADATA = "fileMetadata"
    FILE_ATTRIBUTE = "fileAttribute"
    ASSET_LINK_METADATA = "assetLinkMetadata"


OF_FILES = frozenset({MetadataEntityType.FILE_METADATA, MetadataEntityType.FILE_ATTRIBUTE})


class SchemaField(msgspec.Struct, frozen=True, kw_only=True):
    """One key that a schema describes."""

    key: str
    value_type: MetadataValueType
    is_required: bool = False
    sequence: int = 0
    """Place in a form, ascending; fields of one place come by key."""
    depends_on: tuple[str, ...] = ()
    """Keys of the same schema that need a value before this one may have any."""
    controlled_list: tuple[str, ...] = ()
    """The values that a controlled list takes, in order; empty for every other type."""
    default: str | None = None

    @property
    def rule(self) -> tuple[object, ...]:
        """What two schemas of one entity must agree on: all but its place in a form and the order of lists."""
        lists = frozenset(self.depends_on), frozenset(self.controlled_list)
        return self.value_type, self.is_required, self.default, *lists
