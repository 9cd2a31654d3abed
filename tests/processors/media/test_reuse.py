"""A file that a transfer brought takes its source's pictures over, and one that it can't is decoded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.files.commands import ObservedFile, register_files
from domain.files.events import StoredObject
from domain.media.commands import MediaKey, Produced, record_renditions, request_renditions
from domain.media.events import MediaInspected, Rendition, RenditionKind, RenditionsProduced
from domain.media.inspection import Inspection
from domain.transfers.commands import FilePair, WantedTransfer, request_transfer
from domain.transfers.events import TransferKind
from domain.transfers.recording import record_copies
from processors.media.rejections import MediaRejected, RejectionCode
from processors.media.results import RECIPE
from processors.media.work import MediaWorker
from processors.objects.local import LocalObjectStore
from processors.uploads.complete import stored_object
from tests.domain.library import given_asset, given_database, log, order
from tests.doubles.memory_ledger import MemoryLedger

SHOT, OTHER = ("shows", "shot_010"), ("shows", "shot_020")
PATH = "in/a.0001.exr"


class Decoding:
    """Stands for the sandbox: counts what it is asked to decode, and can't."""

    decoded = 0

    def run(self, *_: Any, **__: Any) -> None:
        self.decoded += 1
        raise MediaRejected(RejectionCode.TOO_LARGE, "The test says so.")


class Place:
    """A ledger with a file that has pictures, its store, and the worker."""

    def __init__(self, root: Path) -> None:
        self.ledger = MemoryLedger()
        self.objects = LocalObjectStore(root / "objects", "http://localhost", b"s" * 32)
        self.objects.ensure_bucket("media")
        self.sandbox = Decoding()
        scratch = root / "scratch"
        scratch.mkdir()
        self.worker = MediaWorker(self.ledger, self.objects, self.sandbox, scratch=scratch)  # type: ignore[arg-type]
        given_database(self.ledger)
        for asset_id in ("shot_010", "shot_020"):
            given_asset(self.ledger, asset_id)
        self.source = self.put(f"library/shot_010/{PATH}", b"frame")
        register_files(self.ledger, *SHOT, files=[ObservedFile(PATH, self.source)], order=order())

    def put(self, key: str, body: bytes) -> StoredObject:
        return stored_object(self.objects.put("media", key, body, content_type="image/x-exr", metadata={}))

    def give_pictures(self, recipe: str = RECIPE) -> None:
        """Inspection and a thumbnail of the source."""
        request_renditions(self.ledger, (*SHOT, PATH), again=False, order=order())
        picture = self.put("library/shot_010/in/.proxies/a.0001_thumb.jpg", b"small")
        thumbnail = Rendition(
            kind=RenditionKind.THUMBNAIL,
            s3_key=picture.s3_key,
            s3_version_id=picture.s3_version_id,
            content_type="image/jpeg",
            width=256,
            height=144,
            size_bytes=5,
            color_space="sRGB",
            source_color_space="ACEScg",
            color_rule="FILE",
        )
        found = Inspection(format_name="openexr", is_deep=True, frame_number=1, parts=(), non_finite_pixels=3)
        produced = Produced(inspection=found, renditions=(thumbnail,), recipe=recipe, processing_seconds=1.0)
        key = MediaKey("media", self.source.s3_key, self.source.s3_version_id, 1)
        record_renditions(self.ledger, key, produced=produced, order=order())

    def move(self, to: str) -> StoredObject:
        """The source is at another path of the other asset; gives its version there."""
        wanted = WantedTransfer(TransferKind.MOVE, SHOT, OTHER, [FilePair(PATH, to)])
        request_transfer(self.ledger, "t1", wanted, order=order())
        moved = self.put(f"library/shot_020/{to}", b"frame")
        record_copies(self.ledger, "t1", {0: moved}, order=order())
        return moved

    def run(self, moved: StoredObject, path: str, *, attempt: int = 1) -> list[Any]:
        """Ask for the pictures of the moved file and make them; gives the events of the making."""
        request_renditions(self.ledger, (*OTHER, path), again=attempt > 1, order=order())
        before = len(log(self.ledger))
        stem = f"library/shot_020/{path.rpartition('/')[0]}/.proxies/x"
        self.worker.run(
            position=1,
            correlation_id="r",
            path=path,
            s3_bucket="media",
            s3_key=moved.s3_key,
            s3_version_id=moved.s3_version_id,
            attempt=attempt,
            rendition_stem=stem,
        )
        return [entry.event for entry in log(self.ledger)[before:]]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.objects.close()


def test_the_pictures_of_the_source_are_copied_and_nothing_is_decoded(place: Place) -> None:
    place.give_pictures()
    moved = place.move("out/a.0001.exr")
    inspected, produced = place.run(moved, "out/a.0001.exr")
    assert place.sandbox.decoded == 0
    assert isinstance(inspected, MediaInspected)
    assert (inspected.path, inspected.s3_version_id) == ("out/a.0001.exr", moved.s3_version_id)
    assert (inspected.inspection.frame_number, inspected.inspection.non_finite_pixels) == (1, 3)
    assert isinstance(produced, RenditionsProduced)
    (picture,) = produced.renditions
    assert (picture.kind, picture.s3_key, picture.width) == (
        RenditionKind.THUMBNAIL,
        "library/shot_020/out/.proxies/x_thumb.jpg",
        256,
    )
    copy = place.objects.head("media", picture.s3_key)
    assert (copy.version_id, copy.metadata["source-version-id"]) == (picture.s3_version_id, moved.s3_version_id)
    assert place.objects.open_range("media", picture.s3_key, version_id=None, start=0, length=9) == b"small"


def test_a_file_under_another_name_is_decoded(place: Place) -> None:
    place.give_pictures()
    place.run(place.move("out/a_acescg.0001.exr"), "out/a_acescg.0001.exr")
    assert place.sandbox.decoded == 1


def test_a_file_whose_source_has_no_pictures_is_decoded(place: Place) -> None:
    place.run(place.move("out/a.0001.exr"), "out/a.0001.exr")
    assert place.sandbox.decoded == 1


def test_pictures_by_an_older_recipe_are_made_anew(place: Place) -> None:
    place.give_pictures(recipe="picture/0")
    place.run(place.move("out/a.0001.exr"), "out/a.0001.exr")
    assert place.sandbox.decoded == 1


def test_pictures_that_are_no_longer_there_are_made_anew(place: Place) -> None:
    place.give_pictures()
    moved = place.move("out/a.0001.exr")
    thumbnail = "library/shot_010/in/.proxies/a.0001_thumb.jpg"
    version = place.objects.head("media", thumbnail).version_id
    place.objects.delete_version("media", thumbnail, version_id=version)
    place.run(moved, "out/a.0001.exr")
    assert place.sandbox.decoded == 1


def test_a_second_attempt_decodes(place: Place) -> None:
    place.give_pictures()
    moved = place.move("out/a.0001.exr")
    place.run(moved, "out/a.0001.exr")
    place.run(moved, "out/a.0001.exr", attempt=2)
    assert place.sandbox.decoded == 1
