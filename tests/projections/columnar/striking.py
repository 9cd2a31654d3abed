"""Strikes prints of a log that a test holds in memory, by the steps that a consumer takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from psycopg import Connection

from deploy.vastdb_emulator import process
from deploy.vastdb_emulator.process import EmulatorProcess
from domain.event import Recorded
from projections.columnar.errors import Overtaken
from projections.columnar.prints import record
from projections.columnar.prints.differences import IDENTITIES
from projections.columnar.projection import ColumnarProjection
from projections.columnar.rows.printed import PRINTED
from projections.columnar.store import ColumnarStore
from projections.columnar.vast_db.config import VastDBConfig
from projections.printing import Difference, Target
from tests.projections.columnar.events import inspected, part, produced
from tests.projections.vams.samples import asset, observed, uploaded
from tests.projections.vams.tape import Tape

Rows = list[dict[str, Any]]
NAMES = [table.name for table in PRINTED]


class Striking:
    """One projection and the record of its prints."""

    def __init__(self, connection: Connection[Any], open_prints: Callable[[], Any]) -> None:
        self.connection = connection
        self._open_prints = open_prints
        self.restart()
        self.create(1)
        self.publish(1, replaced=None)

    def publish(self, generation: int, *, replaced: int | None) -> None:
        """Swap, in Postgres and then in the store."""
        with self.connection.transaction():
            self.projection.publish(self.connection, generation=generation, replaced=replaced)
        self.projection.settle(generation=generation)

    def create(self, generation: int) -> None:
        self.projection.create(self.connection, generation=generation)

    def strike(self, batch: Sequence[Recorded], *, generation: int = 1) -> None:
        """Prepare and commit a batch; again, as a runner does, where something was left of another attempt."""
        try:
            self._strike(batch, Target(generation, is_live=generation == 1))
        except Overtaken:
            self._strike(batch, Target(generation, is_live=generation == 1))

    def _strike(self, batch: Sequence[Recorded], target: Target) -> None:
        self.projection.prepare(batch, target=target)
        with self.connection.transaction():
            self.projection.apply(batch, self.connection, target=target)

    def prepare(self, batch: Sequence[Recorded], *, generation: int = 1) -> None:
        """Prepare a batch and crash: nothing of the projection in memory survives."""
        self.projection.prepare(batch, target=Target(generation, is_live=generation == 1))
        self.restart()

    def restart(self) -> None:
        """Forget what is in memory, as a new process has."""
        self.prints = self._open_prints()
        self.projection = ColumnarProjection(self.prints)

    def store(self, generation: int) -> ColumnarStore:
        """The tables of a print, to write to behind the projection."""
        found: ColumnarStore | tuple[ColumnarStore, Any] = self.prints._store(generation)
        return found[0] if isinstance(found, tuple) else found

    def pin_newest(self) -> None:
        """Let readers see what was written to the live print behind the projection."""
        position = record.find(self.connection, 1).position
        record.advance(self.connection, 1, position=position, versions=self.prints.versions(1))

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


def vast_config(emulator: EmulatorProcess, schema: str) -> VastDBConfig:
    """Of a schema in the emulator's bucket."""
    return VastDBConfig(
        endpoint=emulator.endpoint,
        access_key=process.ACCESS_KEY,
        secret_key=process.SECRET_KEY,
        bucket="vastdb",
        schema=schema,
    )


def library() -> list[Recorded]:
    """A log in which files have versions, inspections and renditions more than once."""
    tape = Tape()
    tape.add(asset(), uploaded("a.exr"), observed("b.exr"), uploaded("c.exr"))
    tape.add(inspected("a.exr"), produced("a.exr"), inspected("b.exr", parts=(part(), part(1))))
    tape.add(observed("a.exr", "v2"), inspected("a.exr", attempt=2), produced("a.exr", attempt=2, width=960))
    tape.add(inspected("c.exr"), inspected("a.exr", attempt=3, parts=(part(channels=("Z",)),)), produced("c.exr"))
    return tape.entries


def everything(striking: Striking) -> dict[str, Rows]:
    return {name: striking.rows(name) for name in NAMES}
