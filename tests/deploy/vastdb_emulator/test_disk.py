"""The directory: what a restart finds in it, and what is no longer there."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from vastdb import errors

from deploy.vastdb_emulator.process import EmulatorProcess
from tests.deploy.vastdb_emulator.sdk import BUCKET, connect, create, insert, stored, table


def test_a_restart_finds_everything_that_was_declared(emulator: EmulatorProcess) -> None:
    session = connect(emulator.endpoint)
    with session.transaction() as tx:
        tx.bucket(BUCKET).create_schema("s").create_schema("inner")
    create(session, "s", sorting_key=["name"])
    insert(session, "s", 1, 2)
    with session.transaction() as tx:
        table(tx, "s").create_projection("p", ["number"], ["name"])
    emulator.stop()
    emulator.start()
    with connect(emulator.endpoint).transaction() as tx:
        found = table(tx, "s")
        assert found.select().read_all().to_pydict() == {"number": [1, 2], "name": ["n1", "n2"]}
        assert [field.name for field in found._metadata.sorted_columns] == ["name"]
        assert found.projection("p").columns().names == ["number", "name"]
        assert [schema.name for schema in tx.bucket(BUCKET).schema("s").schemas()] == ["s/inner"]


def test_files_that_no_table_needs_are_removed(emulator: EmulatorProcess, tmp_path: Path) -> None:
    session = connect(emulator.endpoint)
    with session.transaction() as tx:
        tx.bucket(BUCKET).create_schema("s")
    create(session, "s")
    before = _files(tmp_path)
    for number in range(20):
        insert(session, "s", number)
    # Twenty appends of one row are a handful of files, as small neighbours become one.
    assert len(_files(tmp_path)) - len(before) <= 5
    with session.transaction() as tx:
        table(tx, "s").delete(table(tx, "s").select(["number"], internal_row_id=True).read_all())
    assert len(_files(tmp_path)) == len(before)


def test_what_an_interrupted_commit_left_is_removed_at_the_next_start(
    emulator: EmulatorProcess, tmp_path: Path
) -> None:
    emulator.stop()
    left = [tmp_path / "data" / name for name in ("chunks/left", "tables/9-left.json", "manifest.json.left.new")]
    for path in left:
        path.write_bytes(b"")
    emulator.start()
    assert [path for path in left if path.exists()] == []


def test_a_commit_that_cannot_be_written_leaves_the_old_state(emulator: EmulatorProcess) -> None:
    session = connect(emulator.endpoint)
    with session.transaction() as tx:
        tx.bucket(BUCKET).create_schema("s")
    create(session, "s")
    insert(session, "s", 1)
    _, most = resource.prlimit(emulator.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(emulator.pid, resource.RLIMIT_FSIZE, (1000, most))
    with pytest.raises(errors.InsufficientCapacity):
        insert(session, "s", *range(10_000))
    assert stored(session, "s") == [1]
    resource.prlimit(emulator.pid, resource.RLIMIT_FSIZE, (most, most))
    insert(session, "s", 2)
    emulator.kill()
    emulator.start()
    assert stored(connect(emulator.endpoint), "s") == [1, 2]


def test_a_directory_has_one_emulator_at_a_time(emulator: EmulatorProcess, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.vastdb_emulator", "--port", "0", "--data-dir", str(tmp_path / "data")]
    second = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert second.returncode == 1
    assert "is open in another emulator" in second.stderr


def test_all_types_survive_a_restart(emulator: EmulatorProcess) -> None:
    vector = pa.list_(pa.field("item", pa.float32(), nullable=False), 2)
    columns = pa.schema(
        [
            ("t", pa.time32("ms")),
            ("h", pa.float16()),
            ("v", vector),
            ("m", pa.map_(pa.string(), pa.int8())),
            ("s", pa.struct([("x", pa.list_(pa.int16()))])),
            ("z", pa.timestamp("ns", tz="UTC")),
        ]
    )
    row = {"t": None, "h": 1.5, "v": [1.0, 2.0], "m": [("k", 1)], "s": {"x": [1, None]}, "z": None}
    expected = pa.Table.from_pylist([row, dict.fromkeys(row)], columns)
    session = connect(emulator.endpoint)
    with session.transaction() as tx:
        tx.bucket(BUCKET).create_schema("s").create_table("t", columns).insert(expected)
    emulator.kill()
    emulator.start()
    with connect(emulator.endpoint).transaction() as tx:
        assert table(tx, "s").select().read_all().equals(expected)


def test_what_was_deleted_stays_deleted(emulator: EmulatorProcess) -> None:
    session = connect(emulator.endpoint)
    with session.transaction() as tx:
        tx.bucket(BUCKET).create_schema("s")
    create(session, "s")
    insert(session, "s", 1)
    with session.transaction() as tx:
        table(tx, "s").drop()
    create(session, "s")
    emulator.kill()
    emulator.start()
    assert stored(connect(emulator.endpoint), "s") == []


def _files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
