"""Prints of a Postgres projection as schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from projections.printing import Difference, NoPrimaryKey, SchemaPrint, Target, Views
from tests.gateway.consumers.server import postgres

TABLES = """
CREATE TABLE notes (place text, number integer, "Text" text, document json, PRIMARY KEY (place, number));
CREATE VIEW long_notes AS SELECT * FROM notes WHERE length("Text") > 5;
"""
LIVE = Target(1, is_live=True)
NEXT = Target(2, is_live=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres(tmp_path_factory.mktemp("printing-postgres")) as server:
        yield server


@pytest.fixture
def connection(server: str) -> Iterator[Connection[Any]]:
    """A transaction that is rolled back."""
    with psycopg.connect(server) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def prints(connection: Connection[Any]) -> SchemaPrint:
    """A live print and an empty one beside it."""
    prints = SchemaPrint("notes", TABLES)
    prints.create(connection, generation=1)
    prints.publish(connection, generation=1, replaced=None)
    prints.create(connection, generation=2)
    return prints


def write(connection: Connection[Any], prints: SchemaPrint, target: Target, *rows: tuple[Any, ...]) -> None:
    prints.use(connection, target=target)
    for row in rows:
        connection.execute("INSERT INTO notes VALUES (%s, %s, %s, %s)", row)


def test_a_published_print_takes_the_name_and_gives_the_old_one_its_number(
    connection: Connection[Any], prints: SchemaPrint
) -> None:
    write(connection, prints, LIVE, ("here", 1, "old", None))
    write(connection, prints, NEXT, ("here", 1, "new one", None))
    prints.publish(connection, generation=2, replaced=1)
    assert connection.execute('SELECT "Text" FROM notes.notes').fetchall() == [("new one",)]
    assert connection.execute('SELECT "Text" FROM notes.long_notes').fetchall() == [("new one",)]
    assert connection.execute('SELECT "Text" FROM notes_g1.notes').fetchall() == [("old",)]
    prints.drop(connection, generation=1)
    prints.drop(connection, generation=1)
    assert connection.execute("SELECT to_regclass('notes_g1.notes')").fetchone() == (None,)


def test_creating_again_replaces_what_a_crash_left(connection: Connection[Any], prints: SchemaPrint) -> None:
    write(connection, prints, NEXT, ("here", 1, "left", None))
    prints.create(connection, generation=2)
    assert prints.row_counts(connection, target=NEXT) == {"notes": 0}


def test_differences_name_rows_by_every_column_of_their_key(connection: Connection[Any], prints: SchemaPrint) -> None:
    same = ("here", 1, "same", '{"a": 1}')
    write(connection, prints, LIVE, same, ("here", 2, "live", None), ("there", 1, None, "[1]"))
    write(connection, prints, NEXT, same, ("here", 2, "log", None), ("there", 1, None, "[ 1 ]"))
    found = list(prints.differences(connection, live=LIVE, scratch=NEXT, limit=10))
    assert found[0] == Difference(
        "notes",
        {"place": "here", "number": 2},
        {"place": "here", "number": 2, "Text": "live", "document": None},
        {"place": "here", "number": 2, "Text": "log", "document": None},
    )
    assert [one.key for one in found] == [{"place": "here", "number": 2}, {"place": "there", "number": 1}]
    assert len(list(prints.differences(connection, live=LIVE, scratch=NEXT, limit=1))) == 1
    assert prints.row_counts(connection, target=LIVE) == {"notes": 3}


def test_a_table_without_a_primary_key_is_refused_when_it_is_created(connection: Connection[Any]) -> None:
    with pytest.raises(NoPrimaryKey, match="The table 'loose' of 'bad_g1' has no primary key"):
        SchemaPrint("bad", "CREATE TABLE loose (number integer)").create(connection, generation=1)


def test_views_are_swapped_with_their_tables(connection: Connection[Any]) -> None:
    prints = SchemaPrint("notes", TABLES, views=Views("shown", 'CREATE VIEW "Notes" AS SELECT "Text" FROM notes'))
    prints.create(connection, generation=1)
    prints.publish(connection, generation=1, replaced=None)
    prints.create(connection, generation=2)
    write(connection, prints, LIVE, ("here", 1, "old", None))
    write(connection, prints, NEXT, ("here", 1, "new", None))
    assert connection.execute('SELECT * FROM shown."Notes"').fetchall() == [("old",)]
    prints.publish(connection, generation=2, replaced=1)
    assert connection.execute('SELECT * FROM shown."Notes"').fetchall() == [("new",)]
    prints.drop(connection, generation=1)
    left = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^(notes|shown)' ORDER BY 1")
    assert left.fetchall() == [("notes",), ("shown",)]


def test_a_print_from_before_there_were_views_is_replaced_by_one_that_has_them(
    connection: Connection[Any], prints: SchemaPrint
) -> None:
    shown = SchemaPrint("notes", TABLES, views=Views("shown", 'CREATE VIEW "Notes" AS SELECT "Text" FROM notes'))
    shown.create(connection, generation=2)
    write(connection, shown, NEXT, ("here", 1, "new", None))
    shown.publish(connection, generation=2, replaced=1)
    shown.drop(connection, generation=1)
    assert connection.execute('SELECT * FROM shown."Notes"').fetchall() == [("new",)]


INDEXED = (
    TABLES
    + """
CREATE INDEX notes_text ON notes ("Text");
CREATE UNIQUE INDEX notes_place
    ON notes (place, number)
    WHERE number > 0;
"""
)
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'notes_g1' AND indexname LIKE 'notes\\_%%' ORDER BY 1
"""


def test_late_indexes_are_put_off_and_made_when_a_print_is_complete(connection: Connection[Any]) -> None:
    late = SchemaPrint("notes", INDEXED, early={"notes_text"})
    late.create(connection, generation=1)
    expected = connection.execute(INDEXES).fetchall()
    assert [name for name, _ in expected] == ["notes_pkey", "notes_place", "notes_text"]
    late.defer(connection, generation=1)
    assert [name for name, _ in connection.execute(INDEXES).fetchall()] == ["notes_pkey", "notes_text"]
    for _ in range(2):
        late.complete(connection, generation=1)
        assert connection.execute(INDEXES).fetchall() == expected


def test_the_planner_knows_the_rows_of_a_complete_print(connection: Connection[Any]) -> None:
    late = SchemaPrint("notes", INDEXED, early=())
    late.create(connection, generation=2)
    late.defer(connection, generation=2)
    write(connection, late, NEXT, *((f"place {number}", number, "text", None) for number in range(50)))
    late.complete(connection, generation=2)
    query = "SELECT reltuples FROM pg_class WHERE oid = 'notes_g2.notes'::regclass"
    assert connection.execute(query).fetchone() == (50,)
