"""Any table survives being taken apart into streams of leaves, and put together by the SDK's own parser."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vastdb._internal import build_query_data_request, parse_query_data_response

from deploy.vastdb_emulator.query import source
from deploy.vastdb_emulator.query.scan import Query
from deploy.vastdb_emulator.query.splits import Slot
from deploy.vastdb_emulator.wire import frames, relation

SCALARS = st.sampled_from([pa.int8(), pa.int64(), pa.float64(), pa.bool_(), pa.string(), pa.binary(), pa.date32()])
VECTORS = st.builds(
    lambda size: pa.list_(pa.field("item", pa.int32(), nullable=False), size), st.integers(min_value=1, max_value=3)
)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    structs = st.lists(inner, min_size=1, max_size=3).map(
        lambda kinds: pa.struct([(f"f{index}", kind) for index, kind in enumerate(kinds)])
    )
    return inner.map(pa.list_) | structs | inner.map(lambda kind: pa.map_(pa.string(), kind))


TYPES = st.recursive(SCALARS | VECTORS, _nested, max_leaves=4)


def _values(kind: Any) -> st.SearchStrategy[Any]:
    if pa.types.is_struct(kind):
        return st.none() | st.fixed_dictionaries({field.name: _values(field.type) for field in kind})
    if pa.types.is_map(kind):
        return st.none() | st.lists(st.tuples(st.text(max_size=3), _values(kind.item_type)), max_size=3)
    if pa.types.is_fixed_size_list(kind):
        return st.none() | st.lists(st.integers(-9, 9), min_size=kind.list_size, max_size=kind.list_size)
    if pa.types.is_list(kind):
        return st.none() | st.lists(_values(kind.value_type), max_size=3)
    return st.none() | _scalars(kind)


def _scalars(kind: Any) -> st.SearchStrategy[Any]:
    if pa.types.is_integer(kind):
        return st.integers(-100, 100)
    if pa.types.is_floating(kind):
        return st.floats(allow_nan=False)
    if pa.types.is_boolean(kind):
        return st.booleans()
    if pa.types.is_string(kind):
        return st.text(max_size=5)
    return st.binary(max_size=5) if pa.types.is_binary(kind) else st.dates()


@st.composite
def tables(draw: st.DrawFn) -> pa.RecordBatch:
    """A batch of columns of any types, perhaps a slice of a larger one."""
    kinds = draw(st.lists(TYPES, min_size=1, max_size=3))
    length = draw(st.integers(min_value=0, max_value=6))
    columns = [pa.array(draw(st.lists(_values(kind), min_size=length, max_size=length)), kind) for kind in kinds]
    batch = pa.RecordBatch.from_arrays(columns, names=[f"c{index}" for index in range(len(kinds))])
    return batch.slice(draw(st.integers(min_value=0, max_value=length)))


# On a busy machine the first input can take longer than Hypothesis thinks is healthy.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(tables())
def test_what_is_taken_apart_is_put_together_again(batch: pa.RecordBatch) -> None:
    request = build_query_data_request(batch.schema)
    query = Query.bind(relation.decode(bytes(request.serialized)), source.of_rows(batch))
    rows, next_row = query.page(Slot(0, 1, 1), 0, None)
    body = b"".join(frames.page(0, next_row, rows, query.leaves)) + frames.END_OF_QUERY
    ((sub_split, cursor, parsed),) = parse_query_data_response(io.BytesIO(body), request.response_schema)
    assert (sub_split, cursor) == (0, frames.NO_MORE_ROWS)
    assert parsed.to_pylist() == batch.to_pylist()
    parsed.validate(full=True)
