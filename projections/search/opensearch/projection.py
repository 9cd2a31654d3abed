"""The search projection on OpenSearch: the print stays in Postgres, and what a batch changes of it is mirrored."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

from domain.event import Recorded
from projections.printing import Difference, Target
from projections.search.finishing import Step, begin_again, is_unfinished
from projections.search.opensearch.comparison import differing
from projections.search.opensearch.documents import Printed
from projections.search.opensearch.indices import Indices
from projections.search.projection import SCHEMA_SQL, SearchProjection, fold_batch

CHUNK = 500
"""Documents a bulk; few enough for one to be over long before a batch's transaction counts as idle."""

AT_ONCE = 4
"""Bulks on their way to OpenSearch while a print is finished."""
SENT_AT_ONCE = 20_000
"""Documents between two notes of how far that is."""
SENT_WITHIN_SECONDS = 60.0
"""For one of several bulks, which wait for each other."""

TOUCHED = "CREATE TEMPORARY TABLE touched_documents (document_id text PRIMARY KEY) ON COMMIT DROP"
COLUMNS = """
    t.document_id, d.entity, coalesce(d.database_id, ''), coalesce(d.asset_id, ''), d.path, d.asset_type, d.tags,
    d.file_extension, d.is_archived, d.position, d.title, d.size_bytes,
    d.document,
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
EVERY = f"SELECT {COLUMNS} FROM documents d CROSS JOIN LATERAL (SELECT d.document_id) AS t"
ALL = f"{EVERY} ORDER BY d.document_id"
NEXT = f"{EVERY} WHERE d.document_id > %s ORDER BY d.document_id LIMIT {SENT_AT_ONCE}"
POSITION = "SELECT position FROM mirrored"


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

    def defer(self, connection: Connection[Any], *, generation: int) -> None:
        """See Projection.defer: the documents are sent once they are made, to indexes that nobody searches yet."""
        super().defer(connection, generation=generation)
        self.indices.hurry(generation)

    def _steps(self, generation: int) -> dict[str, Step]:
        def mirror(connection: Connection[Any], sent_to: str) -> str | None:
            return self._mirror(connection, sent_to, generation=generation)

        def settle(_: Connection[Any], __: str) -> None:
            self.indices.serve(generation)

        return {**super()._steps(generation), "mirror": mirror, "serve": settle}

    def _mirror(self, connection: Connection[Any], sent_to: str, *, generation: int) -> str | None:
        """Send the next documents, several bulks at a time; None after the last."""
        write = partial(
            self.indices.write, generation=generation, version=_position(connection), seconds=SENT_WITHIN_SECONDS
        )
        sending: deque[Future[None]] = deque()
        last = None
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for rows in chunks(connection, NEXT, size=CHUNK, values=[sent_to]):
                if len(sending) > AT_ONCE:
                    sending.popleft().result()
                sending.append(threads.submit(write, rows))
                last = rows[-1].document_id
            for bulk in sending:
                bulk.result()
        return last

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
        version = batch[-1].position
        if not target.is_live and is_unfinished(connection):
            if begin_again(connection):
                # Documents that were sent may be gone by now.
                self.indices.create(target.generation)
                self.indices.hurry(target.generation)
            fold_batch(batch, connection, is_filling=True)
            connection.execute("UPDATE mirrored SET position = %s", [version])
            return
        connection.execute(TOUCHED)
        fold_batch(batch, connection, touched="pg_temp.touched_documents")
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
        position = _position(connection)
        printed = (row for rows in chunks(connection, ALL, size=CHUNK) for row in rows)
        yield from differing(printed, self.indices, generation=live.generation, position=position)


def _position(connection: Connection[Any]) -> int:
    row = connection.cursor(row_factory=tuple_row).execute(POSITION).fetchone()
    assert row is not None
    return int(row[0])


def chunks(
    connection: Connection[Any], statement: str, *, size: int, values: Sequence[object] = ()
) -> Iterator[list[Printed]]:
    """The rows of the statement, so many at a time, never all of them in memory."""
    with connection.cursor(name="printed_documents", row_factory=tuple_row) as cursor:
        cursor.execute(statement.encode(), values or None)
        while rows := cursor.fetchmany(size):
            yield [Printed(*row) for row in rows]
