"""Archiving puts delete markers on top and unarchiving takes exactly those away, on both stores."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.assets.commands import archive_asset, load_asset, unarchive_asset
from domain.assets.events import AssetPreviewSet
from domain.files.lifecycle import archive_files, unarchive_files
from domain.stream import Decision
from processors.lifecycle import tools
from processors.objects.errors import StoreRejected, StoreUnavailable
from processors.uploads.complete import stored_object
from tests.domain.library import order
from tests.processors.lifecycle.life import PREFIX, SHOT, Life
from tests.processors.lifecycle.transferring import Interrupted, Interrupting


def _archive(life: Life, *paths: str) -> None:
    archive_files(life.ledger, *SHOT, paths=paths, order=order())


def _unarchive(life: Life, *paths: str) -> None:
    unarchive_files(life.ledger, *SHOT, paths=paths, order=order())


def _preview_image(life: Life) -> str:
    made = life.objects.put(life.bucket, f"{PREFIX}preview.png", b"p", content_type="image/png", metadata={})
    stream, asset = load_asset(life.ledger, *SHOT)
    change = stream.then(AssetPreviewSet(**asset.key, stored=stored_object(made)))
    life.ledger.carry_out(order(), lambda: Decision((change,)))
    return made.version_id


def test_an_archived_file_and_its_preview_get_a_marker_and_lose_exactly_it(life: Life) -> None:
    old, top, preview = life.put("a.exr", b"1"), life.put("a.exr", b"2"), life.put("a.exr.previewFile.png")
    other = life.put("b.exr")
    before = life.stored()
    assert before == {"a.exr": [top, old], "a.exr.previewFile.png": [preview], "b.exr": [other]}
    _archive(life, "a.exr")
    life.run()
    assert life.stored() == {
        "a.exr": [None, *sorted([old, top])],
        "a.exr.previewFile.png": [None, preview],
        "b.exr": [other],
    }
    _unarchive(life, "a.exr")
    life.run()
    assert life.stored() == before
    assert [(kind, state, failure) for kind, state, _, failure in life.jobs()] == [("VISIBILITY", "DONE", None)] * 2
    assert life.jobs()[0][2] == ["a.exr", "a.exr.previewFile.png"]


def test_archiving_an_asset_hides_its_files_and_unarchiving_leaves_hidden_what_was_archived_by_itself(
    life: Life,
) -> None:
    a, b, image = life.put("a.exr"), life.put("b/c.exr"), _preview_image(life)
    _archive(life, "b/c.exr")
    life.run()
    archive_asset(life.ledger, *SHOT, order=order())
    life.run()
    assert life.stored() == {"a.exr": [None, a], "b/c.exr": [None, b], "preview.png": [None, image]}
    unarchive_asset(life.ledger, *SHOT, order=order())
    life.run()
    assert life.stored() == {"a.exr": [a], "b/c.exr": [None, b], "preview.png": [image]}


def test_jobs_that_come_late_or_twice_agree_with_the_log(life: Life) -> None:
    version = life.put("a.exr")
    _archive(life, "a.exr")
    _unarchive(life, "a.exr")
    _archive(life, "a.exr")
    jobs = life.follow()
    assert [name for name, _ in jobs] == ["objects"] * 1
    for _ in range(2):
        for name, arguments in jobs:
            life.work(name, arguments)
    assert life.stored() == {"a.exr": [None, version]}


def test_a_marker_that_somebody_else_put_is_neither_doubled_nor_taken_away(life: Life) -> None:
    version = life.put("a.exr")
    life.objects.delete(life.bucket, f"{PREFIX}a.exr")
    _archive(life, "a.exr")
    life.run()
    assert life.stored() == {"a.exr": [None, version]}
    _unarchive(life, "a.exr")
    life.run()
    assert life.stored() == {"a.exr": [None, version]}


@pytest.mark.parametrize("is_done_first", [True, False])
def test_a_job_that_dies_again_and_again_puts_each_marker_once(
    life: Life, monkeypatch: pytest.MonkeyPatch, is_done_first: bool
) -> None:
    monkeypatch.setattr(tools, "CHUNK", 2)
    paths = [f"{n}.exr" for n in range(12)]
    versions = {path: life.put(path) for path in paths}
    _archive(life, *paths)
    _finish(life, Interrupting(life.objects, calls=5, is_done_first=is_done_first))
    assert life.stored() == {path: [None, versions[path]] for path in paths}
    _unarchive(life, *paths)
    _finish(life, Interrupting(life.objects, calls=5, is_done_first=is_done_first))
    assert life.stored() == {path: [versions[path]] for path in paths}


def _finish(life: Life, dying: Interrupting) -> None:
    """Run the one waiting job with a store that dies, until it is done."""
    ((name, arguments),) = life.follow()
    for _ in range(20):
        try:
            life.work(name, arguments, dying)
        except Interrupted:
            continue
        break
    assert dying.deaths > 0
    assert life.jobs()[-1][1] == "DONE"


class Refusing:
    """A store that puts no delete markers."""

    def __init__(self, life: Life, error: Exception) -> None:
        self._objects, self._error = life.objects, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._objects, name)

    def delete(self, bucket: str, key: str) -> None:
        raise self._error


def test_a_failing_job_is_shown_with_its_reason_and_succeeds_later(life: Life) -> None:
    version = life.put("a.exr")
    _archive(life, "a.exr")
    ((name, arguments),) = life.follow()
    away = Refusing(life, StoreUnavailable("delete 'a.exr'", "the test says so"))
    with pytest.raises(StoreUnavailable):
        life.work(name, arguments, away)
    reason = "Could not delete 'a.exr': the test says so. Try again."
    assert life.jobs() == [("VISIBILITY", "RETRYING", ["a.exr"], reason)]
    life.work(name, arguments)
    assert life.jobs() == [("VISIBILITY", "DONE", ["a.exr"], None)]
    assert life.stored() == {"a.exr": [None, version]}


def test_a_job_that_the_store_refuses_for_good_ends_as_failed(life: Life) -> None:
    life.put("a.exr")
    _archive(life, "a.exr")
    ((name, arguments),) = life.follow()
    life.work(name, arguments, Refusing(life, StoreRejected("delete 'a.exr'", "not yours")))
    assert life.jobs() == [("VISIBILITY", "FAILED", ["a.exr"], "Could not delete 'a.exr': not yours.")]


def test_the_log_keeps_the_time(life: Life) -> None:
    life.put("a.exr")
    _archive(life, "a.exr")
    life.run()
    with life.pool.connection() as connection:
        row = connection.execute("SELECT requested_at, attempts, objects_done FROM lifecycle.object_jobs").fetchone()
    assert row == (datetime(2026, 11, 21, 12, tzinfo=UTC), 1, 1)
