"""Prints on VAST DB: a batch and its position are one transaction, and the live print has the known name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import ibis
import pytest
import vastdb
from psycopg import Connection

from deploy.vastdb_emulator import process
from deploy.vastdb_emulator.process import EmulatorProcess
from projections.columnar.errors import ColumnarError, Rejected
from projections.columnar.projection import ColumnarProjection
from projections.columnar.tables import FILES
from projections.columnar.vast_db.config import VastDBConfig
from projections.columnar.vast_db.prints import PrintMissing, VastPrints
from projections.columnar.vast_db.store import VastDBStore
from projections.printing import PrintAhead, Target
from tests.projections.columnar.striking import Striking, everything, library
from tests.sockets import collect_sockets


@pytest.fixture
def striking(vast_striking: Striking) -> Striking:
    return vast_striking


def schemas(vast: VastDBConfig) -> list[str]:
    """The prints in the bucket, by the ends of their names."""
    session = vastdb.connect(endpoint=vast.endpoint, access=vast.access_key, secret=vast.secret_key, timeout=10)
    with session.transaction() as tx:
        names = [schema.name for schema in tx.bucket(vast.bucket).schemas()]
    return sorted(name.removeprefix(vast.schema) for name in names if name.startswith(vast.schema))


def test_a_batch_that_was_prepared_is_there_whole_and_once(striking: Striking) -> None:
    log = library()
    striking.strike(log[:6])
    striking.prepare(log[6:10])
    after_crash = everything(striking)
    assert [row["position"] for row in after_crash["events"]] == list(range(1, 11))
    striking.strike(log[6:10])
    assert everything(striking) == after_crash
    striking.prepare(log[10:])
    striking.strike(log[8:])
    striking.create(2)
    striking.strike(log, generation=2)
    assert striking.differences(generation=2) == []


@pytest.mark.parametrize(
    "fault", ["lose-before@commit", "lose-after@commit", "lose-before@insert+1", "conflict@update"]
)
def test_a_lost_answer_neither_loses_nor_repeats_a_batch(
    striking: Striking, emulator: EmulatorProcess, fault: str
) -> None:
    log = library()
    for start in range(0, len(log), 4):
        emulator.inject(fault)
        try:
            striking.strike(log[start : start + 4])
        except ColumnarError:
            striking.strike(log[start : start + 4])
    emulator.inject()
    collect_sockets()
    striking.create(2)
    striking.strike(log, generation=2)
    assert striking.differences(generation=2) == []


def test_the_live_print_has_the_name_that_other_clients_know(
    striking: Striking, vast: VastDBConfig, connection: Connection[Any]
) -> None:
    log = library()
    striking.strike(log)
    assert schemas(vast) == [""]
    reader = striking.live
    striking.create(2)
    assert schemas(vast) == ["", "_g2"]
    striking.strike(log, generation=2)
    striking.publish(2, replaced=1)
    striking.publish(2, replaced=1)
    assert schemas(vast) == ["", "_g1"]
    assert VastDBStore(vast).count("events") == 13
    assert reader.count("files", {"is_deep": False}) == 3
    striking.projection.drop(connection, generation=1)
    assert schemas(vast) == ["", "_g1"]
    impatient = ColumnarProjection(striking.prints, retired_seconds=0)
    impatient.apply(log, connection, target=Target(2, is_live=True))
    assert schemas(vast) == [""]
    assert len(striking.rows("events")) == 13


def test_a_swap_that_postgres_lost_left_the_cluster_as_it_was(
    striking: Striking, vast: VastDBConfig, connection: Connection[Any]
) -> None:
    log = library()
    striking.strike(log[:6])
    striking.create(2)
    striking.strike(log[:8], generation=2)
    with connection.transaction(force_rollback=True):
        striking.projection.publish(connection, generation=2, replaced=1)
    striking.restart()
    assert schemas(vast) == ["", "_g2"]
    striking.strike(log[6:])
    assert schemas(vast) == ["", "_g2"]
    assert len(striking.rows("events")) == VastDBStore(vast).count("events") == 13


@pytest.mark.parametrize("fault", [None, "lose-before@commit", "lose-after@commit"])
def test_a_swap_whose_name_did_not_follow_is_finished_by_the_next_batch(
    striking: Striking, vast: VastDBConfig, connection: Connection[Any], emulator: EmulatorProcess, fault: str | None
) -> None:
    """Postgres has the swap and the process died before the cluster had it: readers of ours see the new print."""
    log = library()
    striking.strike(log[:6])
    striking.create(2)
    striking.strike(log[:8], generation=2)
    with connection.transaction():
        striking.projection.publish(connection, generation=2, replaced=1)
    striking.restart()
    assert schemas(vast) == ["", "_g2"]
    assert VastDBStore(vast).count("events") == 6
    assert len(striking.rows("events")) == 8
    if fault:
        emulator.inject(fault)
    live = Target(2, is_live=True)
    striking.projection.prepare(log[8:], target=live)
    striking.projection.apply(log[8:], connection, target=live)
    emulator.inject()
    collect_sockets()
    assert schemas(vast) == ["", "_g1"]
    assert len(striking.rows("events")) == VastDBStore(vast).count("events") == 13


def test_a_name_that_did_not_follow_one_swap_follows_the_next(striking: Striking, vast: VastDBConfig) -> None:
    log = library()
    striking.strike(log[:6])
    for generation in (2, 3):
        striking.create(generation)
        striking.strike(log[: 6 + generation], generation=generation)
        striking.projection.publish(striking.connection, generation=generation, replaced=generation - 1)
    striking.restart()
    assert schemas(vast) == ["", "_g2", "_g3"]
    striking.publish(3, replaced=2)
    assert schemas(vast) == ["", "_g1", "_g2"]
    assert len(striking.rows("events")) == VastDBStore(vast).count("events") == 9
    # And back again, as a rollback does.
    striking.publish(2, replaced=3)
    assert schemas(vast) == ["", "_g1", "_g3"]
    assert len(striking.rows("events")) == VastDBStore(vast).count("events") == 8


def test_a_live_print_that_went_on_is_compared_where_it_is(striking: Striking) -> None:
    log = library()
    striking.strike(log[:10])
    striking.prepare(log[10:])
    striking.create(2)
    striking.strike(log[:10], generation=2)
    with pytest.raises(PrintAhead) as ahead:
        striking.differences(generation=2)
    assert ahead.value.position == 13
    striking.strike(log[10:], generation=2)
    assert striking.differences(generation=2) == []


def test_a_schema_of_others_is_not_touched(vast: VastDBConfig, connection: Connection[Any]) -> None:
    theirs = VastDBStore(vast)
    theirs.create_table("files", FILES)
    with pytest.raises(Rejected, match="INTERNEG_VASTDB_SCHEMA"):
        ColumnarProjection(VastPrints(vast)).create(connection, generation=1)
    assert schemas(vast) == [""]


def test_the_print_of_another_library_is_not_replaced(striking: Striking, vast: VastDBConfig) -> None:
    striking.strike(library())
    second = VastPrints(vast)
    second.create(7)
    with pytest.raises(Rejected, match="another library"):
        second.check_name(7, ours=[])
    with pytest.raises(Rejected, match="another library"):
        second.publish(7, ours=[])
    assert schemas(vast) == ["", "_g7"]
    assert len(striking.rows("events")) == 13


def test_a_print_that_is_elsewhere_is_named(striking: Striking, vast: VastDBConfig) -> None:
    elsewhere = VastPrints(replace(vast, schema=f"{vast.schema}_other"))
    with pytest.raises(PrintMissing, match="projections rebuild columnar"):
        elsewhere.write(1, library(), is_live=True)


def test_another_kind_of_place_has_another_shape(striking: Striking) -> None:
    assert striking.projection.shape == 1_000_002


def test_the_example_queries_of_the_page_read_the_live_print(
    emulator: EmulatorProcess, connection: Connection[Any], striking: Striking, vast: VastDBConfig
) -> None:
    """As the page has them, but for the names of bucket and schema and the key that is asked for."""
    striking.strike(library())
    session = vastdb.connect(
        endpoint=emulator.endpoint, access=process.ACCESS_KEY, secret=process.SECRET_KEY, timeout=10
    )
    with session.transaction() as tx:
        schema = tx.bucket(vast.bucket).schema(vast.schema)
        files = schema.table("files")
        proxies = schema.table("proxy_outputs")

        file_reader = files.select(
            columns=["file_id", "file_path", "size_bytes"],
            predicate=ibis.literal("library/shot_010/c.exr") == ibis._["file_path"],
        )
        file_row = file_reader.read_all()
        fid = file_row.column("file_id")[0].as_py()

        proxy_reader = proxies.select(
            columns=["proxy_s3_key", "thumbnail_s3_key", "processing_time_seconds"],
            predicate=ibis.literal(fid) == ibis._["file_id"],
        )
        found = proxy_reader.read_all()
    assert found.num_rows == 1
