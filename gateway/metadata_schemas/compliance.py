"""Which entities do not comply with the metadata schemas that apply to them, found by SQL a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import strawberry

from domain.schemas.errors import NonComplianceReason
from domain.schemas.fields import MetadataEntityType
from gateway.assets.types import Asset
from gateway.databases.types import Database
from gateway.files.types import File
from gateway.links.types import AssetLink
from gateway.metadata_schemas.governing import ASSET, DATABASE, FILE, FILE_ATTRIBUTES, LINK, SCHEMA_FIELDS, Governed
from gateway.metadata_schemas.types import MetadataSchema
from gateway.reads.plan import Plan
from gateway.reads.selection import Selected
from gateway.reads.sources import Column, Field, Many, Narrowing, One, OrderKey, Pages, Source


@strawberry.type(description="A key of an entity that does not comply.")
class MetadataFault:
    """A fault."""

    key: str = strawberry.field(description="The key.")
    reasons: list[NonComplianceReason] = strawberry.field(description="What is wrong with it; at least one.")
    schemas: list[MetadataSchema] = strawberry.field(
        description="The schemas that say so, by id; none for KEY_OUTSIDE_SCHEMAS."
    )


@strawberry.type(description="A database, asset, file or link whose entries do not all comply with metadata schemas.")
class NonCompliantEntity:
    """An entity with faults."""

    entity_type: MetadataEntityType = strawberry.field(description="Whose entries these are.")
    database_id: str | None = strawberry.field(description="Its database; null for a link.")
    asset_id: str | None = strawberry.field(description="Its asset; null for a database and for a link.")
    path: str | None = strawberry.field(description="Path of a file.")
    asset_link_id: strawberry.ID | None = strawberry.field(description="Id of a link.")
    database: Database | None = strawberry.field(description="The database; null for other entities.")
    asset: Asset | None = strawberry.field(description="The asset, or that of the file; null for other entities.")
    file: File | None = strawberry.field(description="The file; null for other entities.")
    asset_link: AssetLink | None = strawberry.field(description="The link; null for other entities.")
    faults: list[MetadataFault] = strawberry.field(description="Everything about it that does not comply, by key.")


@dataclass(frozen=True)
class Scan:
    """How entities of one kind are gone through: rows `o` of a table, those that can be changed, by their key."""

    governed: Governed
    table: str
    is_changeable: str
    key: tuple[str, ...]
    fields: Mapping[str, Field]


_DATABASE_KEY = "{t}.database_id = {p}.database_id"
_ASSET_KEY = f"{_DATABASE_KEY} AND {{t}}.asset_id = {{p}}.asset_id"
_NONE = dict.fromkeys(
    ("databaseId", "assetId", "path", "assetLinkId", "database", "asset", "file", "assetLink"), Column("NULL::text")
)
_OF_ASSET: Mapping[str, Field] = {
    **_NONE,
    "databaseId": Column("{t}.database_id"),
    "assetId": Column("{t}.asset_id"),
    "asset": One("Asset", _ASSET_KEY),
}
_OF_FILE: Mapping[str, Field] = {
    **_OF_ASSET,
    "path": Column("{t}.path"),
    "file": One("File", f"{_ASSET_KEY} AND {{t}}.path = {{p}}.path"),
}
_FILES = (
    "asset_files",
    "o.archived_at IS NULL AND EXISTS (SELECT FROM asset_storage a WHERE a.database_id = o.database_id"
    " AND a.asset_id = o.asset_id AND a.archived_at IS NULL OFFSET 0)",
    ("database_id", "asset_id", "path"),
    _OF_FILE,
)
SCANS = {
    MetadataEntityType.DATABASE_METADATA: Scan(
        DATABASE,
        "database_storage",
        "o.archived_at IS NULL",
        ("database_id",),
        {**_NONE, "databaseId": Column("{t}.database_id"), "database": One("Database", _DATABASE_KEY)},
    ),
    MetadataEntityType.ASSET_METADATA: Scan(
        ASSET, "asset_storage", "o.archived_at IS NULL", ("database_id", "asset_id"), _OF_ASSET
    ),
    MetadataEntityType.FILE_METADATA: Scan(FILE, *_FILES),
    MetadataEntityType.FILE_ATTRIBUTE: Scan(FILE_ATTRIBUTES, *_FILES),
    MetadataEntityType.ASSET_LINK_METADATA: Scan(
        LINK,
        "asset_links_storage",
        "true",
        ("asset_link_id",),
        {
            **_NONE,
            "assetLinkId": Column("{t}.asset_link_id"),
            "assetLink": One("AssetLink", "{t}.asset_link_id = {p}.asset_link_id"),
        },
    ),
}
GOVERNING = "governing"
"""The fields of enabled schemas of the kind, read once a statement."""


def non_compliant(plan: Plan, field: Selected, arguments: Mapping[str, Any]) -> str:
    """SQL of the field nonCompliantEntities."""
    kind = MetadataEntityType(arguments["entityType"])
    plan.prelude = prelude(kind)
    order = tuple(OrderKey(f"{{t}}.{column}", "text") for column in SCANS[kind].key)
    return plan.pages(field.nodes, Pages(_source_name(kind), "true", order), None, arguments)


def prelude(kind: MetadataEntityType) -> str:
    """WITH clause of the fields of this kind."""
    return (
        f"WITH {GOVERNING} AS MATERIALIZED (SELECT * FROM {SCHEMA_FIELDS}"
        f" WHERE enabled AND metadata_entity_type = '{kind}') "
    )


def rows_of(scan: Scan) -> Callable[[Narrowing], str]:
    """Makes the FROM item of the entities with faults, under the prelude, from the field's arguments."""

    def rows(narrowing: Narrowing) -> str:
        governed, arguments = scan.governed, narrowing.arguments
        conditions = [scan.is_changeable]
        schema_id, database_id = arguments.get("metadataSchemaId"), arguments.get("databaseId")
        if database_id is not None:
            conditions.append(f"{narrowing.bind(database_id)} IN ({governed.databases})")
        of_schema = "" if schema_id is None else f" AND f.metadata_schema_id = {narrowing.bind(str(schema_id))}"
        reasons = governed.reasons("f", "m", governed.entries)
        # The OFFSET keeps the planner from turning the search for a fault of one row into a join of all rows.
        fault = (
            f"EXISTS (SELECT FROM {GOVERNING} f LEFT JOIN {governed.entries} m ON {governed.of('m', 'f.key')}"
            f" WHERE {governed.applies('f')}{of_schema} AND cardinality({reasons}) > 0 OFFSET 0)"
        )
        if schema_id is None:
            fault += f" OR ({_is_closed(governed, GOVERNING)} AND EXISTS ({_outside(governed, GOVERNING)} OFFSET 0))"
        conditions.append(f"({fault})")
        where = " AND ".join(conditions).replace("{p}", "o")
        return f"(SELECT o.* FROM {scan.table} o WHERE {where})"

    return rows


def _is_closed(governed: Governed, fields: str) -> str:
    """Condition that the entity may have keys of its schemas only."""
    return (
        f"EXISTS (SELECT FROM database_storage b WHERE b.database_id IN ({governed.databases})"
        " AND b.restrict_metadata_outside_schemas)"
        f" AND EXISTS (SELECT FROM {fields} c WHERE {governed.applies('c')} AND NOT c.allows_other_keys)"
    )


def _outside(governed: Governed, fields: str) -> str:
    """The entries whose keys no schema has."""
    key = f"m.{governed.prefix}_key"
    return (
        f"SELECT {key} AS key, ARRAY['KEY_OUTSIDE_SCHEMAS'] AS reasons, ARRAY[]::text[] AS schema_ids"
        f" FROM {governed.entries} m WHERE {governed.owned.replace('<m>', 'm')}"
        f" AND NOT EXISTS (SELECT FROM {fields} x WHERE {governed.applies('x')} AND x.key = {key})"
    )


def _faults(governed: Governed) -> Source:
    described = (
        f"SELECT g.key, g.reasons, g.schema_ids FROM {governed.fields(governed.entries)} g"
        " WHERE cardinality(g.reasons) > 0"
    )
    outside = f"{_outside(governed, SCHEMA_FIELDS)} AND {_is_closed(governed, SCHEMA_FIELDS)}"
    return Source(
        "MetadataFault",
        f"({described} UNION ALL {outside})",
        {
            "key": Column("{t}.key"),
            "reasons": Column("to_json({t}.reasons)"),
            "schemas": Many("MetadataSchema", "{t}.metadata_schema_id = ANY({p}.schema_ids)", "{t}.metadata_schema_id"),
        },
    )


def _source_name(kind: MetadataEntityType) -> str:
    return f"NonCompliant:{kind}"


def _sources() -> dict[str, Source]:
    found: dict[str, Source] = {}
    for kind, scan in SCANS.items():
        fields: dict[str, Field] = {
            **scan.fields,
            "entityType": Column(f"'{kind.name}'::text"),
            "faults": Many(f"MetadataFault:{kind}", "true", "{t}.key"),
        }
        found[_source_name(kind)] = Source("NonCompliantEntity", "", fields, rows=rows_of(scan))
        found[f"MetadataFault:{kind}"] = _faults(scan.governed)
    return found


SOURCES = _sources()
