"""Overwriting partitions, replacing rows by key, compaction and vacuum: one commit each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from projections.columnar.errors import InvalidRecords, UnknownColumn
from projections.columnar.store import ColumnarStore
from tests.contracts.columnar.backends import Backend, ids, image_rows

CURRENT = pa.schema([("file_id", pa.string()), ("part", pa.int64()), ("name", pa.string())])


def rows_of(*entries: tuple[str, int, str]) -> list[dict[str, Any]]:
    return [dict(zip(CURRENT.names, entry, strict=True)) for entry in entries]


def test_overwriting_replaces_the_partitions_of_the_rows_and_no_other(images: ColumnarStore) -> None:
    old = image_rows()
    version = images.version("images")
    images.write("images", [{**old[0], "image_id": "a"}, {**old[0], "image_id": "b"}], overwrite=True)
    assert images.version("images") == version + 1
    assert ids(images.read("images", {"instrument": "IFCB107", "month": 1})) == ["a", "b"]
    assert images.count("images") == 11
    assert ids(images.read("images", {"month": 2})) == ids(row for row in old if row["month"] == 2)


def test_several_partitions_are_overwritten_and_absent_ones_created_in_one_commit(
    images: ColumnarStore,
) -> None:
    row = image_rows()[0]
    version = images.version("images")
    keys = [("IFCB107", 1), ("IFCB108", 2), ("IFCB109", 7)]
    rows = [{**row, "instrument": name, "month": month, "image_id": f"{name}-{month}"} for name, month in keys]
    images.write("images", rows, overwrite=True)
    assert images.version("images") == version + 1
    assert images.count("images") == 6 + 3
    for name, month in keys:
        assert ids(images.read("images", {"instrument": name, "month": month})) == [f"{name}-{month}"]


def test_overwriting_a_table_without_partitions_replaces_all_of_it(store: ColumnarStore) -> None:
    store.create_table("current", CURRENT)
    store.write("current", rows_of(("a", 0, "old"), ("b", 0, "old")))
    store.write("current", rows_of(("c", 0, "new")), overwrite=True)
    assert list(store.read("current")) == rows_of(("c", 0, "new"))


def test_replacing_rows_leaves_the_new_rows_of_a_key_and_every_other_key(store: ColumnarStore) -> None:
    store.create_table("current", CURRENT, sort_by=["file_id", "part"])
    store.write("current", rows_of(("a", 0, "old"), ("a", 1, "old"), ("b", 0, "kept"), ("c", 0, "old")))
    store.write("current", rows_of(("a", 2, "old"), ("d", 0, "kept")))
    version = store.version("current")
    new = rows_of(("a", 0, "new"), ("a", 5, "new"), ("e", 0, "new"))
    assert store.replace_rows("current", new, key=["file_id"], removed=[{"file_id": "c"}, {"file_id": "zz"}])
    assert store.version("current") == version + 1
    found = list(store.read("current", order_by=["file_id", "part"]))
    assert found == rows_of(("a", 0, "new"), ("a", 5, "new"), ("b", 0, "kept"), ("d", 0, "kept"), ("e", 0, "new"))
    assert store.count("current") == 5


def test_rows_are_replaced_by_a_key_of_several_columns(store: ColumnarStore) -> None:
    store.create_table("current", CURRENT)
    store.write("current", rows_of(("a", 0, "old"), ("a", 1, "kept"), ("b", 0, "kept"), ("b", 1, "old")))
    removed = [{"part": 1, "file_id": "b"}]
    store.replace_rows("current", rows_of(("a", 0, "new")), key=["file_id", "part"], removed=removed)
    found = list(store.read("current", order_by=["file_id", "part"]))
    assert found == rows_of(("a", 0, "new"), ("a", 1, "kept"), ("b", 0, "kept"))


def test_keys_can_be_removed_without_a_successor(store: ColumnarStore) -> None:
    store.create_table("current", CURRENT)
    store.write("current", rows_of(("a", 0, "x"), ("b", 0, "x")))
    store.replace_rows("current", [], key=["file_id"], removed=[{"file_id": "a"}])
    assert list(store.read("current")) == rows_of(("b", 0, "x"))
    store.replace_rows("current", [], key=["file_id"], removed=[{"file_id": "b"}])
    assert store.count("current") == 0
    assert list(store.read("current")) == []
    version = store.version("current")
    assert store.replace_rows("current", [], key=["file_id"])
    assert store.version("current") == version


def test_rows_replaced_across_partitions_move(images: ColumnarStore) -> None:
    moved = {**image_rows()[0], "month": 9}
    images.replace_rows("images", [moved], key=["image_id"])
    assert list(images.read("images", {"image_id": "image-00"})) == [moved]
    assert images.count("images") == 12
    assert images.count("images", {"instrument": "IFCB107", "month": 1}) == 2


def test_a_replacement_is_done_once_for_each_write_id(store: ColumnarStore) -> None:
    store.create_table("current", CURRENT)
    assert store.replace_rows("current", rows_of(("a", 0, "1")), key=["file_id"], write_id="w1")
    assert store.replace_rows("current", rows_of(("a", 0, "2")), key=["file_id"], write_id="w2")
    assert not store.replace_rows("current", rows_of(("a", 0, "1")), key=["file_id"], write_id="w1")
    assert list(store.read("current")) == rows_of(("a", 0, "2"))


def test_a_replacement_with_a_bad_key_changes_nothing(store: ColumnarStore) -> None:
    store.create_table("current", CURRENT)
    store.write("current", rows_of(("a", 0, "x")))
    with pytest.raises(UnknownColumn):
        store.replace_rows("current", rows_of(("a", 0, "y")), key=["nope"])
    with pytest.raises(UnknownColumn):
        store.replace_rows("current", rows_of(("a", 0, "y")), key=[])
    with pytest.raises(InvalidRecords):
        store.replace_rows("current", [{"part": 1}], key=["file_id"])
    with pytest.raises(InvalidRecords):
        store.replace_rows("current", [], key=["file_id", "part"], removed=[{"file_id": "a"}])
    assert list(store.read("current")) == rows_of(("a", 0, "x"))


def test_compaction_changes_no_row_and_has_an_end(store: ColumnarStore) -> None:
    schema = pa.schema([("n", pa.int64()), ("k", pa.int64())])
    store.create_table("small", schema, partition_by=["k"], sort_by=["n"])
    for number in reversed(range(10)):
        store.write("small", [{"n": number, "k": number % 2}])
    store.compact("small")
    assert store.count("small") == 10
    assert store.bulk_read("small", {"k": 1}, order_by=["n"]).column("n").to_pylist() == [1, 3, 5, 7, 9]
    assert store.compact("small") == 0
    store.write("small", [{"n": 11, "k": 1}])
    store.compact("small")
    assert store.count("small", {"k": 1}) == 6


def test_vacuum_leaves_the_last_version_and_write_ids(images: ColumnarStore, backend: Backend) -> None:
    images.write("images", image_rows(), overwrite=True, write_id="kept")
    images.write("images", image_rows()[:1], overwrite=True)
    version = images.version("images")
    assert images.vacuum("images") == 0
    images.vacuum("images", retention=dt.timedelta(0))
    assert images.version("images") >= version
    assert ids(images.read("images", {"instrument": "IFCB107", "month": 1})) == ["image-00"]
    assert ids(backend.open().read("images")) == ids(images.read("images"))
    assert not images.write("images", image_rows(), write_id="kept")


def test_a_dropped_table_is_unknown_and_can_be_made_anew(images: ColumnarStore, backend: Backend) -> None:
    images.drop_table("images")
    images.drop_table("images")
    for store in (images, backend.open()):
        with pytest.raises(KeyError):
            store.count("images")
    images.create_table("images", CURRENT)
    assert images.count("images") == 0
