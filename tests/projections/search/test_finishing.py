"""A print that is filled from the log's beginning is made whole at its end, whatever interrupts that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from domain.assets.events import AssetPermanentlyDeleted, AssetRenamed
from domain.event import Recorded
from domain.files.events import FilePermanentlyDeleted
from gateway.embedded_postgres import EmbeddedPostgres
from projections.printing import Target
from projections.search import finishing
from projections.search.projection import SearchProjection
from tests.projections.search import postgres
from tests.projections.search.logs import BUCKET, asset, entry, log, uploaded

LOG = log(
    BUCKET,
    asset("door", asset_name="Garage Door", tags=("wood",), metadata=(entry("artist", "Zoë"),)),
    asset("robot"),
    asset("gone"),
    [uploaded("door", f"beauty.{number:04}.exr") for number in range(8)],
    uploaded("robot", "model.abc"),
    uploaded("robot", "left.abc"),
    uploaded("gone", "model.abc"),
    FilePermanentlyDeleted(database_id="films", asset_id="robot", path="left.abc"),
    AssetPermanentlyDeleted(database_id="films", asset_id="gone", reason="made by mistake"),
)
LATER = log(*(one.event for one in LOG), AssetRenamed(database_id="films", asset_id="door", asset_name="Gate"))[-1:]
SCRATCH, LIVE = Target(2, is_live=False), Target(1, is_live=True)
INDEXES = "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = %s ORDER BY 1, 2"


@pytest.fixture
def session(postgres_server: EmbeddedPostgres) -> Iterator[Connection[Any]]:
    """A database whose live print has the log, event by event."""
    with postgres.database(postgres_server.uri) as uri, psycopg.connect(uri, autocommit=True) as connection:
        with connection.transaction():
            SearchProjection().create(connection, generation=1)
            SearchProjection().publish(connection, generation=1, replaced=None)
        for one in LOG:
            apply(connection, [one], LIVE)
        yield connection


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finishing, "FILES", finishing.FILES.replace(str(finishing.DOCUMENTS_AT_ONCE), "3"))


def apply(session: Connection[Any], batch: list[Recorded], target: Target) -> None:
    with session.transaction():
        SearchProjection().apply(batch, session, target=target)


def fill(session: Connection[Any]) -> None:
    with session.transaction():
        SearchProjection().create(session, generation=2)
        SearchProjection().defer(session, generation=2)
    apply(session, LOG[:7], SCRATCH)
    apply(session, LOG[7:], SCRATCH)


def differences(session: Connection[Any]) -> list[Any]:
    with session.transaction():
        return list(SearchProjection().differences(session, live=LIVE, scratch=SCRATCH, limit=10))


def test_a_completed_print_has_the_rows_and_indexes_of_one_that_was_whole_all_along(session: Connection[Any]) -> None:
    fill(session)
    assert session.execute("SELECT count(*) FROM search_g2.documents").fetchone() == (0,)
    SearchProjection().complete(session, generation=2)
    assert session.execute("SELECT count(*) FROM search_g2.documents").fetchone() == (11,)
    assert differences(session) == []
    live, rebuilt = (session.execute(INDEXES, (schema,)).fetchall() for schema in ("search", "search_g2"))
    assert rebuilt == live
    apply(session, LATER, LIVE)
    apply(session, LATER, SCRATCH)
    assert differences(session) == []


def test_an_interruption_after_any_step_is_gone_on_from(session: Connection[Any]) -> None:
    fill(session)
    todo = finishing.steps()
    taken = 0
    while session.execute("SELECT to_regclass('search_g2.unfinished')").fetchone() != (None,):
        for is_kept in (False, True):
            # What was done and not committed is done again.
            with session.transaction(force_rollback=not is_kept):
                SearchProjection().use(session, target=SCRATCH)
                finishing.finish_next(session, todo)
        taken += 1
    assert taken == len(todo) + 3
    assert differences(session) == []


MORE = log(
    *(one.event for one in LOG),
    asset("late", tags=("wood",)),
    uploaded("late", "model.abc"),
    AssetRenamed(database_id="films", asset_id="door", asset_name="Gate"),
    FilePermanentlyDeleted(database_id="films", asset_id="robot", path="model.abc"),
    AssetPermanentlyDeleted(database_id="films", asset_id="door", reason="made by mistake"),
)[len(LOG) :]


@pytest.mark.parametrize("taken", range(len(finishing.steps()) + 3))
def test_events_that_come_after_an_interruption_are_in_what_is_finished(session: Connection[Any], taken: int) -> None:
    """A rebuild that is killed while it finishes its print is resumed later, and applies what came meanwhile first."""
    fill(session)
    for _ in range(taken):
        with session.transaction():
            SearchProjection().use(session, target=SCRATCH)
            assert finishing.finish_next(session, finishing.steps())
    apply(session, MORE[:2], SCRATCH)
    apply(session, MORE[2:], SCRATCH)
    SearchProjection().complete(session, generation=2)
    apply(session, MORE, LIVE)
    assert differences(session) == []
    live, rebuilt = (session.execute(INDEXES, (schema,)).fetchall() for schema in ("search", "search_g2"))
    assert rebuilt == live


def test_completing_a_whole_print_changes_nothing(session: Connection[Any]) -> None:
    fill(session)
    SearchProjection().complete(session, generation=2)
    SearchProjection().complete(session, generation=2)
    assert differences(session) == []
