"""Adoptions make files of exactly the objects below a prefix, on both stores, whatever interrupts them."""

from __future__ import annotations

from typing import Any, cast

import pytest

from domain.adoptions.errors import AdoptedPrefixEmpty, AssetPrefixNotEmpty
from domain.adoptions.events import AdoptionEvent, AssetAdopted, AssetAdoptionAdvanced, AssetAdoptionFailed
from domain.assets.commands import archive_asset
from domain.assets.deletion import delete_asset_permanently
from domain.buckets.bucket import bucket_id
from domain.buckets.commands import register_bucket
from domain.databases.commands import create_database
from domain.files.commands import ObservedFile, register_files
from domain.files.events import FileVersionObserved
from domain.files.file import FILES
from processors.lifecycle import adoptions
from processors.lifecycle.adoptions import AdoptionWorker
from processors.lifecycle.creating import create
from processors.objects.errors import StoreUnavailable
from processors.objects.store import ObjectStore
from processors.uploads.complete import stored_object
from tests.contracts.conftest import local_store, s3_endpoint_url, under_test
from tests.contracts.object_stores import StoreUnderTest
from tests.domain.library import order
from tests.doubles.memory_ledger import MemoryLedger
from tests.processors.lifecycle.transferring import Interrupted, Place

__all__ = ["local_store", "s3_endpoint_url", "under_test"]

OLD = ("shows", "old")
PREFIX = "library/years/2019/"
JOB = {"position": 1, "correlation_id": "r", "database_id": "shows", "asset_id": "old"}
VALUES: dict[str, Any] = {"asset_name": "Old", "description": "Found", "is_distributable": True}


@pytest.fixture
def place(under_test: StoreUnderTest) -> Place:
    ledger = MemoryLedger()
    register_bucket(ledger, under_test.bucket, base_assets_prefix="library/", order=order())
    bucket = bucket_id(under_test.bucket, "library/")
    create_database(
        ledger,
        "shows",
        description="All shows",
        default_bucket_id=bucket,
        restrict_file_uploads_to_extensions=(".exr", ".png"),
        order=order(),
    )
    return Place(ledger, under_test.store, under_test.bucket)


def put(place: Place, path: str, body: bytes = b"x", *, below: str = PREFIX) -> str:
    made = place.objects.put(place.bucket, f"{below}{path}", body, content_type="image/x-exr", metadata={})
    return made.version_id


def adopt(place: Place, *, prefix: str | None = PREFIX, asset_id: str = "old") -> None:
    asset = ("shows", asset_id)
    create(place.ledger, asset, objects=place.objects, bucket_existing_key=prefix, order=order(), **VALUES)


def run(place: Place) -> None:
    AdoptionWorker(place.ledger, place.objects).run(**JOB)


def progress(place: Place) -> list[AdoptionEvent]:
    return [event for event in place.events() if isinstance(event, AdoptionEvent)][1:]


def seen(place: Place) -> list[tuple[str, str]]:
    observed = [event for event in place.events() if isinstance(event, FileVersionObserved)]
    return [(event.path, event.stored.s3_version_id) for event in observed]


def test_objects_become_files_with_every_version_the_latest_last(place: Place) -> None:
    versions = [put(place, "a.exr", b"1"), put(place, "a.exr", b"2"), put(place, "sub/b.exr")]
    put(place, "elsewhere.exr", below="library/years/")
    adopt(place)
    run(place)
    assert sorted(seen(place)) == sorted(zip(("a.exr", "a.exr", "sub/b.exr"), versions, strict=True))
    file = place.ledger.load(FILES, *OLD, "a.exr").state
    assert file is not None
    assert (file.latest.s3_version_id, file.latest.content_type) == (versions[1], "image/x-exr")
    advanced, done = progress(place)
    assert advanced == AssetAdoptionAdvanced(
        database_id="shows", asset_id="old", after_key=f"{PREFIX}sub/b.exr", registered=2
    )
    assert done == AssetAdopted(database_id="shows", asset_id="old")


def test_what_is_no_file_is_left_alone_or_named(place: Place) -> None:
    put(place, "a.exr")
    put(place, ".proxies/a_thumb.jpg")
    put(place, "notes.txt")
    put(place, "sub/.proxies/b_proxy.jpg")
    put(place, "x\x7fy.exr")
    adopt(place)
    run(place)
    assert [path for path, _ in seen(place)] == ["a.exr"]
    (advanced,) = (event for event in progress(place) if isinstance(event, AssetAdoptionAdvanced))
    assert (advanced.registered, advanced.reserved) == (1, 2)
    assert {skipped.s3_key for skipped in advanced.skipped} == {f"{PREFIX}notes.txt", f"{PREFIX}x\x7fy.exr"}
    assert all(skipped.reason for skipped in advanced.skipped)


def test_an_interrupted_adoption_goes_on_behind_the_last_recorded_key(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adoptions, "BATCH_VERSIONS", 3)
    versions = {f"f.{number:04}.exr": put(place, f"f.{number:04}.exr") for number in range(10)}
    adopt(place)
    real = place.objects
    for _ in range(10):
        place.objects = cast(ObjectStore, DyingAfter(real, heads=4))
        try:
            run(place)
            break
        except Interrupted:
            continue
    assert seen(place) == list(versions.items())
    assert isinstance(progress(place)[-1], AssetAdopted)
    advances = [event for event in progress(place) if isinstance(event, AssetAdoptionAdvanced)]
    assert sum(event.registered for event in advances) == 10
    events = len(place.events())
    run(place)
    assert len(place.events()) == events


class DyingAfter:
    """A store that dies with the call after so many heads."""

    def __init__(self, objects: ObjectStore, *, heads: int) -> None:
        self._objects, self._left = objects, heads

    def __getattr__(self, name: str) -> Any:
        return getattr(self._objects, name)

    def head(self, *arguments: Any, **options: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise Interrupted
        return self._objects.head(*arguments, **options)


def test_files_that_others_recorded_meanwhile_are_not_recorded_twice(place: Place) -> None:
    put(place, "a.exr")
    adopt(place)
    made = place.objects.put(place.bucket, f"{PREFIX}b.exr", b"b", content_type="image/x-exr", metadata={})
    register_files(place.ledger, *OLD, files=[ObservedFile("b.exr", stored_object(made))], order=order())
    run(place)
    assert sorted(path for path, _ in seen(place)) == ["a.exr", "b.exr"]


def test_an_adoption_of_an_asset_that_was_archived_meanwhile_is_given_up(place: Place) -> None:
    put(place, "a.exr")
    adopt(place)
    archive_asset(place.ledger, *OLD, order=order())
    run(place)
    assert progress(place) == [
        AssetAdoptionFailed(
            database_id="shows", asset_id="old", message="The asset 'old' is archived: unarchive it first."
        )
    ]


def test_an_adoption_of_an_asset_that_was_deleted_for_ever_is_given_up(place: Place) -> None:
    put(place, "a.exr")
    adopt(place)
    delete_asset_permanently(place.ledger, *OLD, reason="Test", is_confirmed=True, order=order())
    run(place)
    assert progress(place) == [
        AssetAdoptionFailed(database_id="shows", asset_id="old", message="There is no asset 'old'.")
    ]


def test_the_last_failed_attempt_is_recorded(place: Place) -> None:
    put(place, "a.exr")
    adopt(place)
    AdoptionWorker(place.ledger, place.objects).give_up(StoreUnavailable("list 'x'", "it is away"), **JOB)
    (failed,) = progress(place)
    assert isinstance(failed, AssetAdoptionFailed)
    assert failed.message == "A service failed in every attempt, last with: Could not list 'x': it is away. Try again."


def test_there_must_be_objects_to_adopt_and_none_otherwise(place: Place) -> None:
    put(place, "a.exr", below="library/taken/")
    put(place, "gone.exr", below="library/deleted/")
    place.objects.delete(place.bucket, "library/deleted/gone.exr")
    before = len(place.events())
    with pytest.raises(AdoptedPrefixEmpty):
        adopt(place)
    with pytest.raises(AssetPrefixNotEmpty, match="adopt them by bucketExistingKey: 'library/taken/'"):
        adopt(place, prefix=None, asset_id="taken")
    assert len(place.events()) == before
    adopt(place, prefix=None, asset_id="deleted")
