"""Rows in the order of a projection, and which projection a query is best served by."""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache

import numpy as np
import pyarrow as pa

from deploy.vastdb_emulator.query.source import Run, Source, of_table
from deploy.vastdb_emulator.store.table import Projection, Table


@lru_cache(maxsize=8)
def of_projection(table: Table, projection: Projection) -> Source:
    """The rows of a table in the order of a projection, numbered from 0."""
    source = of_table(table)
    if not source.runs:
        return source
    rows = pa.Table.from_batches([run.rows for run in source.runs])
    ordered = rows.sort_by([(name, "ascending") for name in projection.sorted_by]).combine_chunks().to_batches()[0]
    run = Run(np.arange(ordered.num_rows, dtype=np.uint64), ordered)
    return Source((run,), source.types, source.derived)


def best_projection(table: Table, *, queried: Set[str], filtered: Set[str]) -> Projection | None:
    """The first projection that has every queried column and whose order begins with one that the filter is on."""
    for projection in table.projections:
        has_all = queried <= {name for name, _ in projection.columns}
        if has_all and projection.sorted_by and projection.sorted_by[0] in filtered:
            return projection
    return None
