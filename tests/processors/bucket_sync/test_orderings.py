"""Notifications in any order, any number of times, in requests of any size, end in the same tables."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.files.file import FILES
from domain.sync.homes import Homes
from processors.bucket_sync.looking import no_markers
from processors.bucket_sync.sync import BucketSync
from processors.objects.local import LocalObjectStore
from projections.vams.fold import fold_batch
from projections.vams.sheets import ASSETS, FILE_VERSIONS
from projections.vams.sheets import FILES as PRESENT_FILES
from tests.domain.library import given_asset, given_database, log, order
from tests.doubles.memory_ledger import MemoryLedger

BUCKET = "media"
KEYS = ("library/shot_010/a.exr", "library/shot_010/b/é.exr", "library/fresh/a.exr")
HOMES = Homes(named="shows")
WHEN = ("position", "revision", "created_at", "updated_at", "archived_at", "log_position")

Op = tuple[str, str, int]
"""What somebody does: put, mark, or erase the version of that number; to which key."""
ops = st.lists(
    st.tuples(st.sampled_from(["put", "put", "mark", "erase"]), st.sampled_from(KEYS), st.integers(0, 3)),
    min_size=1,
    max_size=12,
)


class World:
    """A store that others write to, with nothing told yet."""

    def __init__(self, root: Path) -> None:
        self.store = LocalObjectStore(root, "http://localhost", b"s" * 32)
        self.store.ensure_bucket(BUCKET)

    def do(self, op: Op) -> str:
        """Carry the operation out; gives the key that is told of."""
        kind, key, number = op
        if kind == "put":
            self.store.put(BUCKET, key, f"{number}".encode(), content_type="image/x-exr", metadata={})
        elif kind == "mark":
            self.store.delete(BUCKET, key)
        else:
            versions = [version.version_id for version in self.store.versions(BUCKET, key)]
            if versions:
                self.store.delete_version(BUCKET, key, version_id=versions[number % len(versions)])
        return key


class Library:
    """A ledger that is told."""

    def __init__(self, world: World) -> None:
        self.ledger = MemoryLedger()
        given_database(self.ledger)
        given_asset(self.ledger)
        self._sync = BucketSync(self.ledger, world.store, cast("Any", None), own_markers=no_markers)

    def tell(self, keys: Sequence[str]) -> None:
        """One request."""
        self._sync.sync([(BUCKET, key) for key in keys], homes=HOMES, order=order())

    def tables(self, connection: psycopg.Connection[Any]) -> dict[str, list[dict[str, Any]]]:
        """The rows, without what tells when something was recorded."""
        with connection.transaction(force_rollback=True):
            fold_batch(log(self.ledger), connection)
            return {table.name: _rows(connection, table.name) for table in (ASSETS, PRESENT_FILES, FILE_VERSIONS)}


def _rows(connection: psycopg.Connection[Any], name: str) -> list[dict[str, Any]]:
    cursor = connection.cursor(row_factory=psycopg.rows.dict_row)
    found = cursor.execute(f"SELECT * FROM {name} ORDER BY 1, 2, 3, 4").fetchall()
    return [{column: value for column, value in row.items() if column not in WHEN} for row in found]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=ops, data=st.data())
def test_any_order_of_what_is_told_ends_in_the_same_tables(
    tables: psycopg.Connection[Any], done: list[Op], data: st.DataObject
) -> None:
    root = Path(tempfile.mkdtemp(prefix="interneg-orderings-"))
    try:
        world = World(root)
        told = [world.do(op) for op in done]
        expected = Library(world)
        expected.tell(sorted(set(told)))
        repeated = told + data.draw(st.lists(st.sampled_from(told), max_size=4))
        mixed = data.draw(st.permutations(repeated))
        library = Library(world)
        while mixed:
            size = data.draw(st.integers(1, len(mixed)))
            library.tell(mixed[:size])
            mixed = mixed[size:]
        assert library.tables(tables) == expected.tables(tables)
        before = library.ledger.head()
        library.tell(told)
        assert library.ledger.head() == before
    finally:
        shutil.rmtree(root)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=ops, data=st.data())
def test_told_in_between_or_not_the_files_are_those_of_the_store_in_the_end(
    done: list[Op], data: st.DataObject
) -> None:
    root = Path(tempfile.mkdtemp(prefix="interneg-orderings-"))
    try:
        world = World(root)
        library = Library(world)
        pending: list[str] = []
        for op in done:
            pending.append(world.do(op))
            if data.draw(st.booleans()):
                library.tell(data.draw(st.lists(st.sampled_from(pending), min_size=1, max_size=3)))
        library.tell(data.draw(st.permutations(pending)))
        for key in KEYS:
            _, asset_id, path = key.split("/", 2)
            file = library.ledger.load(FILES, "shows", asset_id, path).state
            listed = list(world.store.versions(BUCKET, key))
            present = [version.version_id for version in listed if not version.is_delete_marker]
            if file is None:
                assert present == []
                continue
            assert (file.versions - file.vanished) <= set(present)
            if present:
                assert file.latest.s3_version_id == present[0]
                assert (file.delete_marker == listed[0].version_id) == listed[0].is_delete_marker
                assert file.is_archived == listed[0].is_delete_marker
    finally:
        shutil.rmtree(root)
