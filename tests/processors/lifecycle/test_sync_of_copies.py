"""Bucket sync that is told of a revert's copy before the revert records it leaves it to the revert, on both stores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from domain.assets.commands import archive_asset
from domain.assets.events import AssetRevertFailed
from domain.assets.reverts import revert_asset_version
from domain.assets.versions import create_asset_version
from domain.files.events import FileRevertFailed, FileVersionObserved
from domain.files.file import FILES
from domain.files.lifecycle import archive_files
from domain.files.reverts import revert_file
from domain.sync.homes import Homes
from processors.bucket_sync.looking import no_markers
from processors.bucket_sync.sync import BucketSync
from processors.lifecycle.reverts import RevertWorker
from processors.objects.store import ObjectStore
from tests.domain.library import order
from tests.processors.lifecycle.life import PREFIX, SHOT, Life

KEY = (*SHOT, "a.exr")


class Telling:
    """A store that notifies of a copy before whoever made it goes on."""

    def __init__(self, objects: ObjectStore, tell: Callable[[], None]) -> None:
        self._objects, self._tell = objects, tell

    def __getattr__(self, name: str) -> Any:
        return getattr(self._objects, name)

    def copy(self, *arguments: Any, **options: Any) -> Any:
        made = self._objects.copy(*arguments, **options)
        self._tell()
        return made


def _tell(life: Life) -> None:
    sync = BucketSync(life.ledger, life.objects, life.pool, own_markers=no_markers)
    sync.sync([(life.bucket, f"{PREFIX}a.exr")], homes=Homes(named="shows"), order=order())


def _telling(life: Life, then: Callable[[], None] = lambda: None) -> ObjectStore:
    def tell() -> None:
        then()
        _tell(life)

    return cast(ObjectStore, Telling(life.objects, tell))


def _observed(life: Life) -> list[str]:
    return [one.stored.s3_version_id for one in life.events() if isinstance(one, FileVersionObserved)]


def _top(life: Life) -> str:
    return life.objects.head(life.bucket, f"{PREFIX}a.exr").version_id


def test_the_copy_of_a_file_revert_that_fails_is_never_a_version(life: Life) -> None:
    old, new = life.put("a.exr", b"old"), life.put("a.exr", b"new")
    revert_file(life.ledger, KEY, s3_version_id=old, order=order())
    ((name, arguments),) = life.follow()

    def archive() -> None:
        archive_files(life.ledger, *SHOT, paths=["a.exr"], order=order())

    life.work(name, arguments, _telling(life, archive))
    assert any(isinstance(event, FileRevertFailed) for event in life.events())
    assert (_observed(life), life.stored()) == ([old, new], {"a.exr": [new, old]})


@pytest.mark.parametrize("is_archived", [False, True])
def test_the_copies_of_a_revert_are_recorded_by_it_or_erased(life: Life, is_archived: bool) -> None:
    old = life.put("a.exr", b"old")
    create_asset_version(life.ledger, *SHOT, comment="One", order=order())
    new = life.put("a.exr", b"new")
    revert_asset_version(life.ledger, (*SHOT, 1), comment="Back", with_metadata=False, order=order())
    ((_, arguments),) = life.follow()

    def archive() -> None:
        if is_archived:
            archive_asset(life.ledger, *SHOT, order=order())

    RevertWorker(life.ledger, _telling(life, archive), life.pool).run(**arguments)
    file = life.ledger.load(FILES, *KEY).state
    assert file is not None
    assert _observed(life) == ([old, new] if is_archived else [old, new, _top(life)])
    assert file.latest.s3_version_id == _top(life)
    assert any(isinstance(event, AssetRevertFailed) for event in life.events()) == is_archived


def test_somebody_elses_copy_of_an_old_version_is_a_version_of_its_own(life: Life) -> None:
    old, new = life.put("a.exr", b"old"), life.put("a.exr", b"new")
    marks = {"interneg-copied-from": old, "interneg-revert": "1"}
    key = f"{PREFIX}a.exr"
    copied = life.objects.copy(life.bucket, key, version_id=old, to_key=key, metadata=marks)
    _tell(life)
    assert _observed(life) == [old, new, copied.version_id]
