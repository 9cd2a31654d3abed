"""Creating, registering and growing tables; every type comes back as it was declared."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from projections.columnar.errors import InvalidName, SchemaMismatch, UnknownTable, UnsupportedType
from projections.columnar.store import ColumnarStore
from projections.columnar.tables import TABLES
from tests.contracts.columnar.backends import IMAGE_KEYS, IMAGES, Backend, image_rows

BASE = pa.schema([pa.field("id", pa.string(), nullable=False), ("n", pa.int32())])


def test_creating_twice_keeps_the_rows(images: ColumnarStore, backend: Backend) -> None:
    images.create_table("images", IMAGES, partition_by=IMAGE_KEYS)
    backend.open().create_table("images", IMAGES, partition_by=IMAGE_KEYS)
    assert images.count("images") == 12
    assert images.get_schema("images").equals(IMAGES)


def test_a_table_is_found_again_with_schema_and_keys(images: ColumnarStore, backend: Backend) -> None:
    again = backend.open()
    assert again.get_schema("images").equals(IMAGES)
    assert list(again.read("images", order_by=["image_id"])) == image_rows()
    again.write("images", image_rows()[:1], overwrite=True)
    assert images.count("images") == 10


@pytest.mark.parametrize("table", ["", "../evil", "a/b", "a.b", "a b", "_delta_log", "x" * 129, "é", None, 5])
def test_a_table_name_that_is_no_plain_word_is_refused(store: ColumnarStore, table: Any) -> None:
    with pytest.raises(InvalidName):
        store.create_table(table, BASE)
    with pytest.raises(InvalidName):
        store.count(table)


@pytest.mark.parametrize("column", ["", "_partition", "a\nb", "a\0b"])
def test_a_column_name_that_no_backend_can_have_is_refused(store: ColumnarStore, column: str) -> None:
    with pytest.raises(InvalidName):
        store.create_table("t", pa.schema([(column, pa.int64())]))


def test_columns_that_differ_in_case_alone_are_refused(store: ColumnarStore) -> None:
    with pytest.raises(InvalidName, match="case"):
        store.create_table("t", pa.schema([("a", pa.int64()), ("A", pa.int64())]))


@pytest.mark.parametrize("schema", [dict, "schema", None, pa.schema([("a", pa.null())]), 5])
def test_what_is_no_schema_is_refused(store: ColumnarStore, schema: Any) -> None:
    with pytest.raises(UnsupportedType):
        store.create_table("t", schema)


def test_keys_must_be_columns_and_stay(store: ColumnarStore) -> None:
    with pytest.raises(ValueError, match="nope"):
        store.create_table("t", BASE, partition_by=["nope"])
    with pytest.raises(ValueError, match="nope"):
        store.create_table("t", BASE, sort_by=["nope"])
    store.create_table("t", BASE, partition_by=["n"])
    for keys in (None, [], ["id"], ["n", "id"]):
        with pytest.raises(SchemaMismatch):
            store.create_table("t", BASE, partition_by=keys)
    store.create_table("plain", BASE, partition_by=[])
    store.create_table("plain", BASE, partition_by=None)


@pytest.mark.parametrize(
    "changed",
    [
        pa.schema([BASE.field("id")]),
        BASE.append(pa.field("extra", pa.string(), nullable=False)),
        pa.schema([BASE.field("id"), ("n", pa.string())]),
        pa.schema([BASE.field("id"), ("n", pa.int16())]),
        pa.schema([BASE.field("id"), pa.field("n", pa.int32(), nullable=False)]),
    ],
)
def test_a_change_that_breaks_readers_is_refused(store: ColumnarStore, backend: Backend, changed: pa.Schema) -> None:
    store.create_table("t", BASE)
    for instance in (store, backend.open()):
        with pytest.raises(SchemaMismatch):
            instance.create_table("t", changed)
    assert store.get_schema("t").equals(BASE)


@pytest.mark.parametrize("new_rows_first", [True, False])
def test_rows_from_before_and_after_a_new_column_read_together(
    store: ColumnarStore, backend: Backend, new_rows_first: bool
) -> None:
    store.create_table("t", BASE)
    old = backend.open()
    old.write("t", [{"id": "old", "n": 1}])
    grown = BASE.append(pa.field("extra", pa.list_(pa.string())))
    store.create_table("t", grown)
    assert store.get_schema("t").equals(grown)
    assert list(store.read("t", {"extra": {"is_null": True}})) == [{"id": "old", "n": 1, "extra": None}]
    assert store.count("t", {"extra": {"contains": "x"}}) == 0
    store.write("t", [{"id": "new", "n": 2, "extra": ["x"]}])
    if new_rows_first:
        old.write("t", [{"id": "later", "n": 3}])
    found = store.bulk_read("t", order_by=["id"])
    assert found.schema.equals(grown)
    assert found.to_pylist()[-2:] == [
        {"id": "new", "n": 2, "extra": ["x"]},
        {"id": "old", "n": 1, "extra": None},
    ]
    assert store.count("t", {"extra": {"contains": "x"}}) == 1
    store.compact("t")
    assert store.bulk_read("t", order_by=["id"]).equals(found)


def test_a_number_may_widen_and_a_required_column_may_become_nullable(store: ColumnarStore) -> None:
    store.create_table("t", BASE)
    store.write("t", [{"id": "narrow", "n": 1}])
    wide = pa.schema([("id", pa.string()), ("n", pa.int64())])
    store.create_table("t", wide)
    store.write("t", [{"id": None, "n": 2**40}])
    assert store.get_schema("t").equals(wide)
    assert sorted(store.bulk_read("t").column("n").to_pylist()) == [1, 2**40]
    assert store.count("t", {"n": {"gt": 0}}) == 2
    assert store.count("t", {"n": 2**40}) == 1


def test_registering_writes_nothing_and_serves_empty_reads(store: ColumnarStore, backend: Backend) -> None:
    store.register_table("images", IMAGES, partition_by=IMAGE_KEYS)
    assert store.get_schema("images").equals(IMAGES)
    assert store.count("images") == 0
    assert store.bulk_read("images", {"month": 1}).schema.equals(IMAGES)
    with pytest.raises(UnknownTable):
        backend.open().count("images")


def test_a_registered_table_is_usable_once_another_instance_created_it(store: ColumnarStore, backend: Backend) -> None:
    store.register_table("images", IMAGES, partition_by=IMAGE_KEYS)
    backend.open().create_table("images", IMAGES, partition_by=IMAGE_KEYS)
    store.write("images", image_rows())
    assert backend.open().count("images", {"month": 1}) == 6


def test_writing_to_a_registered_table_creates_it(store: ColumnarStore, backend: Backend) -> None:
    store.register_table("images", IMAGES, partition_by=IMAGE_KEYS)
    store.write("images", image_rows())
    assert sorted(backend.open().distinct_values("images", ["month"]), key=str) == [
        {"month": 1},
        {"month": 2},
    ]


def test_registering_against_the_stored_table_is_checked(images: ColumnarStore, backend: Backend) -> None:
    other = backend.open()
    with pytest.raises(SchemaMismatch):
        other.register_table("images", IMAGES, partition_by=["month"])
    with pytest.raises(SchemaMismatch, match="create_table"):
        other.register_table("images", IMAGES.append(pa.field("new", pa.string())), partition_by=IMAGE_KEYS)
    with pytest.raises(ValueError):
        other.register_table("images", IMAGES, partition_by=["nope"])
    other.register_table("images", IMAGES.remove(4), partition_by=IMAGE_KEYS)
    assert other.get_schema("images").equals(IMAGES)


MOMENT = dt.datetime(2024, 2, 29, 23, 59, 58, 123456, tzinfo=dt.UTC)
TYPES: list[tuple[pa.DataType, Any, Any]] = [
    (pa.string(), "é", "é"),
    (pa.large_string(), "x", "x"),
    (pa.bool_(), True, True),
    (pa.int8(), -5, -5),
    (pa.int64(), 2**62, 2**62),
    (pa.uint8(), 255, 255),
    (pa.uint64(), 2**64 - 1, 2**64 - 1),
    (pa.float16(), 1.5, 1.5),
    (pa.float32(), 1.5, 1.5),
    (pa.float64(), 0.1, 0.1),
    (pa.decimal128(20, 2), Decimal("123.45"), Decimal("123.45")),
    (pa.binary(), b"\0\xff", b"\0\xff"),
    (pa.binary(2), b"ab", b"ab"),
    (pa.date32(), dt.date(2024, 2, 29), "2024-02-29"),
    (pa.date64(), dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
    (pa.time64("us"), dt.time(1, 2, 3, 4), dt.time(1, 2, 3, 4)),
    (pa.time64("ns"), dt.time(1, 2, 3, 4), "01:02:03.000004"),
    (pa.time32("s"), dt.time(1, 2, 3), dt.time(1, 2, 3)),
    (pa.timestamp("us", tz="UTC"), MOMENT, MOMENT),
    (pa.timestamp("ns", tz="UTC"), MOMENT, MOMENT.isoformat()),
    (pa.timestamp("s", tz="UTC"), MOMENT.replace(microsecond=0), "2024-02-29T23:59:58Z"),
    (pa.timestamp("us"), MOMENT.replace(tzinfo=None), MOMENT),
    (pa.timestamp("ns"), MOMENT.replace(tzinfo=None), MOMENT.replace(tzinfo=None)),
    (pa.duration("us"), dt.timedelta(days=1, microseconds=5), dt.timedelta(days=1, microseconds=5)),
    (pa.dictionary(pa.int32(), pa.string()), "word", "word"),
]
NESTED: list[tuple[pa.DataType, Any]] = [
    (pa.list_(pa.int64()), [1, None, 2]),
    (pa.list_(pa.field("item", pa.float32(), nullable=False), 3), [0.5, 1.0, 2.0]),
    (pa.struct([("a", pa.int32()), ("b", pa.list_(pa.string()))]), {"a": 1, "b": ["x"]}),
    (pa.map_(pa.string(), pa.int64()), [("k", 1)]),
    (pa.list_(pa.struct([("when", pa.timestamp("us", tz="UTC"))])), [{"when": MOMENT}]),
]


@pytest.mark.parametrize(("type_", "value", "asked"), TYPES, ids=str)
def test_a_type_comes_back_as_declared_and_can_be_filtered(
    store: ColumnarStore, type_: pa.DataType, value: Any, asked: Any
) -> None:
    schema = pa.schema([("x", type_), ("row", pa.int64())])
    store.create_table("typed", schema)
    rows = pa.table({"x": pa.array([value, None], type_), "row": [1, 2]})
    assert store.bulk_read("typed").schema.equals(schema)
    store.write("typed", rows)
    assert store.bulk_read("typed", order_by=["row"]).equals(rows)
    assert store.count("typed", {"x": asked}) == 1
    assert store.count("typed", {"x": {"in": [asked]}}) == 1
    assert store.count("typed", {"x": {"lt": asked}}) == 0
    assert store.bulk_read("typed", {"x": {"gte": asked}}, ["row"]).to_pylist() == [{"row": 1}]


@pytest.mark.parametrize(("type_", "value"), NESTED, ids=str)
def test_a_nested_type_comes_back_as_declared(store: ColumnarStore, type_: pa.DataType, value: Any) -> None:
    schema = pa.schema([("x", type_), ("row", pa.int64())])
    store.create_table("nested", schema)
    rows = pa.table({"x": pa.array([value, None], type_), "row": [1, 2]})
    store.write("nested", rows)
    assert store.bulk_read("nested", order_by=["row"]).equals(rows)
    assert store.bulk_read("nested", {"x": {"is_null": True}}, ["row"]).to_pylist() == [{"row": 2}]


@pytest.mark.parametrize("definition", TABLES, ids=lambda definition: definition.name)
def test_the_tables_of_the_library_keep_their_exact_types(store: ColumnarStore, definition: Any) -> None:
    store.create_table(definition.name, definition.schema, sort_by=definition.sort_by)
    assert store.bulk_read(definition.name).schema.equals(definition.schema)
    assert store.get_schema(definition.name).equals(definition.schema)
