"""The search projection on OpenSearch: the print stays in Postgres, and what a batch changes of it is mirrored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

from domain.event import Recorded
from projections.printing import Difference, Target
from projections.search.opensearch.comparison import differing
from projections.search.opensearch.documents import Printed
from projections.search.opensearch.indices import Indices
from projections.search.projection import SCHEMA_SQL, SearchProjection, fold_batch

CHUNK = 500
"""Documents a bulk; few enough for one to be over long before a batch's transaction counts as idle."""

TOUCHED = "CREATE TEMPORARY TABLE touched_documents (document_id text PRIMARY KEY) ON COMMIT DROP"
COLUMNS = """
    t.document_id, d.entity, coalesce(d.database_id, ''), coalesce(d.asset_id, ''), d.path, d.asset_type, d.tags,
    d.file_extension, d.is_archived, d.position, d.document,
    (SELECT json_agg(json_build_array(
        m.kind, m.key, m.value, m.searchable, m.number, (extract(epoch FROM m.moment) * 1000000)::bigint,
        m.latitude, m.longitude, m.words <> ''
    ) ORDER BY m.kind, m.key) FROM metadata m WHERE m.document_id = t.document_id)
"""
MIRRORED_SQL = """
-- How far OpenSearch has what this print holds.
CREATE TABLE mirrored (only_row boolean PRIMARY KEY, position bigint NOT NULL);
INSERT INTO mirrored VALUES (true, 0);
"""
MIRRORED = f"SELECT {COLUMNS} FROM touched_documents t LEFT JOIN documents d USING (document_id)"
ALL = f"SELECT {COLUMNS} FROM documents d CROSS JOIN LATERAL (SELECT d.document_id) AS t ORDER BY d.document_id"


class OpenSearchProjection(SearchProjection):
    """Effect and position commit together in Postgres; OpenSearch has each document before its position moves.

    A batch that is repeated after a crash sends the same documents under versions that do not go back.
    """

    rest_seconds = 0.05
    """Each batch refreshes the indexes."""
    shape = 100 + SearchProjection.shape
    """Another one than that of the print without a mirror, so that choosing OpenSearch rebuilds it."""

    def __init__(self, indices: Indices) -> None:
        super().__init__(SCHEMA_SQL + MIRRORED_SQL)
        self.indices = indices
        self._aliased: int | None = None

    def create(self, connection: Connection[Any], *, generation: int) -> None:
        """See Projection.create."""
        super().create(connection, generation=generation)
        self.indices.create(generation)

    def publish(self, connection: Connection[Any], *, generation: int, replaced: int | None) -> None:
        """See Projection.publish. The swap is decided in Postgres; the aliases follow once it is committed."""
        self.indices.refresh(generation)
        super().publish(connection, generation=generation, replaced=replaced)

    def settle(self, *, generation: int) -> None:
        """See Projection.settle: the aliases follow."""
        self._point_aliases(generation)

    def drop(self, connection: Connection[Any], *, generation: int) -> None:
        """See Projection.drop."""
        super().drop(connection, generation=generation)
        self.indices.drop(generation)

    def prepare(self, batch: Sequence[Recorded], *, target: Target) -> None:
        """Let the aliases follow the live generation, whoever published it."""
        if batch and target.is_live:
            self._point_aliases(target.generation)

    def _point_aliases(self, generation: int) -> None:
        if self._aliased != generation:
            self.indices.point_aliases(generation)
            self._aliased = generation

    def apply(self, batch: Sequence[Recorded], connection: Connection[Any], *, target: Target) -> None:
        """See Projection.apply. Raises OpenSearchUnavailable, DocumentsRefused."""
        self.use(connection, target=target)
        connection.execute(TOUCHED)
        fold_batch(batch, connection, touched="pg_temp.touched_documents")
        version = batch[-1].position
        for rows in chunks(connection, MIRRORED, size=CHUNK):
            self.indices.write(rows, generation=target.generation, version=version)
        if target.is_live:
            # Whoever waits for this position wants to find what it wrote.
            self.indices.refresh(target.generation)
        connection.execute("DROP TABLE pg_temp.touched_documents")
        connection.execute("UPDATE mirrored SET position = %s", [version])

    def differences(
        self, connection: Connection[Any], *, live: Target, scratch: Target, limit: int
    ) -> Iterator[Difference]:
        """Rows of the two prints in Postgres, then documents of the live indexes and of the print struck afresh."""
        return islice(self._both(connection, live=live, scratch=scratch, limit=limit), limit)

    def _both(self, connection: Connection[Any], *, live: Target, scratch: Target, limit: int) -> Iterator[Difference]:
        yield from super().differences(connection, live=live, scratch=scratch, limit=limit)
        self.indices.refresh(live.generation)
        self.use(connection, target=scratch)
        position = connection.cursor(row_factory=tuple_row).execute("SELECT position FROM mirrored").fetchone()
        assert position is not None
        printed = (row for rows in chunks(connection, ALL, size=CHUNK) for row in rows)
        yield from differing(printed, self.indices, generation=live.generation, position=position[0])


def chunks(connection: Connection[Any], statement: str, *, size: int) -> Iterator[list[Printed]]:
    """The rows of the statement, so many at a time, never all of them in memory."""
    with connection.cursor(name="printed_documents", row_factory=tuple_row) as cursor:
        cursor.execute(statement.encode())
        while rows := cursor.fetchmany(size):
            yield [Printed(*row) for row in rows]
