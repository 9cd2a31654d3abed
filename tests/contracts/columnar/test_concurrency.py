"""Threads and processes that read and write the same tables at the same time."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from projections.columnar.store import ColumnarStore
from tests.contracts.columnar.backends import Backend, ids, image_rows
from tests.contracts.columnar.drill import DRILL, PARTITIONS, ROWS

ALL = ids(image_rows())
PROCESSES = 8


def test_two_reads_in_lockstep_do_not_disturb_each_other(images: ColumnarStore) -> None:
    pairs = list(
        zip(
            images.read("images", order_by=["image_id"]),
            images.read("images", order_by=["image_id"]),
            strict=True,
        )
    )
    assert [left["image_id"] for left, _ in pairs] == [right["image_id"] for _, right in pairs] == ALL


def test_a_read_survives_every_other_query(images: ColumnarStore) -> None:
    rows = images.read("images")
    first = next(rows)
    joined = images.join("images", "images", "image_id")
    next(joined)
    assert images.count("images", {"month": 1}) == 6
    assert images.bulk_read("images").num_rows == 12
    images.write("images", image_rows()[:1])
    assert ids([first, *rows]) == ALL
    assert len(list(joined)) == 11


def test_threads_share_a_store(images: ColumnarStore) -> None:
    def work(number: int) -> int:
        assert ids(images.read("images", {"image_id": {"prefix": "image"}})) == ALL
        assert images.count("images", {"month": 1 + number % 2, "score": {"gte": 0}}) == 6
        assert len(list(images.join("images", "images", "image_id", {"month": 1}))) == 6
        return len(images.bulk_read("images"))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(24))) == [12] * 24


def test_threads_write_through_one_store(store: ColumnarStore) -> None:
    store.create_table("drill", DRILL, partition_by=["k"])

    def work(number: int) -> None:
        store.write("drill", [{"k": number % 3, "step": number}])
        store.write("drill", [{"k": 100, "step": number}], overwrite=True)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(12)))
    assert sorted(row["step"] for row in store.read("drill", {"k": {"lt": 3}})) == list(range(12))
    assert store.count("drill", {"k": 100}) == 1


def test_a_reader_during_overwrites_sees_whole_generations_only(store: ColumnarStore, backend: Backend) -> None:
    store.create_table("drill", DRILL, partition_by=["k"])
    for step in range(PARTITIONS):
        store.write("drill", [{"k": step, "step": step}] * ROWS)
    writer = backend.process("overwrite", PARTITIONS, 16)
    seen: set[int] = set()
    while writer.poll() is None:
        assert store.count("drill") == PARTITIONS * ROWS
        found = Counter(store.bulk_read("drill", columns=["step"]).column("step").to_pylist())
        assert found == Counter(dict.fromkeys(range(min(found), min(found) + PARTITIONS), ROWS))
        assert store.count("drill", {"k": 1, "n": {"gte": 0}}) in (0, ROWS)
        seen.add(min(found))
    writer.communicate()
    assert writer.returncode == 0
    assert len(seen) > 3
    assert min(row["step"] for row in store.read("drill")) == 16


def test_processes_that_create_append_and_overwrite_lose_nothing(backend: Backend) -> None:
    writers = [backend.process("storm", writer) for writer in range(PROCESSES)]
    assert [writer.communicate()[0] for writer in writers] == ["done\n"] * PROCESSES
    store = backend.open()
    appended = sorted((row["step"], row["n"]) for row in store.read("shared", {"k": 0}))
    assert appended == [(writer, step) for writer in range(PROCESSES) for step in range(5)]
    contested = list(store.read("shared", {"k": 1}))
    assert [row["n"] for row in sorted(contested, key=lambda row: row["n"])] == list(range(10))
    assert len({row["step"] for row in contested}) == 1
    replaced = list(store.read("shared", {"k": 2}))
    assert sorted(row["n"] for row in replaced) == [0, 1, 2]
    assert len({row["step"] for row in replaced}) == 1
    for writer in range(PROCESSES):
        assert store.count("shared", {"k": 100 + writer, "step": writer}) == 10
        assert store.count(f"own-{writer}") == 7


def test_results_do_not_depend_on_the_time_zone_of_the_process(backend: Backend) -> None:
    backend.open()
    answers = []
    for zone in ("UTC", "America/New_York"):
        process = backend.process("times", TZ=zone)
        answers.append(process.communicate()[0])
        assert process.returncode == 0
    assert answers[0] == answers[1]
    assert answers[0].splitlines()[1::2] == ["2", "1"]
    assert answers[0].startswith("timestamp[us, tz=UTC]")
