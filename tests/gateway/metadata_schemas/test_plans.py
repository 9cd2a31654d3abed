"""The search for what does not comply follows the key of the entities, and stops when a page is full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from domain.schemas.fields import MetadataEntityType
from gateway.metadata_schemas.compliance import SCANS, prelude, rows_of
from gateway.reads.sources import Narrowing
from projections.printing import Target
from projections.vams.projection import TablesProjection

FILES = 3_000
GROWN = """
INSERT INTO asset_storage (database_id, asset_id, asset_name, asset_type, description, is_distributable, tags,
    bucket_id, s3_bucket, asset_location, created_at, updated_at, revision, position)
VALUES ('shows', 'a', 'a', 'none', 'd', true, '{}', 'b', 'media', 'a/', now(), now(), 1, 1);
INSERT INTO asset_files (database_id, asset_id, path, s3_bucket, s3_key, s3_version_id, size_bytes, etag, content_type,
    last_modified, file_extension, revision, position)
SELECT 'shows', 'a', 'f' || to_char(n, 'FM00000') || '.exr', 'm', 'k' || n, 'v', 1, 'e', 'c', now(), '.exr', 1, 1
FROM generate_series(1, %(files)s) n;
INSERT INTO asset_file_metadata_storage
SELECT 'shows', 'a', path, 'unit', 'A', 'string', 1 FROM asset_files;
INSERT INTO file_attribute_storage SELECT * FROM asset_file_metadata_storage;
INSERT INTO metadata_schema_storage
SELECT 's', 'shows', kind, 's', '{}', jsonb_build_array(jsonb_build_object(
    'metadataFieldKeyName', 'lens', 'metadataFieldValueType', 'number', 'required', true, 'sequence', 0,
    'dependsOnFieldKeyName', '[]'::jsonb, 'controlledListKeys', '[]'::jsonb)), false, true, now(), now(), 'x', 'x', 1, 1
FROM unnest(ARRAY['fileMetadata', 'fileAttribute', 'assetMetadata', 'databaseMetadata', 'assetLinkMetadata']) AS kind;
"""


@pytest.fixture
def tables(empty_database_url: str) -> Iterator[Connection[Any]]:
    """A print with many files, none of which has what a schema requires."""
    with psycopg.connect(empty_database_url) as connection:
        projection = TablesProjection()
        projection.create(connection, generation=1)
        projection.use(connection, target=Target(1, is_live=False))
        psycopg.ClientCursor(connection).execute(GROWN, {"files": FILES})
        yield connection
        connection.rollback()


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


@pytest.mark.parametrize("is_analyzed", [False, True])
@pytest.mark.parametrize("kind", [MetadataEntityType.FILE_METADATA, MetadataEntityType.FILE_ATTRIBUTE])
def test_a_page_reads_the_files_that_it_shows(
    tables: Connection[Any], kind: MetadataEntityType, is_analyzed: bool
) -> None:
    if is_analyzed:
        tables.execute("ANALYZE")
    narrowing = Narrowing(lambda value, _="": f"'{value}'", {}, "t", "", None)
    order = ", ".join(f"t.{column}" for column in SCANS[kind].key)
    query = f"{prelude(kind)} SELECT * FROM {rows_of(SCANS[kind])(narrowing)} t ORDER BY {order} LIMIT 51"
    (explained,) = tables.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}".encode()).fetchall()
    plan = explained[0][0]["Plan"]
    assert plan["Actual Rows"] == 51
    assert "Sort" not in {node["Node Type"] for node in _nodes(plan)}
    (files,) = [node for node in _nodes(plan) if node.get("Relation Name") == "asset_files"]
    assert (files["Node Type"], files["Index Name"], files["Actual Rows"]) == ("Index Scan", "asset_files_pkey", 51)
    entries = [node for node in _nodes(plan) if node.get("Relation Name") == SCANS[kind].governed.entries]
    assert {node["Node Type"] for node in entries} <= {"Index Scan", "Index Only Scan"}
