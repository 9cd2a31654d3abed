"""Which commits may pass each other, decided here without a race: one commits while the other plans."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from projections.columnar.duckdb_delta.commits import Change, TableLog
from projections.columnar.duckdb_delta.config import DuckDBParquetConfig, Storage
from projections.columnar.duckdb_delta.files import TableFiles
from projections.columnar.duckdb_delta.partitions import WHOLE_TABLE
from projections.columnar.duckdb_delta.snapshots import Snapshot

SCHEMA = pa.schema([("n", pa.int64())])


class Writer:
    """One process's view of the table: adds files of one row and removes files by name."""

    def __init__(self, root: Path) -> None:
        storage = Storage(DuckDBParquetConfig(root=root))
        self.log = TableLog(storage, "t")
        self.files = TableFiles(storage, "t", threads=1)
        self.plans = 0

    def commit(
        self,
        *,
        remove: str | None = None,
        write_id: str | None = None,
        meanwhile: Callable[[], object] | None = None,
    ) -> bool:
        """Commit one new file; meanwhile runs when the first plan has seen its version."""
        added = self.files.write([(WHOLE_TABLE, pa.table({"n": [1]}))])

        def plan(snapshot: Snapshot) -> Change:
            self.plans += 1
            if self.plans == 1 and meanwhile is not None:
                meanwhile()
            removed = [name for name in snapshot.select(None) if name == remove]
            return Change(added=added, removed=removed, is_replacement=remove is not None)

        return self.log.commit(plan, write_id=write_id)

    @property
    def names(self) -> list[str]:
        return self.log.snapshot().select(None)


@pytest.fixture
def writers(tmp_path: Path) -> tuple[Writer, Writer]:
    first, second = Writer(tmp_path), Writer(tmp_path)
    first.log.create(SCHEMA, partition_by=(), sort_by=())
    for _ in range(2):
        first.log.commit(lambda _: Change(added=first.files.write([(WHOLE_TABLE, pa.table({"n": [0]}))])))
    return first, second


def test_removals_of_different_files_do_not_pass_each_other(writers: tuple[Writer, Writer]) -> None:
    first, second = writers
    left, right = first.names
    assert first.commit(remove=left, meanwhile=lambda: second.commit(remove=right))
    assert first.plans == 2
    assert len(first.names) == 2
    assert {left, right}.isdisjoint(first.names)


def test_replacements_that_find_nothing_to_remove_do_not_pass_each_other(
    writers: tuple[Writer, Writer],
) -> None:
    first, second = writers
    assert first.commit(remove="absent", meanwhile=lambda: second.commit(remove="absent too"))
    assert first.plans == 2


def test_a_removal_of_a_file_that_is_gone_is_planned_again(writers: tuple[Writer, Writer]) -> None:
    first, second = writers
    left, right = first.names
    assert first.commit(remove=left, meanwhile=lambda: second.commit(remove=left))
    assert first.plans == 2
    assert right in first.names
    assert len(first.names) == 3


def test_appends_pass_each_other(writers: tuple[Writer, Writer]) -> None:
    first, second = writers
    assert first.commit(meanwhile=second.commit)
    assert (first.plans, len(first.names)) == (1, 4)


def test_an_append_beside_a_removal_loses_neither(writers: tuple[Writer, Writer]) -> None:
    first, second = writers
    left, right = first.names
    assert first.commit(meanwhile=lambda: second.commit(remove=left))
    assert len(first.names) == 3
    assert right in first.names
    assert left not in first.names


def test_of_two_commits_with_one_write_id_only_the_first_is_kept(writers: tuple[Writer, Writer]) -> None:
    first, second = writers
    assert not first.commit(write_id="once", meanwhile=lambda: second.commit(write_id="once"))
    assert len(first.names) == 3


def test_schemas_that_grow_at_once_both_grow(writers: tuple[Writer, Writer]) -> None:
    first, second = writers
    calls = []

    def grow(name: str, schema: pa.Schema) -> pa.Schema:
        return schema if name in schema.names else schema.append(pa.field(name, pa.string()))

    def slow(schema: pa.Schema) -> pa.Schema:
        calls.append(schema)
        if len(calls) == 1:
            second.log.evolve(lambda current: grow("b", current))
        return grow("a", schema)

    first.log.evolve(slow)
    assert first.log.snapshot().schema.names == ["n", "b", "a"]


def test_an_append_planned_on_the_old_schema_still_commits(writers: tuple[Writer, Writer]) -> None:
    first, second = writers
    grown = SCHEMA.append(pa.field("later", pa.string()))
    assert first.commit(meanwhile=lambda: second.log.evolve(lambda _: grown))
    assert first.plans == 2
    assert first.log.snapshot().schema.equals(grown)
    assert len(first.names) == 3
