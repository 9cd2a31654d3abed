"""SQL of the fields that govern a row's entries, and of what does not comply with them.

Templates name the row that owns the entries `{p}`, and a row of the entries `<m>`.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.metadata_schemas.types import FIELD_COLUMNS
from gateway.reads.sources import Column, Field, Many, Source

SCHEMA_FIELDS = "metadata_schema_fields"


@dataclass(frozen=True)
class Governed:
    """A kind of row with entries: which schemas apply to it, and where its entries are."""

    entity_type: str
    """Expression of the entity type."""
    databases: str
    """Expressions of the ids of its databases."""
    entries: str
    """Table of the entries."""
    owned: str
    """Condition that an entry is of the row."""
    prefix: str = "metadata"
    extension: str | None = None
    """Expression of the extension, for files."""
    history: str | None = None

    def applies(self, field: str) -> str:
        """Condition that a row of fields is of a schema that counts for the row."""
        conditions = [
            f"{field}.enabled",
            f"{field}.metadata_entity_type = {self.entity_type}",
            f"{field}.database_id IN ('GLOBAL', {self.databases})",
        ]
        if self.extension:
            restriction = f"{field}.file_key_type_restriction"
            conditions.append(f"(cardinality({restriction}) = 0 OR {self.extension} = ANY({restriction}))")
        return " AND ".join(conditions)

    def of(self, entry: str, key: str) -> str:
        """Condition that an entry is the row's of this key."""
        return f"{self.owned.replace('<m>', entry)} AND {entry}.{self.prefix}_key = {key}"

    def reasons(self, field: str, entry: str, entries: str) -> str:
        """Array of the reasons why an entry (its columns are null where there is none) does not comply."""
        value, value_type = f"{entry}.{self.prefix}_value", f"{entry}.{self.prefix}_value_type"
        has_needed = f"SELECT FROM {entries} n WHERE {self.of('n', 'd.key')} AND n.{self.prefix}_value <> ''"
        cases = {
            "REQUIRED_VALUE_MISSING": f"{field}.required AND coalesce({value}, '') = ''",
            "VALUE_TYPE_DIFFERS": f"{value_type} <> {field}.value_type",
            "VALUE_NOT_IN_LIST": (
                f"{value} <> '' AND cardinality({field}.controlled_list) > 0"
                f" AND {value} <> ALL({field}.controlled_list)"
            ),
            "DEPENDENCY_MISSING": (
                f"{value} <> '' AND EXISTS (SELECT FROM unnest({field}.depends_on) AS d (key)"
                f" WHERE NOT EXISTS ({has_needed}))"
            ),
        }
        listed = ", ".join(f"CASE WHEN {condition} THEN '{reason}' END" for reason, condition in cases.items())
        return f"array_remove(ARRAY[{listed}], NULL)"

    def source(self, name: str) -> dict[str, Source]:
        """A source of the fields that govern the row it hangs from."""
        then = None
        if self.history:
            then = self.fields(
                f"(SELECT * FROM {self.history} WHERE valid_from <= {{as_of}}"
                " AND (valid_to IS NULL OR valid_to > {as_of}))"
            )
        return {name: Source("MetadataField", self.fields(self.entries), FIELDS, past=then)}

    def fields(self, entries: str) -> str:
        """FROM item of the fields of the row, each with its value in these entries and what is wrong with that."""
        return (
            f"(SELECT f.*, m.{self.prefix}_value AS value, {self.reasons('f', 'm', entries)} AS reasons FROM ("
            "SELECT v.key, min(v.value_type) AS value_type, bool_or(v.required) AS required,"
            " min(v.sequence) AS sequence, min(v.depends_on) AS depends_on, min(v.controlled_list) AS controlled_list,"
            " min(v.default_value) AS default_value, array_agg(v.metadata_schema_id) AS schema_ids"
            f" FROM {SCHEMA_FIELDS} v WHERE {self.applies('v')} GROUP BY v.key) f"
            f" LEFT JOIN {entries} m ON {self.of('m', 'f.key')})"
        )


FIELDS: dict[str, Field] = {
    **FIELD_COLUMNS,
    "value": Column("{t}.value"),
    "reasons": Column("to_json({t}.reasons)"),
    "schemas": Many("MetadataSchema", "{t}.metadata_schema_id = ANY({p}.schema_ids)", "{t}.metadata_schema_id"),
}
FIELD_ORDER = "{t}.sequence, {t}.key"

_ASSET = "<m>.database_id = {p}.database_id AND <m>.asset_id = {p}.asset_id"
_METADATA, _METADATA_HISTORY = "asset_file_metadata_storage", "asset_file_metadata_history"
_ATTRIBUTES, _ATTRIBUTE_HISTORY = "file_attribute_storage", "file_attribute_history"
_LINK = "(SELECT l.<end>_asset_database_id FROM asset_links_storage l WHERE l.asset_link_id = {p}.asset_link_id)"
_EXTENSION = "coalesce(lower(substring({p}.file_path from '[^/]([.][^./]+)$')), '')"
"""Of an entry's file; the row of a file has it in a column."""

DATABASE = Governed(
    "'databaseMetadata'",
    "{p}.database_id",
    "database_metadata_storage",
    "<m>.database_id = {p}.database_id",
    history="database_metadata_history",
)
ASSET = Governed(
    "'assetMetadata'",
    "{p}.database_id",
    _METADATA,
    f"{_ASSET} AND <m>.file_path = '/'",
    history=_METADATA_HISTORY,
)
FILE = Governed(
    "'fileMetadata'",
    "{p}.database_id",
    _METADATA,
    f"{_ASSET} AND <m>.file_path = {{p}}.path",
    extension="{p}.file_extension",
    history=_METADATA_HISTORY,
)
FILE_ATTRIBUTES = Governed(
    "'fileAttribute'",
    "{p}.database_id",
    _ATTRIBUTES,
    f"{_ASSET} AND <m>.file_path = {{p}}.path",
    prefix="attribute",
    extension="{p}.file_extension",
    history=_ATTRIBUTE_HISTORY,
)
LINK = Governed(
    "'assetLinkMetadata'",
    "{p}.from_asset_database_id, {p}.to_asset_database_id",
    "asset_link_metadata_storage",
    "<m>.asset_link_id = {p}.asset_link_id",
    history="asset_link_metadata_history",
)
"""Rows that own entries."""

_ASSET_OR_FILE = "CASE {p}.file_path WHEN '/' THEN 'assetMetadata' ELSE 'fileMetadata' END"
ENTRY = Governed(
    _ASSET_OR_FILE,
    "{p}.database_id",
    _METADATA,
    f"{_ASSET} AND <m>.file_path = {{p}}.file_path",
    extension=_EXTENSION,
    history=_METADATA_HISTORY,
)
ATTRIBUTE_ENTRY = Governed(
    "'fileAttribute'",
    "{p}.database_id",
    _ATTRIBUTES,
    f"{_ASSET} AND <m>.file_path = {{p}}.file_path",
    prefix="attribute",
    extension=_EXTENSION,
    history=_ATTRIBUTE_HISTORY,
)
VERSION_ENTRY = Governed(
    _ASSET_OR_FILE,
    "{p}.database_id",
    "asset_file_metadata_versions_storage",
    f"{_ASSET} AND <m>.asset_version_id = {{p}}.asset_version_id AND <m>.type = {{p}}.type"
    " AND <m>.file_path = {p}.file_path",
    extension=_EXTENSION,
)
LINK_ENTRY = Governed(
    "'assetLinkMetadata'",
    f"{_LINK.replace('<end>', 'from')}, {_LINK.replace('<end>', 'to')}",
    "asset_link_metadata_storage",
    "<m>.asset_link_id = {p}.asset_link_id",
    history="asset_link_metadata_history",
)
"""Entries, with the schemas of their owners. Those of DATABASE have what they need in columns of the same names."""

OWNER_SOURCES = {
    **DATABASE.source("DatabaseFields"),
    **ASSET.source("AssetFields"),
    **FILE.source("FileFields"),
    **FILE_ATTRIBUTES.source("FileAttributeFields"),
    **LINK.source("LinkFields"),
}
