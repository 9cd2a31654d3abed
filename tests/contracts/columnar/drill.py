"""Another process of a failure drill: drill.py ACTION SETTINGS ARGUMENT…, one printed line a step done."""

from __future__ import annotations

import datetime as dt
import gc
import sys
from itertools import count
from typing import Any

import orjson
import pyarrow as pa

from projections.columnar.store import ColumnarStore
from tests.contracts.columnar.backends import open_store
from tests.memory import peak_bytes

DRILL = pa.schema([("k", pa.int64()), ("step", pa.int64()), ("n", pa.int64()), ("text", pa.string())])
ROWS = 200
PARTITIONS = 4


def rows(key: int, step: int, number: int = ROWS) -> list[dict[str, Any]]:
    return [{"k": key, "step": step, "n": n, "text": f"{step}/{n}" * 20} for n in range(number)]


def done(step: object) -> None:
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


def append(store: ColumnarStore, start: str) -> None:
    for step in count(int(start)):
        store.write("drill", rows(step % PARTITIONS, step), write_id=f"step {step}")
        done(step)


def overwrite(store: ColumnarStore, start: str, steps: str = "1000000") -> None:
    for step in range(int(start), int(start) + int(steps)):
        store.write("drill", rows(step % PARTITIONS, step), overwrite=True)
        done(step)


def replace(store: ColumnarStore, start: str) -> None:
    for step in count(int(start)):
        store.replace_rows("drill", rows(step % PARTITIONS, step), key=["k"])
        done(step)


def compact(store: ColumnarStore, start: str) -> None:
    for step in count(int(start)):
        store.write("drill", rows(step % PARTITIONS, step), write_id=f"step {step}")
        store.compact("drill")
        done(step)


def storm(store: ColumnarStore, writer: str) -> None:
    me = int(writer)
    store.create_table("shared", DRILL, partition_by=["k"])
    store.create_table(f"own-{me}", DRILL)
    for step in range(5):
        store.write("shared", [{"k": 0, "step": me, "n": step}])
    store.write("shared", rows(1, me, 10), overwrite=True)
    store.replace_rows("shared", rows(2, me, 3), key=["k"])
    store.write("shared", rows(100 + me, me, 10), overwrite=True)
    store.compact("shared")
    store.write(f"own-{me}", rows(0, me, 7))
    done("done")


def times(store: ColumnarStore) -> None:
    store.create_table("times", pa.schema([("at", pa.timestamp("us", tz="UTC")), ("naive", pa.timestamp("us"))]))
    moments = [dt.datetime(2024, 3, 10, hour) for hour in (0, 4, 7, 12, 23)]
    store.write("times", [{"at": moment, "naive": moment} for moment in moments], write_id="once")
    for filters in ({"at": {"gte": "2024-03-10T04:00", "lt": "2024-03-10T12:00:00Z"}}, {"naive": moments[2]}):
        table = store.bulk_read("times", filters, order_by=["at"])
        done(f"{table.schema.field('at').type} {[str(row) for row in table.to_pylist()]}")
        done(store.count("times", filters))


def scan(store: ColumnarStore, is_keeping: str) -> None:
    """Rows of a scan, and by how much the peak grew after its first quarter, when most buffers have their size."""
    quarter = store.count("long") // 4
    kept: list[pa.RecordBatch] = []
    count, before = 0, 0
    for batch in store.scan("long"):
        count += batch.num_rows
        if is_keeping == "yes":
            kept.append(batch)
        before = before or (peak_bytes() if count >= quarter else 0)
    done(count)
    done(peak_bytes() - before)


def bulk_reads(store: ColumnarStore) -> None:
    """Rows of a whole read, and by how much the peak grew while it was repeated."""
    columns = ["n", "text"]
    count = sum(store.bulk_read("long", columns=columns).num_rows for _ in range(2)) // 2
    gc.collect()
    before = peak_bytes()
    for _ in range(4):
        store.bulk_read("long", columns=columns)
    done(count)
    done(peak_bytes() - before)


ACTIONS = {action.__name__: action for action in (append, overwrite, replace, compact, storm, times, scan, bulk_reads)}

if __name__ == "__main__":
    ACTIONS[sys.argv[1]](open_store(orjson.loads(sys.argv[2])), *sys.argv[3:])
