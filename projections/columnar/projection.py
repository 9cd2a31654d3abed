"""The columnar projection: header rows, renditions, links to assets and the log, as tables outside Postgres."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from psycopg import Connection

from domain.event import Recorded
from projections.columnar.errors import ColumnarError, Overtaken
from projections.columnar.prints import record
from projections.columnar.prints.contracts import Prints
from projections.columnar.prints.differences import differences
from projections.columnar.rows.printed import PRINTED
from projections.columnar.store import ColumnarStore
from projections.printing import Difference, Target

logger = logging.getLogger(__name__)

RETIRED_SECONDS = 600.0
"""How long readers may go on with a print after another took its place."""
SWEEP_SECONDS = 60.0
KINDS_APART = 1_000_000
"""Added to the shape for each kind of place, so that a print in another place is struck again in this one."""


class ColumnarProjection:
    """Prints in one place. Owned by the composition.

    `prepare` writes ahead of Postgres and `apply` records what belongs to the position, so readers see whole
    batches only. Other clients find the live print by its name, which follows once a swap is committed, at the latest
    with the next batch. A print that was live and is dropped is deleted `retired_seconds` after its successor was
    published, by the next batch.
    """

    name = "columnar"
    rest_seconds = 0.5
    """Each batch is a commit of its store, which is dear."""
    writes_elsewhere = True
    shape = 2
    page = 25_000
    """Every batch is a commit and a file a table, and their number is what later batches pay for."""

    def __init__(self, prints: Prints, *, retired_seconds: float = RETIRED_SECONDS) -> None:
        self.shape += KINDS_APART * prints.kind
        self._prints = prints
        self._retired_seconds = retired_seconds
        self._swept_at = float("-inf")
        self._named: int | None = None
        """The generation that this process saw under the live name."""
        self._others: list[int] = []

    def create(self, connection: Connection[Any], *, generation: int) -> None:
        """Make an empty print, replacing what an earlier attempt left under this number."""
        self._prints.create(generation)
        record.add(connection, generation, self._prints.versions(generation))

    def defer(self, connection: Connection[Any], *, generation: int) -> None:
        """Nothing: every batch leaves the print whole."""

    def complete(self, connection: Connection[Any], *, generation: int) -> None:
        """Nothing, as nothing was put off."""

    def prepare(self, batch: Sequence[Recorded], *, target: Target) -> None:
        """Write the rows of the batch; any repetition gives the same rows."""
        self._prints.write(target.generation, batch, is_live=target.is_live)

    def apply(self, batch: Sequence[Recorded], connection: Connection[Any], *, target: Target) -> None:
        """Record the versions that hold the log up to the batch's end: from the commit on readers see them.

        Raises Overtaken when the batch was written on top of something else than what is on record: remains of a
        crash, or commits of an owner that was replaced. It is then written again from there.
        """
        pinned = record.find(connection, target.generation)
        written = self._prints.written(target.generation)
        if written.base != pinned.versions:
            self._prints.start_from(target.generation, pinned.versions)
            table = next(name for name in pinned.versions if written.base[name] != pinned.versions[name])
            raise Overtaken(table, pinned.versions[table], written.base[table])
        record.advance(connection, target.generation, position=batch[-1].position, versions=written.versions)
        if target.is_live and self._named != target.generation:
            # Whoever published it may have died before the name followed.
            self._others = record.others(connection, target.generation)
            self.settle(generation=target.generation)
        if target.is_live and time.monotonic() - self._swept_at > SWEEP_SECONDS:
            self._sweep(connection)

    def publish(self, connection: Connection[Any], *, generation: int, replaced: int | None) -> None:
        """Let readers see this print from the end of the transaction on. Raises Rejected: the live name is taken."""
        record.publish(connection, generation=generation, replaced=replaced)
        self._others = record.others(connection, generation)
        self._prints.check_name(generation, ours=self._others)

    def settle(self, *, generation: int) -> None:
        """See Projection.settle: the live name follows."""
        self._prints.publish(generation, ours=self._others)
        self._named = generation

    def drop(self, connection: Connection[Any], *, generation: int) -> None:
        """Delete a print nobody ever read; one that was live stays until its readers have had their time."""
        record.mark_dropped(connection, generation)
        if not record.has_readers(connection, generation):
            self._prints.delete(generation)
            record.remove(connection, generation)
        self._sweep(connection)

    def differences(
        self, connection: Connection[Any], *, live: Target, scratch: Target, limit: int
    ) -> Iterator[Difference]:
        """At most `limit` rows that differ, by table and key, at the position of the connection's snapshot.

        Raises PrintAhead where the store keeps no versions and the live print has gone on.
        """
        pinned = (record.find(connection, target.generation) for target in (live, scratch))
        one, other = map(self._prints.open_exactly, pinned)
        found = (row for table in PRINTED for row in differences(one, other, table.name, limit=limit))
        return islice(found, limit)

    def row_counts(self, connection: Connection[Any], *, target: Target) -> Mapping[str, int]:
        """The number of rows by table, in the connection's snapshot."""
        store = self._prints.open(record.find(connection, target.generation))
        return {table.name: store.count(table.name) for table in PRINTED}

    def open_live(self, connection: Connection[Any]) -> ColumnarStore:
        """The live tables, all at one position, which the connection sees or a later one.

        Good for `retired_seconds` and more. Raises NoLivePrint.
        """
        return self._prints.open(record.find_live(connection))

    def _sweep(self, connection: Connection[Any]) -> None:
        self._swept_at = time.monotonic()
        for generation in record.expired(connection, retired_seconds=self._retired_seconds):
            try:
                self._prints.delete(generation)
            except (OSError, ColumnarError) as error:
                # The record stays, so the next sweep tries again.
                logger.warning("Print %d of the columnar tables is not deleted yet: %s", generation, error)
            else:
                record.remove(connection, generation)
