"""The rows of metadata schemas, one class a table."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class MetadataSchemaRow(NamedTuple):
    """A metadata schema; `fields` is JSON text, and `revision` counts its own events since it was created."""

    metadata_schema_id: str
    database_id: str
    metadata_entity_type: str
    schema_name: str
    file_key_type_restriction: list[str]
    fields: str
    allows_other_keys: bool
    enabled: bool
    date_created: datetime
    date_modified: datetime
    created_by: str
    modified_by: str
    revision: int
    position: int
