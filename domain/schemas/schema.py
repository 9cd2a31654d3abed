"""One metadata schema: where it applies, and where it disagrees with another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.schemas.definition import Definition
from domain.schemas.fields import GLOBAL, MetadataEntityType, SchemaField


@dataclass(frozen=True)
class MetadataSchema:
    """What commands need to know of a schema."""

    metadata_schema_id: str
    database_id: str
    entity_type: MetadataEntityType
    definition: Definition
    is_enabled: bool = True
    revision: int = 1
    """The number of the schema's own events since it was created."""

    @property
    def title(self) -> str:
        """How refusals name it."""
        return f"{self.definition.schema_name!r} ({self.database_id}, id {self.metadata_schema_id})"

    def applies(self, entity_type: MetadataEntityType, databases: frozenset[str], extension: str | None) -> bool:
        """Whether it counts for an entity of these databases; `extension` is a file's, in lower case with its dot."""
        allowed = self.definition.file_key_type_restriction
        return (
            self.is_enabled
            and self.entity_type is entity_type
            and (self.database_id == GLOBAL or self.database_id in databases)
            and (not allowed or extension in allowed)
        )

    def meets(self, other: MetadataSchema) -> bool:
        """Whether there can be an entity that both apply to, when both are enabled."""
        if self.entity_type is not other.entity_type:
            return False
        # A link may go from any database to any other, so all schemas of links can meet.
        if self.entity_type is not MetadataEntityType.ASSET_LINK_METADATA:
            databases = {self.database_id, other.database_id}
            if len(databases) > 1 and GLOBAL not in databases:
                return False
        ours, theirs = self.definition.file_key_type_restriction, other.definition.file_key_type_restriction
        return not ours or not theirs or not set(ours).isdisjoint(theirs)

    def disagreements(self, other: MetadataSchema) -> Iterator[tuple[str, str]]:
        """Keys that the two describe differently, with the words for what differs."""
        theirs = {field.key: field for field in other.definition.fields}
        for field in self.definition.fields:
            if field.key in theirs and field.rule != theirs[field.key].rule:
                yield field.key, " and ".join(_differences(field, theirs[field.key]))


def _differences(ours: SchemaField, theirs: SchemaField) -> Iterator[str]:
    names = ("value type", "required", "default", "dependsOn", "controlled list")
    for name, mine, other in zip(names, ours.rule, theirs.rule, strict=True):
        if mine != other:
            yield name
