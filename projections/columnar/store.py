"""The contract of a columnar store: what callers may rely on with any backend."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

import pyarrow as pa

from projections.columnar.filters import Filters
from projections.columnar.records import Records
from projections.columnar.schemas import TableSchema

AsOf = int | dt.datetime
"""A version of the table, or a moment (UTC when naive): the last version committed at or before it."""
OrderBy = Sequence[str | tuple[str, Literal["asc", "desc"]]]
"""Columns to sort by, ascending unless said otherwise; nulls come last."""


class ColumnarStore(ABC):
    """Tables of typed rows; every write is one commit that readers see whole or not at all.

    A read sees one version of the table from its first row to its last. Results have the registered column
    order and types with any backend, times in UTC, also when they are empty. Instances may be shared by
    threads. Every method raises UnknownTable for a table that was neither created nor registered, and
    Unavailable when the storage does not answer; argument errors are raised by the call itself, before any
    row is read. Filters are described in filters.py.
    """

    keeps_versions: ClassVar[bool]
    """Whether as_of can name an earlier version; a store that keeps none raises UnknownVersion for those."""

    @abstractmethod
    def create_table(
        self,
        table: str,
        schema: TableSchema,
        partition_by: Sequence[str] | None = None,
        *,
        sort_by: Sequence[str] | None = None,
    ) -> None:
        """Create the table, or grow the existing one to the schema (see schemas.evolved); idempotent.

        partition_by and sort_by are fixed when the table is created. Rows are kept sorted by sort_by within
        a file, not across files. Raises UnknownColumn for a key outside the schema, SchemaMismatch,
        UnsupportedType, InvalidName.
        """

    @abstractmethod
    def register_table(self, table: str, schema: TableSchema, partition_by: Sequence[str] | None = None) -> None:
        """Declare a table without writing anything; reads give no rows until it is created.

        Raises what create_table raises, also when the stored table lacks a declared column.
        """

    @abstractmethod
    def drop_table(self, table: str) -> None:
        """Remove the table and its rows; no other process may be using it, and dropping none is no error."""

    @abstractmethod
    def get_schema(self, table: str) -> pa.Schema:
        """The registered schema."""

    @abstractmethod
    def version(self, table: str) -> int:
        """The number of the last commit, to be used as as_of; it only grows."""

    @abstractmethod
    def write(
        self,
        table: str,
        records: Records,
        overwrite: bool = False,
        *,
        write_id: str | None = None,
        ignore_unknown: bool = False,
    ) -> bool:
        """Append the rows; with overwrite, replace every partition that occurs in them, as one commit.

        Overwriting a table without partitions replaces all of it. No rows change nothing. A write_id that
        the table has seen is not written again, whoever wrote it: the answer is then False, else True.
        Raises InvalidRecords and Conflict.
        """

    @abstractmethod
    def replace_rows(
        self,
        table: str,
        records: Records,
        *,
        key: Sequence[str],
        removed: Iterable[Mapping[str, object]] = (),
        write_id: str | None = None,
    ) -> bool:
        """Delete every row whose key occurs in the records or in removed, insert the records, in one commit.

        Several records may share a key and all are kept. removed holds one dict of the key columns for each
        key that goes without a successor. write_id and the answer are as in write.
        """

    @abstractmethod
    def scan(
        self,
        table: str,
        filters: Filters | None = None,
        columns: Sequence[str] | None = None,
        *,
        order_by: OrderBy = (),
        limit: int | None = None,
        as_of: AsOf | None = None,
    ) -> pa.RecordBatchReader:
        """Matching rows as a stream of record batches, in bounded memory: the primitive of reading.

        columns are exactly these in this order; None is all. Raises UnknownColumn (unknown, repeated or no
        columns) and InvalidFilter.
        """

    @abstractmethod
    def bulk_read(
        self,
        table: str,
        filters: Filters | None = None,
        columns: Sequence[str] | None = None,
        *,
        order_by: OrderBy = (),
        limit: int | None = None,
        as_of: AsOf | None = None,
    ) -> pa.Table:
        """What scan gives, as one table."""

    def read(
        self,
        table: str,
        filters: Filters | None = None,
        columns: Sequence[str] | None = None,
        *,
        order_by: OrderBy = (),
        limit: int | None = None,
        as_of: AsOf | None = None,
    ) -> Iterator[dict[str, Any]]:
        """What scan gives, lazily as dicts."""
        return rows_of(self.scan(table, filters, columns, order_by=order_by, limit=limit, as_of=as_of))

    @abstractmethod
    def count(self, table: str, filters: Filters | None = None, *, as_of: AsOf | None = None) -> int:
        """How many rows match."""

    @abstractmethod
    def distinct_values(
        self, table: str, fields: Sequence[str], filters: Filters | None = None, *, as_of: AsOf | None = None
    ) -> list[dict[str, Any]]:
        """Every combination of the fields that occurs, once, in no order."""

    @abstractmethod
    def join(
        self,
        left: str,
        right: str,
        on: str,
        left_filters: Filters | None = None,
        right_filters: Filters | None = None,
        select: Literal["both", "left", "right"] = "both",
    ) -> Iterator[dict[str, Any]]:
        """One dict for each pair of rows with an equal value in the column; null equals nothing.

        With "both", a right-hand column whose name the left table also has is called name_right.
        """

    @abstractmethod
    def compact(self, table: str, *, target_bytes: int = 64 * 2**20) -> int:
        """Merge small files into files of about this size, as one commit; how many files were merged away.

        What compaction cannot commit because other writers changed those files is left for the next one. A
        store whose files are not ours to merge answers 0.
        """

    @abstractmethod
    def vacuum(self, table: str, *, retention: dt.timedelta = dt.timedelta(days=7)) -> int:
        """Delete what no version of the last retention period needs, files or records of commits; how many.

        Versions older than that can no longer be read. A retention shorter than the longest write or read
        under way can delete files that are in use.
        """


def rows_of(reader: pa.RecordBatchReader) -> Iterator[dict[str, Any]]:
    """The rows of a stream, a batch at a time."""
    for batch in reader:
        yield from batch.to_pylist()
