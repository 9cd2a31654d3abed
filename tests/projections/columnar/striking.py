"""Strikes prints of a log that a test holds in memory, by the steps that a consumer takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from psycopg import Connection

from domain.event import Recorded
from projections.columnar.prints.differences import IDENTITIES
from projections.columnar.projection import ColumnarProjection
from projections.columnar.store import ColumnarStore
from projections.printing import Difference, Target

Rows = list[dict[str, Any]]


class Striking:
    """One projection and the record of its prints."""

    def __init__(self, connection: Connection[Any], root: Path) -> None:
        self.connection = connection
        self.root = root
        self.projection = ColumnarProjection(str(root))
        self.create(1)
        self.projection.publish(connection, generation=1, replaced=None)

    def create(self, generation: int) -> None:
        self.projection.create(self.connection, generation=generation)

    def strike(self, batch: Sequence[Recorded], *, generation: int = 1) -> None:
        """Prepare and commit a batch."""
        target = Target(generation, is_live=generation == 1)
        self.projection.prepare(batch, target=target)
        with self.connection.transaction():
            self.projection.apply(batch, self.connection, target=target)

    def prepare(self, batch: Sequence[Recorded], *, generation: int = 1) -> None:
        """Prepare a batch and crash: nothing of the projection in memory survives."""
        self.projection.prepare(batch, target=Target(generation, is_live=generation == 1))
        self.projection = ColumnarProjection(str(self.root))

    @property
    def live(self) -> ColumnarStore:
        return self.projection.open_live(self.connection)

    def rows(self, table: str) -> Rows:
        """The live rows, by their identity."""
        return list(self.live.read(table, order_by=IDENTITIES[table]))

    def differences(self, *, generation: int, limit: int = 20) -> list[Difference]:
        """Of the live print and this one."""
        live, scratch = Target(1, is_live=True), Target(generation, is_live=False)
        found = self.projection.differences(self.connection, live=live, scratch=scratch, limit=limit)
        return list(found)
