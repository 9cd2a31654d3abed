"""Splitting rows by key: every row once, values read back exactly."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.columnar.duckdb_delta.partitions import decode, split

TEXT = st.text(max_size=8)
KEYS = st.tuples(TEXT, st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False))
SCHEMA = pa.schema([("a", pa.string()), ("b", pa.int64()), ("c", pa.float64())])


@settings(max_examples=60, deadline=None)
@given(st.lists(KEYS, min_size=1, max_size=30))
def test_every_row_is_in_the_partition_of_its_values(keys: list[tuple[str, int, float]]) -> None:
    columns = [pa.array(column, type_) for column, type_ in zip(zip(*keys, strict=True), SCHEMA.types, strict=True)]
    rows = pa.Table.from_arrays([*columns, pa.array(range(len(keys)))], names=[*SCHEMA.names, "row"])
    parts = list(split(rows, SCHEMA.names, ()))
    assert sorted(row for _, part in parts for row in part.column("row").to_pylist()) == list(range(len(keys)))
    assert len(parts) == len(set(keys))
    for (_, part), values in zip(parts, decode([text for text, _ in parts], SCHEMA).to_pylist(), strict=True):
        assert {keys[row] for row in part.column("row").to_pylist()} == {tuple(values.values())}
