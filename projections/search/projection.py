"""The search projection: folds batches of events into a print of search documents, by the same few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from domain.event import Recorded
from projections.printing import SchemaPrint, Target
from projections.search.changes import AssetKey, Changes, Row, changes
from projections.search.finishing import (
    DEFERRED_SQL,
    INDEXES_SQL,
    Step,
    begin_again,
    finish_next,
    is_unfinished,
    steps,
)

SCHEMA_SQL = files(__package__).joinpath("schema.sql").read_text("utf-8") + INDEXES_SQL

BUCKETS = """
INSERT INTO buckets
SELECT * FROM json_to_recordset(%s::json) AS r (bucket_id text, bucket_name text, base_assets_prefix text)
ON CONFLICT (bucket_id) DO UPDATE
SET bucket_name = excluded.bucket_name, base_assets_prefix = excluded.base_assets_prefix
"""

NEW_ASSETS = """
INSERT INTO assets
SELECT r.* FROM json_populate_recordset(NULL::assets, %s::json) AS r
"""

ASSETS = """
UPDATE assets a SET
    asset_name = coalesce(r.asset_name, a.asset_name),
    title = coalesce(r.title, a.title),
    name_words = coalesce(r.name_words, a.name_words),
    description = coalesce(r.description, a.description),
    description_words = coalesce(r.description_words, a.description_words),
    tags = coalesce(r.tags, a.tags),
    tag_words = coalesce(r.tag_words, a.tag_words),
    is_distributable = coalesce(r.is_distributable, a.is_distributable),
    is_archived = coalesce(r.is_archived, a.is_archived),
    preview_key = coalesce(r.preview_key, a.preview_key),
    version_name = coalesce(r.version_name, a.version_name),
    version_comment = coalesce(r.version_comment, a.version_comment),
    comment_words = coalesce(r.comment_words, a.comment_words),
    version_created_at = coalesce(r.version_created_at, a.version_created_at),
    position = r.position
FROM json_populate_recordset(NULL::assets, %s::json) AS r
WHERE a.database_id = r.database_id AND a.asset_id = r.asset_id
"""

VERSIONS = """
UPDATE assets a SET
    version_name = coalesce(r.version_name, a.version_name),
    version_comment = coalesce(r.version_comment, a.version_comment),
    comment_words = coalesce(r.comment_words, a.comment_words)
FROM json_to_recordset(%s::json) AS r (
    database_id text, asset_id text, number integer, version_name text, version_comment text, comment_words tsvector
)
WHERE a.database_id = r.database_id AND a.asset_id = r.asset_id
AND split_part(a.version_name, ' ', 1) = 'v' || r.number
"""

FILES = """
INSERT INTO files
SELECT r.* FROM json_populate_recordset(NULL::files, %s::json) AS r
ON CONFLICT (document_id) DO UPDATE SET
    s3_bucket = excluded.s3_bucket, s3_key = excluded.s3_key, s3_version_id = excluded.s3_version_id,
    etag = excluded.etag, size_bytes = excluded.size_bytes, last_modified = excluded.last_modified,
    position = excluded.position, is_archived = excluded.is_archived
"""

FILE_POSITIONS = """
UPDATE files f SET position = r.position, is_archived = coalesce(r.is_archived, f.is_archived)
FROM json_to_recordset(%s::json) AS r (document_id text, position bigint, is_archived boolean)
WHERE f.document_id = r.document_id
"""

PREVIEWS = """
INSERT INTO previews
SELECT r.* FROM json_populate_recordset(NULL::previews, %s::json) AS r
ON CONFLICT (document_id, s3_version_id) DO UPDATE SET preview_key = excluded.preview_key
"""

METADATA_REMOVED = """
DELETE FROM metadata m
USING json_to_recordset(%s::json) AS r (document_id text, kind text, key text)
WHERE m.document_id = r.document_id AND m.kind = r.kind AND m.key = r.key
"""

METADATA = """
INSERT INTO metadata
SELECT r.* FROM json_populate_recordset(NULL::metadata, %s::json) AS r
ON CONFLICT (document_id, kind, key) DO UPDATE SET
    value = excluded.value, searchable = excluded.searchable, number = excluded.number, moment = excluded.moment,
    latitude = excluded.latitude, longitude = excluded.longitude, words = excluded.words,
    word_bytes = excluded.word_bytes
"""

LINKS_REMOVED = """
DELETE FROM links l
USING json_to_recordset(%s::json) AS r (asset_link_id text)
WHERE l.asset_link_id = r.asset_link_id
"""

LINKS = """
INSERT INTO links
SELECT r.* FROM json_populate_recordset(NULL::links, %s::json) AS r
"""

GONE = """
WITH deleted AS (
    SELECT * FROM json_to_recordset(%(assets)s::json) AS r (database_id text, asset_id text)
), ids AS (
    SELECT unnest(%(gone)s::text[]) AS document_id
    UNION SELECT database_id || ':' || asset_id FROM deleted
    UNION SELECT f.document_id FROM files f JOIN deleted d USING (database_id, asset_id)
),
assets_gone AS (DELETE FROM assets a USING deleted d WHERE (a.database_id, a.asset_id) = (d.database_id, d.asset_id)),
files_gone AS (DELETE FROM files f USING ids WHERE f.document_id = ids.document_id),
metadata_gone AS (DELETE FROM metadata m USING ids WHERE m.document_id = ids.document_id),
previews_gone AS (DELETE FROM previews p USING ids WHERE p.document_id = ids.document_id),
documents_gone AS (
    DELETE FROM documents d USING ids WHERE d.document_id = ids.document_id RETURNING d.document_id, d.words
){noting}
INSERT INTO vocabulary AS v (word, documents)
SELECT word, -count(*) FROM (SELECT unnest(tsvector_to_array(words)) AS word FROM documents_gone) AS held
WHERE word ~ '^[^0-9#]{{4,32}}$'
GROUP BY word
ON CONFLICT (word) DO UPDATE SET documents = v.documents + excluded.documents
"""

# Two files decide it: with a second one an asset is a folder, whatever follows.
ASSET_TYPES = """
UPDATE assets a SET asset_type = t.asset_type
FROM (SELECT DISTINCT database_id, asset_id
      FROM json_to_recordset(%s::json) AS r (database_id text, asset_id text)) AS touched,
LATERAL (
    SELECT CASE count(*) WHEN 0 THEN 'none' WHEN 1 THEN coalesce(max(file_extension), 'unknown') ELSE 'folder' END
        AS asset_type
    FROM (SELECT file_extension FROM files f
          WHERE f.database_id = touched.database_id AND f.asset_id = touched.asset_id
          AND NOT f.is_archived AND NOT f.is_preview LIMIT 2) AS first_two
) AS t
WHERE a.database_id = touched.database_id AND a.asset_id = touched.asset_id AND a.asset_type <> t.asset_type
RETURNING a.database_id, a.asset_id
"""

DOCUMENTS = """
WITH touched_assets AS (
    SELECT * FROM json_to_recordset(%(assets)s::json) AS r (database_id text, asset_id text)
), touched_files AS (
    SELECT unnest(%(files)s::text[]) AS document_id
    UNION
    SELECT f.document_id FROM files f
    JOIN json_to_recordset(%(inherited)s::json) AS r (database_id text, asset_id text) USING (database_id, asset_id)
), fresh AS MATERIALIZED (
    SELECT d.* FROM asset_documents d JOIN touched_assets t USING (database_id, asset_id)
    UNION ALL
    SELECT d.* FROM file_documents d JOIN touched_files t USING (document_id)
), stale AS MATERIALIZED (
    SELECT d.words FROM documents d JOIN fresh f USING (document_id)
), written AS (
    INSERT INTO documents AS d (
        document_id, entity, database_id, asset_id, path, asset_type, tags, file_extension, is_archived, position,
        title, size_bytes, words, document
    )
    SELECT document_id, entity, database_id, asset_id, path, asset_type, tags, file_extension, is_archived, position,
        title, size_bytes, words, document
    FROM fresh
    ON CONFLICT (document_id) DO UPDATE SET
        asset_type = excluded.asset_type, tags = excluded.tags, is_archived = excluded.is_archived,
        position = excluded.position, title = excluded.title, size_bytes = excluded.size_bytes,
        words = excluded.words, document = excluded.document
    WHERE d.* IS DISTINCT FROM excluded.*
    RETURNING d.document_id
){noting}, counted AS (
    SELECT word, sum(documents) AS documents
    FROM (
        SELECT unnest(tsvector_to_array(words)) AS word, 1 AS documents FROM fresh
        UNION ALL
        SELECT unnest(tsvector_to_array(words)), -1 FROM stale
    ) AS held
    WHERE word ~ '^[^0-9#]{{4,32}}$'
    GROUP BY word
    HAVING sum(documents) <> 0
)
INSERT INTO vocabulary AS v (word, documents)
SELECT word, documents FROM counted
ON CONFLICT (word) DO UPDATE SET documents = v.documents + excluded.documents
"""

NOTING = """, noted AS (
    INSERT INTO {touched} SELECT document_id FROM {source} ON CONFLICT DO NOTHING
)"""

UNUSED_WORDS = "DELETE FROM vocabulary WHERE documents = 0"


class SearchProjection(SchemaPrint):
    """Documents of assets and files; the live print is the schema `search`, which questions name."""

    rest_seconds = 0.03
    """Tables, which share processors with it, are what callers wait for."""
    shape = 5

    def __init__(self, schema_sql: str = SCHEMA_SQL) -> None:
        super().__init__("search", schema_sql)

    def defer(self, connection: Connection[Any], *, generation: int) -> None:
        """See Projection.defer: what the log says is kept, documents are made of it in complete()."""
        self.use(connection, target=Target(generation, is_live=False))
        connection.execute(DEFERRED_SQL.encode())

    def complete(self, connection: Connection[Any], *, generation: int) -> None:
        """See Projection.complete."""
        todo = self._steps(generation)
        is_going_on = True
        while is_going_on:
            with connection.transaction():
                self.use(connection, target=Target(generation, is_live=False))
                is_going_on = is_unfinished(connection) and finish_next(connection, todo)

    def _steps(self, generation: int) -> dict[str, Step]:
        del generation
        return steps()

    def prepare(self, batch: Sequence[Recorded], *, target: Target) -> None:
        """Nothing: the documents are in Postgres and are written with the position."""

    def apply(self, batch: Sequence[Recorded], connection: Connection[Any], *, target: Target) -> None:
        """See Projection.apply."""
        self.use(connection, target=target)
        is_filling = not target.is_live and is_unfinished(connection)
        if is_filling:
            begin_again(connection)
        fold_batch(batch, connection, is_filling=is_filling)


def fold_batch(
    batch: Sequence[Recorded], connection: Connection[Any], *, touched: str | None = None, is_filling: bool = False
) -> None:
    """Bring the print in the connection's search path from before the batch to after it.

    The rows that result do not depend on where one batch ends and the next begins. `touched` names a table that is
    given the ids of the documents that the events are about, also where these undo each other: whoever copies the
    documents may have copied what a shorter batch, which was rolled back, made of them. While
    `is_filling`, there are no documents yet.
    """
    found = changes(batch)
    _write(connection, BUCKETS, found.buckets.values())
    _write(connection, NEW_ASSETS, ({"asset_type": "none"} | row for row in found.new_assets.values()))
    _write(connection, ASSETS, found.assets.values())
    _write(connection, VERSIONS, found.versions.values())
    _take_away(connection, found, touched=touched)
    _write(connection, FILES, found.files.values())
    _write(connection, FILE_POSITIONS, found.file_positions.values())
    _write(connection, PREVIEWS, found.previews.values())
    removed = (key for key, row in found.metadata.items() if row is None)
    _write(connection, METADATA_REMOVED, (dict(zip(("document_id", "kind", "key"), k, strict=True)) for k in removed))
    _write(connection, METADATA, (row for row in found.metadata.values() if row is not None))
    _write(connection, LINKS_REMOVED, ({"asset_link_id": key} for key, row in found.links.items() if row is None))
    _write(connection, LINKS, (row for row in found.links.values() if row is not None))
    if is_filling:
        return
    found.inherited.update(_changed_types(connection, found))
    if touched:
        # Files that came and went may have given the asset another type for a while.
        found.inherited.update(found.assets_files_came_to & found.assets_files_left)
    _refresh_documents(connection, found, touched=touched)


def _take_away(connection: Connection[Any], found: Changes, *, touched: str | None) -> None:
    """Delete what there was of the files and assets that went before the successors of files are written."""
    if found.gone or found.gone_assets:
        noting = NOTING.format(touched=touched, source="ids") if touched else ""
        connection.execute(GONE.format(noting=noting), {"gone": sorted(found.gone), "assets": _keys(found.gone_assets)})
        connection.execute(UNUSED_WORDS)


def _write(connection: Connection[Any], statement: str, rows: Iterable[Row]) -> None:
    listed = list(rows)
    if listed:
        connection.execute(statement, [_json(listed)])


def _json(rows: list[Row]) -> str:
    return msgspec.json.encode(rows).decode()


def _changed_types(connection: Connection[Any], found: Changes) -> list[AssetKey]:
    assets = found.assets_files_came_to | found.assets_files_left
    if not assets:
        return []
    return connection.cursor(row_factory=tuple_row).execute(ASSET_TYPES, [_keys(assets)]).fetchall()


def _refresh_documents(connection: Connection[Any], found: Changes, *, touched: str | None) -> None:
    assets = {*found.new_assets, *found.assets, *found.inherited, *found.linked}
    files = {*found.files, *found.file_positions, *(document for document, _ in found.previews)}
    if not assets and not files:
        return
    statement = DOCUMENTS.format(noting=NOTING.format(touched=touched, source="fresh") if touched else "")
    connection.execute(statement, {"assets": _keys(assets), "files": list(files), "inherited": _keys(found.inherited)})
    connection.execute(UNUSED_WORDS)


def _keys(assets: Iterable[AssetKey]) -> str:
    return _json([{"database_id": database_id, "asset_id": asset_id} for database_id, asset_id in assets])
