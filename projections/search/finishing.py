"""What a print that is filled from the log's beginning puts off: documents, vocabulary and the indexes of questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

Step = Callable[[Connection[Any], str], str | None]
"""Takes where the step ended last, empty at first; returns where it ended now, None when all of it is done."""

INDEXES_SQL = files(__package__).joinpath("indexes.sql").read_text("utf-8")
INDEXES = {
    statement.split()[2]: statement.strip()
    for line in INDEXES_SQL.split("\n")
    if (statement := line.removesuffix(";")).startswith("CREATE INDEX")
}
"""By name."""
DOCUMENTS_AT_ONCE = 20_000

DEFERRED_SQL = (
    "".join(f"DROP INDEX {name};\n" for name in INDEXES)
    + """
-- Is there as long as documents, vocabulary and indexes are put off; how far they have come.
CREATE TABLE unfinished (only_row boolean PRIMARY KEY, step text NOT NULL, ended_at text NOT NULL);
INSERT INTO unfinished VALUES (true, 'types', '');
"""
)
SETTINGS = """
SET LOCAL maintenance_work_mem = '256MB';
SET LOCAL work_mem = '64MB';
-- An owner that is paused lets its successor go on.
SET LOCAL idle_in_transaction_session_timeout = '5min'
"""
FIND = "SELECT to_regclass('unfinished') = to_regclass(current_schema() || '.unfinished')"
LOCK = "SELECT step, ended_at FROM unfinished FOR UPDATE"
MOVE = "UPDATE unfinished SET step = %s, ended_at = %s"
END = "DROP TABLE unfinished"
BEGIN_AGAIN = (
    "UPDATE unfinished SET step = 'types', ended_at = '' WHERE (step, ended_at) <> ('types', '') RETURNING step"
)
UNDO = (
    "".join(f"DROP INDEX IF EXISTS {name};\n" for name in INDEXES)
    + """
TRUNCATE documents, vocabulary;
UPDATE assets SET asset_type = 'none' WHERE asset_type <> 'none'
"""
)

TYPES = """
UPDATE assets a SET asset_type = t.asset_type
FROM (
    SELECT database_id, asset_id,
        CASE count(*) WHEN 1 THEN coalesce(max(file_extension), 'unknown') ELSE 'folder' END AS asset_type
    FROM files WHERE NOT is_archived AND NOT is_preview
    GROUP BY database_id, asset_id
) AS t
WHERE (a.database_id, a.asset_id) = (t.database_id, t.asset_id) AND a.asset_type <> t.asset_type
"""
STATISTICS = "ANALYZE buckets, assets, files, previews, metadata, links"

COLUMNS = """
    d.document_id, d.entity, d.database_id, d.asset_id, d.path, d.asset_type, d.tags, d.file_extension, d.is_archived,
    d.position, d.title, d.size_bytes, d.words, d.document
"""
ASSETS = f"""
INSERT INTO documents
SELECT {COLUMNS} FROM asset_documents d
"""
FILES = f"""
WITH next AS MATERIALIZED (
    SELECT document_id FROM files WHERE document_id > %s ORDER BY document_id LIMIT {DOCUMENTS_AT_ONCE}
), written AS (
    INSERT INTO documents SELECT {COLUMNS} FROM file_documents d JOIN next USING (document_id)
)
SELECT max(document_id) FROM next
"""
VOCABULARY = """
INSERT INTO vocabulary
SELECT word, count(*) FROM (SELECT unnest(tsvector_to_array(words)) AS word FROM documents) AS held
WHERE word ~ '^[^0-9#]{4,32}$'
GROUP BY word
"""


def is_unfinished(connection: Connection[Any]) -> bool:
    """Whether the print in the search path has put something off."""
    row = connection.cursor(row_factory=tuple_row).execute(FIND).fetchone()
    return bool(row and row[0])


def begin_again(connection: Connection[Any]) -> bool:
    """Undo the steps that were done of the print in the search path, as events come that they know nothing of.

    A rebuild that was killed while it finished a print applies what came meanwhile when it is resumed. False when no
    step was done.
    """
    if connection.execute(BEGIN_AGAIN).fetchone() is None:
        return False
    connection.execute(UNDO.encode())
    return True


def steps() -> dict[str, Step]:
    """What is to be done, by name, in order."""
    return {
        "types": _types,
        "assets": _once(ASSETS),
        "files": _files,
        "vocabulary": _once(VOCABULARY),
        **{name: _once(statement) for name, statement in INDEXES.items()},
    }


def finish_next(connection: Connection[Any], todo: Mapping[str, Step]) -> bool:
    """Do one step of the print in the search path, or a part of it, in the caller's transaction; False after the last.

    Two owners cannot do the same: the row of `unfinished` is locked.
    """
    connection.execute(SETTINGS)
    found = connection.cursor(row_factory=tuple_row).execute(LOCK).fetchone()
    assert found is not None
    step, ended_at = found
    reached = todo[step](connection, ended_at)
    if reached is not None:
        connection.execute(MOVE, (step, reached))
        return True
    names = list(todo)
    rest = names[names.index(step) + 1 :]
    if rest:
        connection.execute(MOVE, (rest[0], ""))
    else:
        connection.execute(END)
    return bool(rest)


def _once(statement: str) -> Step:
    def step(connection: Connection[Any], _: str) -> None:
        connection.execute(statement.encode())

    return step


def _types(connection: Connection[Any], _: str) -> None:
    connection.execute(STATISTICS)
    connection.execute(TYPES)


def _files(connection: Connection[Any], ended_at: str) -> str | None:
    row = connection.cursor(row_factory=tuple_row).execute(FILES.encode(), (ended_at,)).fetchone()
    return row[0] if row else None
