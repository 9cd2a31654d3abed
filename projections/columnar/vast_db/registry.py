"""What the store keeps of its tables beside their rows: how each was declared, and every commit.

Two tables of the schema hold it. A table's row in the first one is also its lock: a commit that depends on what
the table has changes that row, and the cluster lets only one of two such transactions pass. The second has a row
for each commit, written by that commit: the table's version is their number, a write id is found there, and a
commit that was not answered is there or never happened.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis
import orjson
import pyarrow as pa
from vastdb import errors
from vastdb.table_metadata import TableMetadata

from projections.columnar.vast_db.outages import reported
from projections.columnar.vast_db.transactions import Transaction

TABLES = "_interneg_tables"
COMMITS = "_interneg_commits"
WRITE_IDS_KEPT = dt.timedelta(days=30)

_TABLES = pa.schema(
    [
        ("name", pa.string()),
        ("columns", pa.string()),  # the registered Arrow schema, as base64 of its IPC message
        ("partition_by", pa.string()),  # JSON
        ("sort_by", pa.string()),  # JSON
        ("changes", pa.int64()),
    ]
)
_COMMITS = pa.schema(
    [
        ("table_name", pa.string()),
        ("commit_id", pa.string()),
        ("write_id", pa.string()),
        ("committed_at", pa.timestamp("us", tz="UTC")),
        ("commits", pa.int64()),  # 1, or how many old ones the row stands for
    ]
)
_ROW_ID = "$row_id"


@dataclass(frozen=True, slots=True)
class Registered:
    """How a table was declared."""

    name: str
    schema: pa.Schema
    partition_by: tuple[str, ...]
    sort_by: tuple[str, ...]
    changes: int = 0
    row_id: Any = None
    """None for a table that is declared on this instance and not created yet."""

    @property
    def is_created(self) -> bool:
        return self.row_id is not None

    @property
    def sorting_key(self) -> tuple[str, ...]:
        """What the cluster keeps the rows sorted by: partition keys, then sort keys."""
        return tuple(dict.fromkeys((*self.partition_by, *self.sort_by)))


class Registry:
    """The two tables in one schema; what the cluster says of them is loaded once. Safe to share between threads."""

    def __init__(self) -> None:
        self._loaded: dict[tuple[str, str], TableMetadata] = {}

    def make(self, tx: Transaction, schema: str) -> None:
        """Create the schema and the tables where they are missing."""
        found = tx.create_schema(schema)
        with reported(tx.where):
            for name, columns in ((TABLES, _TABLES), (COMMITS, _COMMITS)):
                found.create_table(name, columns, fail_if_exists=False)

    def find(self, tx: Transaction, schema: str, table: str) -> Registered | None:
        """How the table was declared; None when it was not created."""
        tables = self._table(tx, schema, TABLES)
        if tables is None:
            return None
        rows = self._rows(tx, tables, _TABLES.names, ibis._["name"] == table, row_ids=True)
        return _registered(rows[0]) if rows else None

    def add(self, tx: Transaction, schema: str, entry: Registered) -> None:
        """Remember a new table."""
        rows = pa.Table.from_pylist([{**_columns(entry), "changes": 0}], _TABLES)
        with reported(tx.where):
            self._created(tx, schema, TABLES).insert(rows)

    def change(self, tx: Transaction, schema: str, entry: Registered) -> Registered:
        """Let no other change of the table pass this one, and remember how it is declared now.

        Raises ChangedMeanwhile when another one came first.
        """
        tables = self._created(tx, schema, TABLES)
        entry = replace(entry, changes=entry.changes + 1)
        row = {**_columns(entry), "changes": entry.changes}
        names = [name for name in _TABLES.names if name != "name"]
        changed = pa.table({_ROW_ID: pa.array([entry.row_id], pa.uint64())} | {name: [row[name]] for name in names})
        with reported(tx.where):
            tables.update(changed)
        return entry

    def remove(self, tx: Transaction, schema: str, entry: Registered) -> None:
        """Forget a table and its commits."""
        with reported(tx.where):
            self._created(tx, schema, TABLES).delete(pa.table({_ROW_ID: pa.array([entry.row_id], pa.uint64())}))
        self._delete(tx, schema, self._commits(tx, schema, entry.name))

    def record(
        self, tx: Transaction, schema: str, *, tables: Iterable[str], commit_id: str, write_id: str | None
    ) -> None:
        """Write down a commit of this transaction to each of the tables."""
        now = dt.datetime.now(dt.UTC)
        rows = [(table, commit_id, write_id, now, 1) for table in tables]
        with reported(tx.where):
            columns = zip(*rows, strict=True)
            arrays = [pa.array(values, field.type) for values, field in zip(columns, _COMMITS, strict=True)]
            self._created(tx, schema, COMMITS).insert(pa.Table.from_arrays(arrays, schema=_COMMITS))

    def has_commit(self, tx: Transaction, schema: str, commit_id: str) -> bool:
        """Whether the commit happened."""
        commits = self._table(tx, schema, COMMITS)
        return commits is not None and bool(self._rows(tx, commits, ["commit_id"], ibis._["commit_id"] == commit_id))

    def has_seen(self, tx: Transaction, schema: str, table: str, *, write_id: str) -> bool:
        """Whether a commit to the table carried the write id."""
        asked = (ibis._["table_name"] == table) & (ibis._["write_id"] == write_id)
        return bool(self._rows(tx, self._created(tx, schema, COMMITS), ["commit_id"], asked))

    def version(self, tx: Transaction, schema: str, table: str) -> tuple[int, dt.datetime]:
        """The number of the table's last commit, from 0, and its time."""
        rows = self._commits(tx, schema, table)
        return sum(row["commits"] for row in rows) - 1, max(row["committed_at"] for row in rows)

    def fold(self, tx: Transaction, schema: str, table: str, *, before: dt.datetime) -> int:
        """Put one row in the place of the table's old commits that nobody asks for any more; how many it replaced."""
        forgotten = dt.datetime.now(dt.UTC) - WRITE_IDS_KEPT
        old = [
            row
            for row in self._commits(tx, schema, table)
            if row["committed_at"] < (before if row["write_id"] is None else min(before, forgotten))
        ]
        if len(old) < 2:
            return 0
        last = max(row["committed_at"] for row in old)
        folded = {"table_name": table, "committed_at": last, "commits": sum(row["commits"] for row in old)}
        self._delete(tx, schema, old)
        with reported(tx.where):
            self._created(tx, schema, COMMITS).insert(pa.Table.from_pylist([folded], _COMMITS))
        return len(old)

    def _commits(self, tx: Transaction, schema: str, table: str) -> list[dict[str, Any]]:
        asked = ibis._["table_name"] == table
        columns = ["commits", "committed_at", "write_id"]
        return self._rows(tx, self._created(tx, schema, COMMITS), columns, asked, row_ids=True)

    def _delete(self, tx: Transaction, schema: str, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            ids = pa.array([row[_ROW_ID] for row in rows], pa.uint64())
            with reported(tx.where):
                self._created(tx, schema, COMMITS).delete(pa.table({_ROW_ID: ids}))

    def _rows(
        self, tx: Transaction, table: Any, columns: list[str], asked: Any, *, row_ids: bool = False
    ) -> list[dict[str, Any]]:
        try:
            return [row for batch in tx.select(table, columns, asked, row_ids=row_ids) for row in batch.to_pylist()]
        except errors.NotFound:
            # It was loaded before its schema was dropped or renamed.
            return []

    def _created(self, tx: Transaction, schema: str, name: str) -> Any:
        table = self._table(tx, schema, name)
        if table is None:
            raise errors.MissingTable(tx.where, schema, name)
        return table

    def _table(self, tx: Transaction, schema: str, name: str) -> Any:
        metadata = self._loaded.get((schema, name)) or tx.load(name, schema=schema)
        if metadata is None:
            return None
        self._loaded[schema, name] = metadata
        return tx.table(metadata)


def _columns(entry: Registered) -> dict[str, str]:
    return {
        "name": entry.name,
        "columns": base64.b64encode(entry.schema.serialize().to_pybytes()).decode(),
        "partition_by": orjson.dumps(entry.partition_by).decode(),
        "sort_by": orjson.dumps(entry.sort_by).decode(),
    }


def _registered(row: dict[str, Any]) -> Registered:
    return Registered(
        name=row["name"],
        schema=pa.ipc.read_schema(pa.py_buffer(base64.b64decode(row["columns"]))),
        partition_by=tuple(orjson.loads(row["partition_by"])),
        sort_by=tuple(orjson.loads(row["sort_by"])),
        changes=row["changes"],
        row_id=row[_ROW_ID],
    )
