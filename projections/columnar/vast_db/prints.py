"""Prints in one bucket of a VAST cluster: the live one under the name that other clients know, others beside it.

Every print holds, in a table of one row, its generation and the position that its rows are at. A batch and the
new position are one transaction, so a batch is in a print once, whatever crashed.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
from vastdb import errors
from vastdb.table_metadata import TableMetadata

from domain.event import Recorded
from projections.columnar.errors import ColumnarError, Rejected
from projections.columnar.prints.contracts import Pinned, Written
from projections.columnar.prints.writing import KEPT_VERSIONS, LARGE_COMMITS
from projections.columnar.rows.fold import fold
from projections.columnar.rows.printed import PRINTED
from projections.columnar.store import ColumnarStore
from projections.columnar.vast_db.config import VastDBConfig
from projections.columnar.vast_db.outages import reported
from projections.columnar.vast_db.store import VastDBStore
from projections.columnar.vast_db.transactions import Transaction
from projections.columnar.vast_db.units import Unit
from projections.printing import PrintAhead

STATE = "_interneg_print"
_STATE = pa.schema([("generation", pa.int64()), ("position", pa.int64()), ("batches", pa.int64())])
_ROW_ID = "$row_id"


class PrintMissing(ColumnarError):
    """The cluster does not have the print that Postgres says is there."""

    def __init__(self, generation: int, where: str) -> None:
        super().__init__(
            f"print {generation} of the columnar tables is not in {where}: run `interneg projections rebuild columnar`"
        )


@dataclass(frozen=True, slots=True)
class PrintState:
    """The one row of a print's own table."""

    generation: int
    position: int
    batches: int
    row_id: int


class VastPrints:
    """The schema of the configuration is the live print, `<schema>_g<generation>` any other."""

    kind = 1

    def __init__(self, config: VastDBConfig) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._stores: dict[int, VastDBStore] = {}
        self._states: dict[str, TableMetadata] = {}
        self._compared: tuple[int, int, ColumnarStore] | None = None
        """Generation, position and view of the print that was ahead when it was to be compared."""

    def create(self, generation: int) -> None:
        self._check_free()
        name = self._own_name(generation)
        store = VastDBStore(replace(self._config, schema=name))

        def clear(unit: Unit) -> bool:
            return _drop(unit.tx, name)

        def make(unit: Unit) -> bool:
            store.create_in(unit, PRINTED)
            row = pa.table([[generation], [0], [0]], schema=_STATE)
            with reported(unit.tx.where):
                schema = unit.tx.create_schema(name)
                schema.create_table(STATE, _STATE)
                self._table(unit.tx, name).insert(row)
            return True

        store.in_one_commit(clear)
        store.in_one_commit(make)

    def write(self, generation: int, batch: Sequence[Recorded], *, is_live: bool) -> None:
        del is_live
        store = self._store(generation)
        due: list[int] = []

        def put(unit: Unit) -> bool:
            schema = self._locate(unit.tx, generation)
            state = self._state(unit.tx, schema)
            assert state is not None
            rest = [entry for entry in batch if entry.position > state.position]
            if not rest:
                return False
            self._advance(unit.tx, schema, state, position=rest[-1].position)
            for sheet in fold(rest, store.view(unit.tx)):
                store.put_in(unit, sheet.table, sheet.rows, keys=None if sheet.is_new else sheet.keys)
            due[:] = [state.batches + 1]
            return True

        store.in_one_commit(put)
        if due and due[0] % LARGE_COMMITS == 0:
            for table in PRINTED:
                store.vacuum(table.name, retention=KEPT_VERSIONS)

    def versions(self, generation: int) -> dict[str, int]:
        del generation
        return {}

    def written(self, generation: int) -> Written:
        del generation
        return Written({}, {})

    def start_from(self, generation: int, versions: Mapping[str, int]) -> None:
        """The position in the print itself decides what a batch starts from."""

    def open(self, pinned: Pinned) -> ColumnarStore:
        return self._store(pinned.generation).view()

    def open_exactly(self, pinned: Pinned) -> ColumnarStore:
        kept = self._compared
        if kept is not None and kept[0] == pinned.generation:
            self._compared = None
            return kept[2]
        store = self._store(pinned.generation)
        tx = store.begin()
        view = store.view(tx)
        state = self._state(tx, self._locate(tx, pinned.generation))
        assert state is not None
        if state.position > pinned.position:
            self._compared = pinned.generation, state.position, view
            raise PrintAhead(state.position)
        return view

    def check_name(self, generation: int, *, ours: Collection[int]) -> None:
        tx = self._store(generation).begin()
        try:
            if tx.schema(self._own_name(generation)) is not None:
                self._occupant(tx, ours)
        finally:
            tx.roll_back()

    def publish(self, generation: int, *, ours: Collection[int]) -> None:
        def rename(unit: Unit) -> bool:
            new = unit.tx.schema(self._own_name(generation))
            if new is None:
                # It has the name already.
                return False
            occupant = self._occupant(unit.tx, ours)
            with reported(unit.tx.where):
                old = unit.tx.schema(self._config.schema)
                if old is not None and occupant is not None and occupant.generation in ours:
                    old.rename(self._own_name(occupant.generation))
                elif old is not None:
                    _drop(unit.tx, self._config.schema)
                new.rename(self._config.schema)
            return True

        self._store(generation).in_one_commit(rename)

    def delete(self, generation: int) -> None:
        store = self._store(generation)

        def drop(unit: Unit) -> bool:
            try:
                name = self._locate(unit.tx, generation)
            except PrintMissing:
                return False
            return _drop(unit.tx, name)

        store.in_one_commit(drop)
        with self._lock:
            self._stores.pop(generation, None)

    def check(self) -> str:
        """What the cluster is, in words. Raises Unavailable, or Rejected where the name is taken by others."""
        self._check_free()
        return f"VAST DB {self._store(0).cluster_version()} at {self._config}"

    def _occupant(self, tx: Transaction, ours: Collection[int] | None) -> PrintState | None:
        """What has the live name. Raises Rejected unless it is a print, and among `ours` (None is any) or empty."""
        with reported(tx.where):
            if tx.schema(self._config.schema) is None:
                return None
        state = self._state(tx, self._config.schema)
        is_foreign = ours is not None and state is not None and state.position and state.generation not in ours
        if state is None or is_foreign:
            raise Rejected(
                f"{self._config} holds tables of another library or of other programs: drop that schema, or name "
                "another one in INTERNEG_VASTDB_SCHEMA"
            )
        return state

    def _check_free(self) -> None:
        tx = self._store(0).begin()
        try:
            self._occupant(tx, None)
        finally:
            tx.roll_back()

    def _own_name(self, generation: int) -> str:
        return f"{self._config.schema}_g{generation}"

    def _locate(self, tx: Transaction, generation: int) -> str:
        """The schema that holds the print in this transaction. Raises PrintMissing."""
        own = self._own_name(generation)
        with reported(tx.where):
            if tx.schema(own) is not None:
                return own
        state = self._state(tx, self._config.schema)
        if state is None or state.generation != generation:
            raise PrintMissing(generation, str(self._config))
        return self._config.schema

    def _state(self, tx: Transaction, schema: str) -> PrintState | None:
        table = self._table(tx, schema)
        if table is None:
            return None
        try:
            rows = [row for batch in tx.select(table, _STATE.names, row_ids=True) for row in batch.to_pylist()]
        except errors.NotFound:
            return None
        return PrintState(*(rows[0][name] for name in (*_STATE.names, _ROW_ID))) if rows else None

    def _advance(self, tx: Transaction, schema: str, state: PrintState, *, position: int) -> None:
        changed = pa.table(
            {_ROW_ID: pa.array([state.row_id], pa.uint64()), "position": [position], "batches": [state.batches + 1]}
        )
        with reported(tx.where):
            self._table(tx, schema).update(changed)

    def _table(self, tx: Transaction, schema: str) -> Any:
        metadata = self._states.get(schema) or tx.load(STATE, schema=schema)
        if metadata is None:
            return None
        self._states[schema] = metadata
        return tx.table(metadata)

    def _store(self, generation: int) -> VastDBStore:
        with self._lock:
            if generation not in self._stores:
                self._stores[generation] = VastDBStore(self._config, lambda tx: self._locate(tx, generation))
            return self._stores[generation]


def _drop(tx: Transaction, name: str) -> bool:
    with reported(tx.where):
        schema = tx.schema(name)
        if schema is None:
            return False
        for table in schema.tables():
            table.drop()
        schema.drop()
    return True
