"""Every table, key, index, attribute and stream of the seed's page is in the database, under both of its names."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import pytest
from psycopg import Connection
from psycopg.sql import SQL, Identifier, Literal

from tests.projections.vams.seed_page import SeedTable, seed_tables

TABLES = seed_tables()

BASE_TABLES = {
    "AssetLinksMetadataStorageTable": "asset_link_metadata_storage",
    "AuthEntitiesStorageTable": "constraints_storage",
}
"""Base tables whose name is not the seed's in snake case. The auth entities are what the constraints were before."""
PRIMARY_KEYS = {
    "AuthEntitiesStorageTable": {"constraint_id"},
    "CommentStorageTable": {"database_id", "asset_id", "comment_id"},
    "SubscriptionsStorageTable": {"subscription_id"},
}
"""Comments are of an asset of a database, not of an asset id; subscriptions are one row each, not one an asset."""
INDEXES = {
    ("ConstraintsStorageTable", "GroupPermissionsIndex"): ("constraint_permissions", "principal_kind", "principal_id"),
    ("ConstraintsStorageTable", "UserPermissionsIndex"): ("constraint_permissions", "principal_kind", "principal_id"),
}
"""Where an index is not one of the base table: there and on these columns."""
CONSTANTS = {"eventName": "Asset Version Change", "entityType": "constraint"}
"""Partition keys that are the same in every row, so that their tables are read by both keys."""

COLUMNS_OF = "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
INDEX_COLUMNS = """
SELECT array_agg(a.attname::text ORDER BY k.place)
FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k (column_number, place)
JOIN pg_attribute a ON a.attnum = k.column_number
WHERE i.indrelid = %s::regclass AND a.attrelid = i.indrelid
GROUP BY i.indexrelid, i.indisprimary HAVING i.indisprimary OR NOT %s
"""


def snake(attribute: str) -> str:
    """`bucketName` as a column: bucket_name."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", attribute).lower()


def parts(*attributes: str | None) -> list[str]:
    """The columns that composite attributes are made of, in order."""
    return [snake(part) for attribute in attributes if attribute for part in attribute.split(":")]


def base_table(table: SeedTable) -> str:
    return BASE_TABLES.get(table.name, re.sub("_table(_?v2)?$", "", snake(table.name.replace("S3A", "S3_a"))))


def found(tables: Connection[Any], query: str, *parameters: object) -> list[Any]:
    return [row[0] for row in tables.execute(query, parameters)]


def of_all(test: Any) -> Any:
    return pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)(test)


def test_the_page_has_27_tables() -> None:
    assert len(TABLES) == len({table.name for table in TABLES}) == 27


@of_all
def test_the_base_table_has_the_primary_key_of_the_seed(tables: Connection[Any], table: SeedTable) -> None:
    name = base_table(table)
    (key,) = found(tables, INDEX_COLUMNS, name, True)
    expected = PRIMARY_KEYS.get(table.name, set(parts(*table.keys)))
    # An id of its own needs no second column to be unique; the second is then a column of the table.
    assert set(key) == expected or (len(key) == 1 and set(key) < expected)
    if table.name not in PRIMARY_KEYS:
        assert expected <= set(found(tables, COLUMNS_OF, name))


@pytest.mark.parametrize(
    ("table", "index"),
    [(table, index) for table in TABLES for index in table.indexes],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_an_index_begins_with_the_columns_of_the_seeds(tables: Connection[Any], table: SeedTable, index: str) -> None:
    place, *columns = INDEXES.get((table.name, index), (base_table(table), *parts(*table.indexes[index])))
    assert columns in [key[: len(columns)] for key in found(tables, INDEX_COLUMNS, place, False)]


@of_all
def test_the_view_has_the_attributes_of_the_seed(tables: Connection[Any], table: SeedTable) -> None:
    wanted = {*table.keys, *table.attributes}
    wanted |= {key for keys in table.indexes.values() for key in keys if key}
    assert wanted <= set(found(tables, COLUMNS_OF, f'vams_g1."{table.name}"'))


@pytest.mark.parametrize(
    ("table", "keys"),
    [(table, keys) for table in TABLES for keys in [table.keys, *table.indexes.values()]],
    ids=lambda value: "/".join(str(key) for key in value) if isinstance(value, tuple) else value.name,
)
def test_a_lookup_by_the_views_key_reads_an_index(
    tables: Connection[Any], table: SeedTable, keys: tuple[str, str | None]
) -> None:
    """With whole tables out of question, a scan without a condition on its index has no index for it."""
    asked = keys if keys[0] in CONSTANTS else keys[:1]
    conditions = [SQL("{} = {}").format(Identifier(key), Literal(CONSTANTS.get(key, "x"))) for key in asked if key]
    query = SQL("EXPLAIN (FORMAT JSON) SELECT * FROM {} WHERE {}").format(
        Identifier("vams_g1", table.name), SQL(" AND ").join(conditions)
    )
    tables.execute("SET LOCAL enable_seqscan = off")
    plan = tables.execute(query).fetchone()
    assert plan
    unguided = [scan for scan in _scans(plan[0][0]["Plan"]) if "Index Cond" not in scan]
    assert unguided == []


def _scans(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The nodes that read a table or an index; a bitmap heap scan reads what its index found."""
    inner = [scan for child in plan.get("Plans", ()) for scan in _scans(child)]
    others = ("Bitmap Heap Scan", "Subquery Scan", "Function Scan")
    reads = plan["Node Type"].endswith("Scan") and plan["Node Type"] not in others
    return [plan, *inner] if reads else inner


@of_all
def test_the_list_of_tables_tells_views_base_tables_and_streams(table: SeedTable) -> None:
    readme = files("projections.vams").joinpath("README.md").read_text("utf-8")
    (row,) = re.findall(rf"^\| `{table.name}` \|.*$", readme, re.MULTILINE)
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1] == f"`{base_table(table)}`"
    assert (cells[2] != "") == table.has_stream
