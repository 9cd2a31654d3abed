"""The tables of one schema: those on the cluster, and those declared on this instance beforehand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from vastdb import errors
from vastdb.table_metadata import TableMetadata

from projections.columnar.errors import SchemaMismatch, UnknownTable, UnknownVersion
from projections.columnar.schemas import check_readable, check_table_name, evolved
from projections.columnar.store import AsOf
from projections.columnar.vast_db import rows as requests
from projections.columnar.vast_db.layout import registered, vast_schema
from projections.columnar.vast_db.outages import reported
from projections.columnar.vast_db.registry import Registered, Registry
from projections.columnar.vast_db.transactions import Transaction

if TYPE_CHECKING:
    from projections.columnar.vast_db.units import Unit

_SETTLING = dt.timedelta(hours=1)
"""How long a commit keeps a record of its own: a writer may still have to find out that it took place."""

Locate = Callable[[Transaction], str]
"""The name of the schema, as it is in this transaction."""


class Catalog:
    """Tables by name in the schema that `locate` names; safe to share between threads."""

    def __init__(self, locate: Locate, where: str) -> None:
        self._locate = locate
        self._where = where
        self._registry = Registry()
        self._declared: dict[str, Registered] = {}
        self._loaded: dict[tuple[str, str], tuple[Any, TableMetadata]] = {}

    def entry(self, tx: Transaction, table: str) -> Registered:
        """How the table is declared. Raises UnknownTable, InvalidName."""
        check_table_name(table)
        found = self._registry.find(tx, self._schema(tx), table) or self._declared.get(table)
        if found is None:
            raise UnknownTable(table, self._where)
        return found

    def table(self, tx: Transaction, entry: Registered) -> Any:
        """The table of the SDK. Raises UnknownTable."""
        schema = self._schema(tx)
        known = self._loaded.get((schema, entry.name))
        # What was loaded holds for as long as nobody declared the table anew.
        if known is None or known[0] != (entry.row_id, entry.schema):
            metadata = tx.load(entry.name, schema=schema)
            if metadata is None:
                raise UnknownTable(entry.name, self._where)
            known = self._loaded[schema, entry.name] = (entry.row_id, entry.schema), metadata
        return tx.table(known[1])

    def declare(self, tx: Transaction, entry: Registered) -> None:
        """Know a table without creating it. Raises SchemaMismatch against the one on the cluster."""
        found = self._registry.find(tx, self._schema(tx), entry.name)
        if found is not None:
            check_readable(found.schema, entry.schema, entry.name)
            _check_keys(entry.name, "partition_by", found.partition_by, entry.partition_by)
        self._declared[entry.name] = entry

    def create(self, unit: Unit, entry: Registered, *, sort_by: tuple[str, ...] | None) -> Any:
        """Create the table or grow it; the entry as it is then. Raises SchemaMismatch."""
        tx, schema = unit.tx, self._schema(unit.tx)
        self._registry.make(tx, schema)
        found = self._registry.find(tx, schema, entry.name)
        if found is None:
            return self._create(unit, schema, replace(entry, sort_by=sort_by or ()))
        _check_keys(entry.name, "partition_by", found.partition_by, entry.partition_by)
        if sort_by is not None:
            _check_keys(entry.name, "sort_by", found.sort_by, sort_by)
        grown = evolved(found.schema, entry.schema, entry.name)
        return found if grown.equals(found.schema) else self._grow(unit, schema, found, grown=grown)

    def drop(self, unit: Unit, table: str) -> bool:
        """Remove the table and all that is known of it; False when there is none."""
        self._declared.pop(table, None)
        tx, schema = unit.tx, self._schema(unit.tx)
        found = self._registry.find(tx, schema, table)
        if found is None:
            return False
        self._registry.remove(tx, schema, self._registry.change(tx, schema, found))
        with reported(tx.where):
            _in(tx, schema).table(table).drop()
        return True

    def lock(self, unit: Unit, entry: Registered) -> Registered:
        """Let no other change that depends on the table's rows pass this one. Raises ChangedMeanwhile."""
        return self._registry.change(unit.tx, self._schema(unit.tx), entry)

    def record(self, unit: Unit, *, write_id: str | None) -> None:
        """Write the unit's commit down for every table that it touched."""
        schema = self._schema(unit.tx)
        self._registry.record(unit.tx, schema, tables=unit.touched, commit_id=unit.commit_id, write_id=write_id)

    def has_commit(self, tx: Transaction, commit_id: str) -> bool:
        """Whether the commit is on record."""
        return self._registry.has_commit(tx, self._schema(tx), commit_id)

    def has_seen(self, unit: Unit, entry: Registered, *, write_id: str) -> bool:
        """Whether the table has a commit with this write id."""
        return self._registry.has_seen(unit.tx, self._schema(unit.tx), entry.name, write_id=write_id)

    def fold(self, unit: Unit, entry: Registered, *, retention: dt.timedelta) -> int:
        """Forget single commits that are older than the retention; how many."""
        before = dt.datetime.now(dt.UTC) - max(retention, _SETTLING)
        return self._registry.fold(unit.tx, self._schema(unit.tx), entry.name, before=before)

    def version(self, tx: Transaction, entry: Registered) -> tuple[int, dt.datetime | None]:
        """The number and time of the last commit; -1 for a table that is declared only."""
        return self._registry.version(tx, self._schema(tx), entry.name) if entry.is_created else (-1, None)

    def check_version(self, tx: Transaction, entry: Registered, as_of: AsOf | None) -> None:
        """Raise UnknownVersion for every version but the last."""
        if as_of is None:
            return
        number, moment = self.version(tx, entry)
        if isinstance(as_of, dt.datetime):
            asked = as_of if as_of.tzinfo else as_of.replace(tzinfo=dt.UTC)
            is_last = moment is not None and asked >= moment
        else:
            is_last = as_of == number
        if not is_last:
            raise UnknownVersion(f"{self._where}: VAST DB keeps no version of {entry.name!r} but the last, {number}")

    def _schema(self, tx: Transaction) -> str:
        if tx.located is None:
            tx.located = self._locate(tx)
        return tx.located

    def _create(self, unit: Unit, schema: str, entry: Registered) -> Registered:
        tx = unit.tx
        if tx.load(entry.name, schema=schema) is not None:
            raise SchemaMismatch(f"{self._where} has a table {entry.name!r} that this store did not create")
        self._make(tx, schema, entry.name, entry=entry)
        self._registry.add(tx, schema, entry)
        unit.touch(entry.name)
        found = self._registry.find(tx, schema, entry.name)
        assert found is not None
        return found

    def _make(self, tx: Transaction, schema: str, name: str, *, entry: Registered) -> None:
        with reported(tx.where):
            columns = vast_schema(entry.schema)
            _in(tx, schema).create_table(name, columns, sorting_key=list(entry.sorting_key))

    def _grow(self, unit: Unit, schema: str, found: Registered, *, grown: pa.Schema) -> Registered:
        tx = unit.tx
        entry = replace(self._registry.change(tx, schema, replace(found, schema=grown)), schema=grown)
        before, after = vast_schema(found.schema), vast_schema(grown)
        if any(after.field(field.name).type != field.type for field in before):
            self._rebuild(unit, schema, found, entry=entry)
        elif added := [field for field in after if field.name not in before.names]:
            with reported(tx.where):
                _in(tx, schema).table(found.name).add_column(pa.schema(added))
        unit.touch(entry.name)
        return entry

    def _rebuild(self, unit: Unit, schema: str, found: Registered, *, entry: Registered) -> None:
        """Fill a table of the new types and put it in the place of the old one: no column changes its type."""
        tx, new = unit.tx, f"_interneg_new_{unit.commit_id}"
        old = self.table(tx, found)
        self._make(tx, schema, new, entry=entry)
        metadata = tx.load(new, schema=schema)
        assert metadata is not None
        filled = tx.table(metadata)
        for batch in tx.select(old, found.schema.names):
            rows = registered(batch, found.schema)
            added = [field for field in entry.schema if field.name not in found.schema.names]
            for field in added:
                rows = rows.append_column(field, pa.nulls(rows.num_rows, field.type))
            if rows.num_rows:
                requests.insert(tx, filled, rows.cast(entry.schema), entry=entry)
        with reported(tx.where):
            _in(tx, schema).table(found.name).drop()
            _in(tx, schema).table(new).rename(found.name)


def _in(tx: Transaction, schema: str) -> Any:
    found = tx.schema(schema)
    if found is None:
        raise errors.MissingSchema(tx.where, schema)
    return found


def _check_keys(table: str, which: str, stored: tuple[str, ...], declared: tuple[str, ...]) -> None:
    if stored != declared:
        raise SchemaMismatch(
            f"table {table!r} was created with {which}={list(stored)} and cannot change to {list(declared)}"
        )
