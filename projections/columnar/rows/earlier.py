"""What the store has from before a batch."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from projections.columnar.filters import AllOf, Column
from projections.columnar.store import ColumnarStore
from projections.columnar.tables import TableDefinition


def rows_under(
    store: ColumnarStore, table: TableDefinition, keys: Collection[tuple[Any, ...]]
) -> Iterator[dict[str, Any]]:
    """The rows of the table under these keys; the store is asked for those with each part of a key in any of them."""
    if not keys:
        return
    columns = zip(table.key, zip(*keys, strict=True), strict=True)
    near = AllOf(tuple(Column(name).is_in(sorted(set(values))) for name, values in columns))
    for row in store.read(table.name, near):
        if tuple(row[name] for name in table.key) in keys:
            yield row
