"""Reverting a file puts old bytes on top once, on both stores, or says why it does not."""

from __future__ import annotations

import pytest

from domain.files.events import FileReverted, FileRevertFailed
from domain.files.file import FILES
from domain.files.lifecycle import archive_files, delete_files_permanently
from domain.files.reverts import revert_file
from processors.lifecycle.file_reverts import FileRevertWorker
from processors.objects.errors import StoreUnavailable
from tests.domain.library import order
from tests.processors.lifecycle.life import PREFIX, SHOT, Life
from tests.processors.lifecycle.transferring import Interrupted, Interrupting

KEY = (*SHOT, "a.exr")


def _latest(life: Life) -> str:
    file = life.ledger.load(FILES, *KEY).state
    assert file is not None
    return file.latest.s3_version_id


def _body(life: Life) -> bytes:
    return life.objects.open_range(life.bucket, f"{PREFIX}a.exr", version_id=None, start=0, length=10)


def test_the_bytes_of_the_old_version_are_on_top_as_a_new_one(life: Life) -> None:
    old, top = life.put("a.exr", b"old"), life.put("a.exr", b"new")
    revert_file(life.ledger, KEY, s3_version_id=old, order=order())
    life.run()
    copy = _latest(life)
    assert _body(life) == b"old"
    assert life.stored() == {"a.exr": [copy, *sorted([old, top])]}
    assert life.events()[-1] == FileReverted(
        database_id="shows",
        asset_id="shot_010",
        path="a.exr",
        revert_id=1,
        reverted_from=old,
        s3_version_id=copy,
    )


@pytest.mark.parametrize("is_done_first", [True, False])
def test_a_job_that_dies_copies_once(life: Life, is_done_first: bool) -> None:
    old, top = life.put("a.exr", b"old"), life.put("a.exr", b"new")
    revert_file(life.ledger, KEY, s3_version_id=old, order=order())
    ((name, arguments),) = life.follow()
    with pytest.raises(Interrupted):
        life.work(name, arguments, Interrupting(life.objects, calls=1, is_done_first=is_done_first))
    life.work(name, arguments)
    life.work(name, arguments)
    assert life.stored() == {"a.exr": [_latest(life), *sorted([old, top])]}


def test_a_revert_of_a_file_that_was_archived_meanwhile_leaves_nothing_behind(life: Life) -> None:
    old, top = life.put("a.exr", b"old"), life.put("a.exr", b"new")
    revert_file(life.ledger, KEY, s3_version_id=old, order=order())
    archive_files(life.ledger, *SHOT, paths=["a.exr"], order=order())
    life.run()
    failed = next(event for event in life.events() if isinstance(event, FileRevertFailed))
    assert failed.message == "The file 'a.exr' is archived: unarchive it first."
    assert life.stored() == {"a.exr": [None, *sorted([old, top])]}


def test_a_revert_of_a_file_that_was_deleted_meanwhile_does_nothing(life: Life) -> None:
    old = life.put("a.exr", b"old")
    life.put("a.exr", b"new")
    revert_file(life.ledger, KEY, s3_version_id=old, order=order())
    delete_files_permanently(life.ledger, *SHOT, paths=["a.exr"], is_confirmed=True, order=order())
    life.run()
    assert life.stored() == {}


def test_a_revert_whose_bytes_are_gone_fails(life: Life) -> None:
    old, top = life.put("a.exr", b"old"), life.put("a.exr", b"new")
    life.objects.delete_version(life.bucket, f"{PREFIX}a.exr", version_id=old)
    revert_file(life.ledger, KEY, s3_version_id=old, order=order())
    life.run()
    failed = next(event for event in life.events() if isinstance(event, FileRevertFailed))
    assert failed.message == "The bytes of the version no longer exist."
    assert _latest(life) == top


def test_a_revert_that_is_given_up_says_so(life: Life) -> None:
    old = life.put("a.exr", b"old")
    life.put("a.exr", b"new")
    revert_file(life.ledger, KEY, s3_version_id=old, order=order())
    ((_, arguments),) = life.follow()
    worker = FileRevertWorker(life.ledger, life.objects)
    worker.give_up(StoreUnavailable("copy", "away"), **arguments)
    failed = life.events()[-1]
    assert isinstance(failed, FileRevertFailed)
    assert failed.message == "A service failed in every attempt, last with: Could not copy: away. Try again."
