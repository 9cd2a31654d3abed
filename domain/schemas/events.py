"""What happened to metadata schemas."""

from __future__ import annotations

from domain.event import Event
from domain.schemas.fields import MetadataEntityType, SchemaField


class MetadataSchemaEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one schema."""

    metadata_schema_id: str
    database_id: str
    """GLOBAL for a schema of every database."""
    entity_type: MetadataEntityType


class MetadataSchemaCreated(MetadataSchemaEvent, frozen=True, kw_only=True):
    """A description of metadata exists from now on."""

    TOPIC = "metadata-schema-created"
    schema_name: str
    fields: tuple[SchemaField, ...]
    file_key_type_restriction: tuple[str, ...] = ()
    """Lower-case extensions, with their dot, of the files it is for; empty is for all."""
    allows_other_keys: bool = False
    """Whether databases that restrict metadata to schemas still take other keys beside it."""
    is_enabled: bool = True


class MetadataSchemaRedefined(MetadataSchemaEvent, frozen=True, kw_only=True):
    """The schema says this from now on; entries that are there already stay as they are."""

    TOPIC = "metadata-schema-redefined"
    schema_name: str
    fields: tuple[SchemaField, ...]
    file_key_type_restriction: tuple[str, ...]
    allows_other_keys: bool


class MetadataSchemaEnabled(MetadataSchemaEvent, frozen=True, kw_only=True):
    """The schema counts from now on."""

    TOPIC = "metadata-schema-enabled"


class MetadataSchemaDisabled(MetadataSchemaEvent, frozen=True, kw_only=True):
    """The schema is kept and does not count."""

    TOPIC = "metadata-schema-disabled"


class MetadataSchemaDeleted(MetadataSchemaEvent, frozen=True, kw_only=True):
    """The schema is gone; entries that it described stay."""

    TOPIC = "metadata-schema-deleted"


EVENTS: tuple[type[Event], ...] = (
    MetadataSchemaCreated,
    MetadataSchemaRedefined,
    MetadataSchemaEnabled,
    MetadataSchemaDisabled,
    MetadataSchemaDeleted,
)
