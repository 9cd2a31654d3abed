"""Idempotency keys, expected revisions and races, on the memory ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import msgspec
import pytest

from domain.assets.asset import ASSETS
from domain.assets.commands import create_asset, set_asset_metadata, update_asset
from domain.assets.errors import AssetAlreadyExists, AssetNotFound
from domain.assets.events import AssetRenamed
from domain.assets.versions import create_asset_version
from domain.cause import ActorKind
from domain.errors import Contended, DomainError, IdempotencyKeyReused, Invalid, RevisionMismatch
from domain.event import stream_id
from domain.ledger import ATTEMPTS
from domain.orders.events import OrderAccepted
from domain.stream import Decision, Outcome
from tests.domain.library import ASSET, entry, given_asset, log, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger

WRITERS = 8
STALE = AssetRenamed(**ASSET, asset_name="Stale")


def _rename(ledger: MemoryLedger, name: str, **values: Any) -> Outcome:
    return update_asset(ledger, "shows", "shot_010", asset_name=name, order=order(**values))


def test_the_key_is_the_last_event_of_the_command(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        outcome = create_asset_version(
            shot, **ASSET, comment="First", order=order(idempotency_key="k1", fingerprint="f1")
        )
    assert then.events[-1] == OrderAccepted(
        idempotency_key="k1", fingerprint="f1", result={"assetVersionId": "1", "skippedPaths": ""}
    )
    assert outcome.position == then.entries[-1].position
    assert not outcome.replayed


def test_repeating_a_command_gives_the_first_outcome_and_records_nothing(shot: MemoryLedger) -> None:
    given = order(idempotency_key="k1", fingerprint="f1")
    first = create_asset_version(shot, **ASSET, comment="First", order=given)
    _rename(shot, "Something after it")
    later = msgspec.structs.replace(given, cause=order(after=timedelta(days=1)).cause)
    with recording(shot) as then:
        again = create_asset_version(shot, **ASSET, comment="First", order=later)
    assert then.events == []
    assert (again.position, again.result, again.replayed) == (first.position, first.result, True)


def test_a_command_that_changed_nothing_is_remembered_too(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        first = _rename(shot, "Shot 10", idempotency_key="k1")
    assert [type(event) for event in then.events] == [OrderAccepted]
    assert _rename(shot, "Shot 10", idempotency_key="k1").position == first.position


def test_a_key_with_other_input_is_refused(shot: MemoryLedger) -> None:
    _rename(shot, "One", idempotency_key="k1", fingerprint="f1")
    with refused(shot, IdempotencyKeyReused, "idempotencyKey"):
        _rename(shot, "Two", idempotency_key="k1", fingerprint="f2")


def test_a_refused_command_leaves_its_key_free(shows: MemoryLedger) -> None:
    with refused(shows, AssetNotFound, "assetId"):
        _rename(shows, "One", idempotency_key="k1")
    given_asset(shows)
    with recording(shows) as then:
        assert not _rename(shows, "One", idempotency_key="k1").replayed
    assert len(then.events) == 2


def test_keys_of_two_actors_are_two_keys(shot: MemoryLedger) -> None:
    _rename(shot, "One", idempotency_key="k1", fingerprint="f1")
    bob = msgspec.structs.replace(order().cause, actor_id="bob")
    robot = msgspec.structs.replace(order().cause, actor_kind=ActorKind.API_KEY)
    with recording(shot) as then:
        _rename(shot, "Two", idempotency_key="k1", fingerprint="f2", cause=bob)
        _rename(shot, "Three", idempotency_key="k1", fingerprint="f3", cause=robot)
    assert len(then.events) == 4


@pytest.mark.parametrize("key", ["", "a" * 257, "a\n", "a\x00", "a\ud800"])
def test_a_bad_key_is_refused(shot: MemoryLedger, key: str) -> None:
    with refused(shot, Invalid, "idempotencyKey"):
        _rename(shot, "One", idempotency_key=key)


def test_one_key_used_at_once_is_carried_out_once(shot: MemoryLedger) -> None:
    given = order(idempotency_key="k1", fingerprint="f1")
    start = Barrier(WRITERS)

    def create(_: int) -> Outcome:
        start.wait()
        return create_asset_version(shot, **ASSET, comment="First", order=given)

    with recording(shot) as then, ThreadPoolExecutor(WRITERS) as pool:
        outcomes = list(pool.map(create, range(WRITERS)))
    assert len(then.events) == 2
    assert {(outcome.position, outcome.result["assetVersionId"]) for outcome in outcomes} == {(shot.head(), "1")}
    assert sorted(outcome.replayed for outcome in outcomes) == [False] + [True] * (WRITERS - 1)


def test_racing_creators_of_one_asset_have_one_winner(shows: MemoryLedger) -> None:
    start = Barrier(WRITERS)

    def create(number: int) -> str:
        start.wait()
        try:
            given_asset(shows, asset_name=f"Writer {number}")
        except AssetAlreadyExists as error:
            return type(error).__name__
        return "created"

    with recording(shows) as then, ThreadPoolExecutor(WRITERS) as pool:
        answers = sorted(pool.map(create, range(WRITERS)))
    assert answers == ["AssetAlreadyExists"] * (WRITERS - 1) + ["created"]
    assert len(then.events) == 3


def test_racing_versions_are_numbered_without_a_gap(shot: MemoryLedger) -> None:
    start = Barrier(4)

    def create(_: int) -> str:
        start.wait()
        return create_asset_version(shot, **ASSET, comment="One of four", order=order()).result["assetVersionId"]

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(create, range(4))) == ["1", "2", "3", "4"]


def test_of_two_writers_with_one_expected_revision_one_is_refused(shot: MemoryLedger) -> None:
    start = Barrier(2)

    def write(name: str) -> str:
        start.wait()
        try:
            _rename(shot, name, expected_revision=1)
        except DomainError as error:
            return type(error).__name__
        return "written"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(write, ["One", "Two"])) == ["RevisionMismatch", "written"]


def test_a_mismatch_names_both_revisions(shot: MemoryLedger) -> None:
    with pytest.raises(RevisionMismatch, match="The revision is 1, not the expected 7"):
        _rename(shot, "One", expected_revision=7)


def test_a_command_that_always_meets_another_writer_gives_up(shot: MemoryLedger) -> None:
    decided = 0

    def decide() -> Decision:
        nonlocal decided
        decided += 1
        stale = shot.load_many(ASSETS, [("shows", "shot_010")])[0]
        _rename(shot, f"Name {decided}")
        return Decision((stale.then(STALE),))

    with pytest.raises(Contended, match="64 attempts"):
        shot.carry_out(order(), decide)
    assert decided == ATTEMPTS == 64


def test_streams_are_loaded_in_the_order_of_their_keys(shot: MemoryLedger) -> None:
    given_asset(shot, "shot_020")
    streams = shot.load_many(ASSETS, [("shows", "shot_020"), ("shows", "none"), ("shows", "shot_010")])
    assert [stream.state and stream.state.asset_id for stream in streams] == ["shot_020", None, "shot_010"]
    assert [stream.revision for stream in streams] == [1, 0, 1]


def test_a_transaction_is_all_or_nothing(shot: MemoryLedger) -> None:
    stale = shot.load(ASSETS, "shows", "shot_010")
    fresh = shot.load(ASSETS, "shows", "shot_020")
    _rename(shot, "Meanwhile")
    before = log(shot)
    with pytest.raises(Contended):
        shot.carry_out(order(), lambda: Decision((fresh.then(STALE), stale.then(STALE))))
    assert log(shot) == before


def test_the_head_of_an_empty_log_is_zero(ledger: MemoryLedger) -> None:
    assert ledger.head() == 0


def test_positions_count_events_in_order(shot: MemoryLedger) -> None:
    create_asset(shot, "shows", "b", asset_name="B", description="Four", is_distributable=True, order=order())
    set_asset_metadata(shot, **ASSET, entries=[entry("a", "b")], order=order())
    assert [recorded.position for recorded in log(shot)] == list(range(1, shot.head() + 1))


def test_ids_of_streams_never_change() -> None:
    assert str(stream_id("asset", "shows", "shot_010")) == "9d722110-5453-5ed0-a317-3dac29cc6f8b"
    assert str(stream_id("file", "shows", "shot_010", "a:b/é.exr")) == "b1d50758-3880-55e1-bd09-f65d4fba8fe7"
