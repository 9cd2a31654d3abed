"""Transfers leave exactly the wanted objects, on the local store and on a real S3 server, whatever interrupts them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import takewhile
from threading import Barrier
from typing import Any, TypeVar, cast

import pytest

from domain.assets.commands import archive_asset, create_asset
from domain.assets.deletion import delete_asset_permanently
from domain.buckets.bucket import bucket_id
from domain.buckets.commands import register_bucket
from domain.databases.commands import create_database
from domain.files.events import FileCopied, FileMoved, FileVersionSeen
from domain.transfers.events import FileTransferCompleted, TransferKind
from processors.lifecycle import moved_sources, transfers
from processors.objects.errors import StoreUnavailable
from processors.objects.store import ListedVersion, ObjectStore
from tests.contracts.conftest import local_store, s3_endpoint_url, under_test
from tests.contracts.object_stores import StoreUnderTest
from tests.domain.library import given_asset, order
from tests.doubles.memory_ledger import MemoryLedger
from tests.processors.lifecycle.transferring import OTHER, SHOT, Interrupted, Interrupting, Place

__all__ = ["local_store", "s3_endpoint_url", "under_test"]

T = TypeVar("T")
FROM, TO = "library/shot_010/", "library/shot_020/"


@pytest.fixture
def place(under_test: StoreUnderTest) -> Place:
    ledger = MemoryLedger()
    register_bucket(ledger, under_test.bucket, base_assets_prefix="library/", order=order())
    bucket = bucket_id(under_test.bucket, "library/")
    create_database(ledger, "shows", description="All shows", default_bucket_id=bucket, order=order())
    for asset_id in ("shot_010", "shot_020"):
        given_asset(ledger, asset_id)
    return Place(ledger, under_test.store, under_test.bucket)


def test_a_move_takes_the_bytes_along_and_hides_the_source(place: Place) -> None:
    old, top = place.put("a.exr", b"first"), place.put("a.exr", b"second", databaseid="shows", uploadid="u1", note="x")
    place.put("a.exr.previewFile.png", b"preview")
    place.ask({"a.exr": "old/b.exr"})
    place.run()
    assert place.stored() == {
        f"{FROM}a.exr": [None, b"first", b"second"],
        f"{FROM}a.exr.previewFile.png": [None, b"preview"],
        f"{TO}old/b.exr": [b"second"],
        f"{TO}old/b.exr.previewFile.png": [b"preview"],
    }
    assert (place.latest("a.exr"), place.latest("old/b.exr", asset=OTHER)) == (
        None,
        place.top("old/b.exr", asset=OTHER),
    )
    moved = next(event for event in place.events() if isinstance(event, FileMoved))
    assert (moved.source.path, moved.source_version_id) == ("a.exr", top)
    assert old != top
    copy = place.objects.head(place.bucket, f"{TO}old/b.exr")
    assert (copy.content_type, moved.stored.content_type) == ("image/x-exr", "image/x-exr")
    assert copy.metadata == {
        "databaseid": "shows",
        "assetid": "shot_020",
        "note": "x",
        "interneg-copied-from": top,
        "interneg-transfer": "t1/0",
    }
    assert place.is_over()


def test_a_copy_leaves_the_source_as_it_is(place: Place) -> None:
    place.put("a.exr", b"wanted")
    place.ask({"a.exr": "b.exr"}, kind=TransferKind.COPY, to=SHOT)
    place.put("a.exr", b"newer")
    place.run()
    assert place.stored() == {f"{FROM}a.exr": [b"newer", b"wanted"], f"{FROM}b.exr": [b"wanted"]}
    assert place.latest("a.exr") == place.top("a.exr")
    assert place.failures() == {}


def test_files_go_to_an_asset_in_another_bucket(place: Place) -> None:
    there = f"{place.bucket}-there"
    place.objects.ensure_bucket(there)
    register_bucket(place.ledger, there, base_assets_prefix="/", order=order())
    create_database(place.ledger, "old", description="Archive", default_bucket_id=bucket_id(there, "/"), order=order())
    create_asset(
        place.ledger, "old", "shot_010", asset_name="x", description="Moved", is_distributable=True, order=order()
    )
    place.put("a.exr", b"a")
    place.ask({"a.exr": "a.exr"}, to=("old", "shot_010"))
    place.run()
    assert place.stored() == {f"{FROM}a.exr": [None, b"a"]}
    assert place.stored(bucket=there) == {"shot_010/a.exr": [b"a"]}


def test_a_move_and_its_undoing_leave_the_file_where_it_was(place: Place) -> None:
    place.put("a.exr", b"a")
    place.ask({"a.exr": "b.exr"}, to=SHOT)
    place.run()
    place.ask({"b.exr": "a.exr"}, to=SHOT, transfer_id="t2")
    place.run("t2")
    assert place.stored() == {f"{FROM}a.exr": [b"a", None, b"a"], f"{FROM}b.exr": [None, b"a"]}
    assert place.latest("a.exr") == place.top("a.exr")


DEATHS = [(1, True), (2, True), (2, False), (3, True), (5, False)]


@pytest.mark.parametrize(("calls", "is_done_first"), DEATHS)
@pytest.mark.parametrize("kind", TransferKind)
def test_any_interruptions_end_in_exactly_the_wanted_objects(
    place: Place, monkeypatch: pytest.MonkeyPatch, kind: TransferKind, calls: int, is_done_first: bool
) -> None:
    monkeypatch.setattr(transfers, "BATCH", 4)
    monkeypatch.setattr(transfers, "PARALLEL_COPIES", 1)
    names = [f"f.{number:04}.exr" for number in range(10)]
    for name in names:
        place.put(name, name.encode())
    place.ask({name: f"in/{name}" for name in names}, kind=kind)
    dying = Interrupting(place.objects, calls=calls, is_done_first=is_done_first)
    place.objects = cast(ObjectStore, dying)
    for _ in range(100):
        try:
            place.run()
            break
        except Interrupted:
            continue
    hidden: list[Any] = [None] if kind is TransferKind.MOVE else []
    wanted = {f"{FROM}{name}": [*hidden, name.encode()] for name in names}
    assert place.stored() == wanted | {f"{TO}in/{name}": [name.encode()] for name in names}
    assert dying.deaths >= 2
    arrived = [event for event in place.events() if isinstance(event, FileMoved | FileCopied)]
    assert sorted(event.path for event in arrived) == [f"in/{name}" for name in names]
    assert sum(isinstance(event, FileTransferCompleted) for event in place.events()) == 1


def test_a_job_that_ran_already_changes_nothing(place: Place) -> None:
    place.put("a.exr", b"a")
    place.ask({"a.exr": "b.exr"})
    place.run()
    stored, events = place.stored(), len(place.events())
    place.run()
    assert (place.stored(), len(place.events())) == (stored, events)


def test_an_upload_to_the_source_stays_there_and_the_file_is_not_moved(place: Place) -> None:
    place.put("a.exr", b"asked for")
    place.ask({"a.exr": "b.exr"})
    place.put("a.exr", b"newer")
    place.run()
    assert place.failures() == {0: "SOURCE_CHANGED"}
    assert place.stored() == {f"{FROM}a.exr": [b"newer", b"asked for"]}


class Meanwhile:
    """A store in which something happens right after the first copy, before it can be recorded."""

    def __init__(self, objects: ObjectStore, happens: Any) -> None:
        self._objects, self._happens = objects, happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._objects, name)

    def copy(self, *arguments: Any, **options: Any) -> Any:
        made = self._objects.copy(*arguments, **options)
        happens, self._happens = self._happens, lambda: None
        happens()
        return made


def test_a_copy_is_erased_when_an_upload_took_its_place_meanwhile(place: Place) -> None:
    place.put("a.exr", b"mine")
    place.ask({"a.exr": "b.exr"})
    real = place.objects
    place.objects = cast(ObjectStore, Meanwhile(real, lambda: place.put("b.exr", b"theirs", asset=OTHER)))
    place.run()
    assert place.failures() == {0: "DESTINATION_EXISTS"}
    assert place.stored() == {f"{FROM}a.exr": [b"mine"], f"{TO}b.exr": [b"theirs"]}
    assert place.latest("b.exr", asset=OTHER) == place.top("b.exr", asset=OTHER)
    assert place.latest("a.exr") == place.top("a.exr")


def test_a_copy_is_erased_when_the_asset_was_archived_meanwhile(place: Place) -> None:
    for name in ("a.exr", "b.exr"):
        place.put(name, name.encode())
    place.ask({"a.exr": "a.exr", "b.exr": "b.exr"})
    real = place.objects
    place.objects = cast(ObjectStore, Meanwhile(real, lambda: archive_asset(place.ledger, *OTHER, order=order())))
    place.run()
    assert place.failures() == {0: "ASSET_ARCHIVED", 1: "ASSET_ARCHIVED"}
    assert place.stored() == {f"{FROM}a.exr": [b"a.exr"], f"{FROM}b.exr": [b"b.exr"]}
    assert place.is_over()


def test_nothing_goes_to_an_asset_that_was_deleted_for_ever_meanwhile(place: Place) -> None:
    place.put("a.exr", b"a")
    place.ask({"a.exr": "a.exr"})
    delete_asset_permanently(place.ledger, *OTHER, reason="Test", is_confirmed=True, order=order())
    place.run()
    assert place.failures() == {0: "ASSET_ARCHIVED"}
    assert place.stored() == {f"{FROM}a.exr": [b"a"]}
    assert place.is_over()


def test_an_object_that_is_no_file_is_not_covered(place: Place) -> None:
    place.put("a.exr", b"a")
    place.objects.put(place.bucket, f"{TO}b.exr", b"foreign", content_type="text/plain", metadata={})
    place.ask({"a.exr": "b.exr"})
    place.run()
    assert place.failures() == {0: "DESTINATION_OCCUPIED"}
    assert place.stored() == {f"{FROM}a.exr": [b"a"], f"{TO}b.exr": [b"foreign"]}


def test_bytes_that_are_gone_are_no_file_at_the_destination(place: Place) -> None:
    gone = place.put("a.exr", b"a")
    place.put("b.exr", b"b")
    place.objects.delete_version(place.bucket, f"{FROM}a.exr", version_id=gone)
    place.ask({"a.exr": "a.exr", "b.exr": "b.exr"})
    place.run()
    assert place.failures() == {0: "SOURCE_BYTES_MISSING"}
    assert place.stored() == {f"{FROM}b.exr": [None, b"b"], f"{TO}b.exr": [b"b"]}


def test_an_upload_while_a_source_is_hidden_stays_on_top(place: Place) -> None:
    class Uploading(Meanwhile):
        """A store in which a version arrives just before the marker does."""

        def delete(self, bucket: str, key: str) -> Any:
            happens, self._happens = self._happens, lambda: None
            happens()
            return self._objects.delete(bucket, key)

        def copy(self, *arguments: Any, **options: Any) -> Any:
            return self._objects.copy(*arguments, **options)

    place.put("a.exr", b"old")
    place.ask({"a.exr": "b.exr"})
    real = place.objects
    place.objects = cast(ObjectStore, Uploading(real, lambda: place.put("a.exr", b"new")))
    place.run()
    assert place.stored() == {f"{FROM}a.exr": [b"new", b"old"], f"{TO}b.exr": [b"old"]}
    assert place.latest("a.exr") == place.top("a.exr")


def test_a_source_that_two_hide_at_the_same_moment_is_hidden_once(under_test: StoreUnderTest) -> None:
    class Together:
        """A store in which both have looked before either puts its marker, and again before either takes one away."""

        both = Barrier(2)

        def __getattr__(self, name: str) -> Any:
            return getattr(under_test.store, name)

        def versions_of(self, bucket: str, key: str) -> list[ListedVersion]:
            return self._together(under_test.store.versions_of(bucket, key))

        def delete(self, bucket: str, key: str) -> str | None:
            return self._together(under_test.store.delete(bucket, key))

        def _together(self, answer: T) -> T:
            self.both.wait(60)
            return answer

    made = under_test.store.put(under_test.bucket, "a", b"a", content_type="text/plain", metadata={})
    store = cast(ObjectStore, Together())
    with ThreadPoolExecutor(2) as pool:
        hidden = [
            pool.submit(moved_sources.hide, store, under_test.bucket, "a", version_id=made.version_id) for _ in "ab"
        ]
    assert [one.result() for one in hidden] == [None, None]
    listed = under_test.store.versions_of(under_test.bucket, "a")
    assert len(list(takewhile(lambda one: one.is_delete_marker, listed))) == 1


def test_what_a_given_up_transfer_left_is_taken_away_by_the_next(place: Place) -> None:
    place.put("a.exr", b"a")
    place.put("c.exr", b"c")
    place.ask({"a.exr": "b.exr"})
    real = place.objects
    place.objects = cast(ObjectStore, Interrupting(real, calls=1, is_done_first=True))
    with pytest.raises(Interrupted):
        place.run()
    place.worker.give_up(StoreUnavailable("copy 'a'", "it is away"), position=1, correlation_id="r", transfer_id="t1")
    assert place.failures() == {0: "GIVEN_UP"}
    place.objects = real
    assert place.stored()[f"{TO}b.exr"] == [b"a"]
    place.ask({"c.exr": "b.exr"}, transfer_id="t2")
    place.run("t2")
    assert place.stored()[f"{TO}b.exr"] == [b"c"]
    assert place.failures("t2") == {}
    assert [event.path for event in place.events() if isinstance(event, FileVersionSeen)] == ["a.exr", "c.exr", "b.exr"]
