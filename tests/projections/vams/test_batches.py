"""How the log is cut into batches leaves no trace in the rows."""

from __future__ import annotations

from typing import Any, Self

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection, Cursor

from domain.assets.events import AssetRenamed, AssetVersionCreated
from domain.event import Recorded
from domain.files.events import FileMetadataRemoved, FileMetadataSet
from projections.vams.fold import fold_batch
from tests.projections.vams.commanding import logs
from tests.projections.vams.samples import ASSET, DATABASE, asset, entry, observed
from tests.projections.vams.tape import Tape

TABLE_NAMES = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"


def _print(connection: Connection[Any], batches: list[list[Recorded]]) -> dict[str, list[str]]:
    """All rows of all tables after these batches, leaving the print empty."""
    with connection.transaction(force_rollback=True):
        for batch in batches:
            fold_batch(batch, connection)
        names = [name for (name,) in connection.execute(TABLE_NAMES).fetchall()]
        return {
            name: sorted(row for (row,) in connection.execute(f"SELECT t::text FROM {name} t".encode()))
            for name in names
        }


def _cut(log: list[Recorded], data: st.DataObject) -> list[list[Recorded]]:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(log) - 1))))
    return [log[start:end] for start, end in zip([0, *cuts], [*cuts, len(log)], strict=True)]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=logs, data=st.data())
def test_any_batches_give_the_rows_of_one_batch_and_of_single_events(
    tables: Connection[Any], log: list[Recorded], data: st.DataObject
) -> None:
    whole = _print(tables, [log])
    assert len(whole["log_index"]) == len(log)
    assert _print(tables, [[entry] for entry in log]) == whole
    assert _print(tables, _cut(log, data)) == whole


AWKWARD = (
    'a","b.exr',
    'say "no".exr',
    "back\\\\slash.exr",
    "{curly,comma}.exr",
    "NULL",
    " blanks .exr",
    "tab\tline\n.exr",
    "é.exr",
)


def test_rows_are_found_again_whatever_their_keys_hold(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(DATABASE, asset(), *(observed(path) for path in AWKWARD))
    for path in AWKWARD:
        tape.add(FileMetadataSet(**ASSET, path=path, entries=(entry(path, "1"),)), observed(path, "v2"))
        tape.add(FileMetadataRemoved(**ASSET, path=path, keys=(path,)))
    whole = _print(tables, [tape.entries])
    assert (len(whole["asset_files"]), whole["asset_file_metadata_storage"]) == (len(AWKWARD), [])
    assert _print(tables, [[one] for one in tape.entries]) == whole


class CountingCursor(Cursor[Any]):
    """A cursor that counts its statements."""

    statements = 0

    def execute(self, *arguments: Any, **options: Any) -> Self:
        CountingCursor.statements += 1
        return super().execute(*arguments, **options)

    def copy(self, *arguments: Any, **options: Any) -> Any:
        CountingCursor.statements += 1
        return super().copy(*arguments, **options)


def test_a_larger_batch_takes_no_more_statements(tables: Connection[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "cursor_factory", CountingCursor)

    def statements(files: int) -> int:
        tape = Tape()
        tape.add(DATABASE, asset(), *(observed(f"a.{number:04}.exr") for number in range(files)))
        versions = (AssetVersionCreated(**ASSET, asset_version_id=n, comment="c") for n in range(1, files))
        tape.add(*versions, *(AssetRenamed(**ASSET, asset_name=f"Name {n}") for n in range(files)))
        with tables.transaction(force_rollback=True):
            CountingCursor.statements = 0
            tape.fold(tables)
            return CountingCursor.statements

    assert statements(3) == 22
    assert statements(300) == 22
