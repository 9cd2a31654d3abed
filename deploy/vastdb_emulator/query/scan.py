"""One page of one share of a query: rows of the source that pass the filter, up to a limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from deploy.vastdb_emulator.errors import BadRequest
from deploy.vastdb_emulator.query.predicates import mask
from deploy.vastdb_emulator.query.source import Run, Source
from deploy.vastdb_emulator.query.splits import Slot
from deploy.vastdb_emulator.wire.frames import NO_MORE_ROWS
from deploy.vastdb_emulator.wire.leaves import Leaf, field_at, nodes
from deploy.vastdb_emulator.wire.relation import Call, Expression, FieldAt, Relation


@dataclass(frozen=True)
class Query:
    """A relation bound to a source: the leaves to return, the columns they need, and the filter over `fields`."""

    source: Source
    fields: tuple[Leaf, ...]
    leaves: tuple[Leaf, ...]
    filter: Expression

    @classmethod
    def bind(cls, relation: Relation, source: Source) -> Query:
        """Find the fields that the numbers of a relation stand for, by the types that the source has."""
        fields = tuple(leaf for name in relation.names for leaf in nodes(name, source.kind(name)))
        if any(position >= len(fields) for position in relation.projected):
            raise BadRequest("The projection has a number that no field of the schema has.")
        return cls(source, fields, tuple(fields[position] for position in relation.projected), relation.filter)

    @property
    def columns(self) -> list[str]:
        """The columns that are returned, each once."""
        return list(dict.fromkeys(leaf.column for leaf in self.leaves))

    @property
    def filtered(self) -> set[str]:
        """The columns that the filter is on."""
        return {self.fields[position].column for position in _positions(self.filter)}

    def page(self, slot: Slot, start: int, limit: int | None) -> tuple[Any, int]:
        """Up to `limit` rows of a share from row number `start` on, and the number to go on with."""
        pieces: list[Any] = []
        wanted = limit
        for run, first, end in slot.stretches(self.source.runs, start):
            kept = self._kept(run, first, end)
            if wanted is not None and len(kept) > wanted:
                pieces.append(run.rows.take(pa.array(kept[:wanted])))
                return self._joined(pieces), int(run.numbers[kept[wanted]])
            if len(kept) == end - first:
                pieces.append(run.rows.slice(first, len(kept)))
            elif len(kept):
                pieces.append(run.rows.take(pa.array(kept)))
            if wanted is not None:
                wanted -= len(kept)
        return self._joined(pieces), NO_MORE_ROWS

    def _kept(self, run: Run, first: int, end: int) -> np.ndarray[Any, np.dtype[np.int64]]:
        rows = run.rows.slice(first, end - first)

        def values(position: int) -> Any | None:
            leaf = self.fields[position]
            column = self.source.column(rows, leaf.column)
            return None if column is None else field_at(column, leaf.path)

        kept = mask(self.filter, values, rows.num_rows)
        return np.flatnonzero(kept.to_numpy(zero_copy_only=False)) + first

    def _joined(self, pieces: Sequence[Any]) -> Any:
        names = self.columns
        batches = [self._selected(piece) for piece in pieces]
        if not batches:
            schema = pa.schema([(name, self.source.kind(name)) for name in names])
            return pa.RecordBatch.from_pylist([], schema=schema)
        if len(batches) == 1:
            return batches[0]
        return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]

    def _selected(self, rows: Any) -> Any:
        names = self.columns
        if not names:
            return rows.select([])
        return pa.RecordBatch.from_arrays([self.source.column(rows, name) for name in names], names=names)


def _positions(expression: Expression) -> Iterator[int]:
    if isinstance(expression, FieldAt):
        yield expression.position
    elif isinstance(expression, Call):
        for argument in expression.arguments:
            yield from _positions(argument)
