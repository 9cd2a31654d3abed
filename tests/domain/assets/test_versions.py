"""Creating asset versions."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assets.commands import archive_asset
from domain.assets.errors import AssetAlreadyArchived, AssetNotFound, VersionAliasTaken
from domain.assets.events import AssetVersionCreated, ChosenFile
from domain.assets.versions import create_asset_version
from domain.errors import Invalid, RevisionMismatch
from domain.files.paths import PathInvalid
from domain.stream import Outcome
from tests.domain.library import ASSET, given_asset, given_file, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger


def _create(ledger: MemoryLedger, asset_id: str = "shot_010", **values: Any) -> Outcome:
    given: dict[str, Any] = {"comment": "A version", "order": order()}
    return create_asset_version(ledger, "shows", asset_id, **(given | values))


def test_versions_count_from_one_within_each_asset(shot: MemoryLedger) -> None:
    given_asset(shot, "shot_020")
    with recording(shot) as then:
        results = [_create(shot).result, _create(shot).result, _create(shot, "shot_020").result]
    assert then.events == [
        AssetVersionCreated(**ASSET, asset_version_id=1, comment="A version"),
        AssetVersionCreated(**ASSET, asset_version_id=2, comment="A version"),
        AssetVersionCreated(database_id="shows", asset_id="shot_020", asset_version_id=1, comment="A version"),
    ]
    assert [result["assetVersionId"] for result in results] == ["1", "2", "1"]


def test_a_version_without_a_list_stores_none(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    with recording(shot) as then:
        _create(shot, version_alias="delivery")
    assert then.events == [
        AssetVersionCreated(**ASSET, asset_version_id=1, comment="A version", version_alias="delivery", files=None)
    ]


def test_a_list_keeps_what_exists_and_names_what_does_not(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr", "v1")
    given_file(shot, "a.exr", "v2")
    chosen = (
        ChosenFile(path="/a.exr", s3_version_id="v1"),
        ChosenFile(path="b.exr", s3_version_id="v1"),
        ChosenFile(path="c/d.exr", s3_version_id="v9"),
    )
    with recording(shot) as then:
        outcome = _create(shot, files=chosen)
    kept = (ChosenFile(path="a.exr", s3_version_id="v1"),)
    assert then.events == [AssetVersionCreated(**ASSET, asset_version_id=1, comment="A version", files=kept)]
    assert outcome.result == {"assetVersionId": "1", "skippedPaths": "b.exr\nc/d.exr"}


def test_a_version_of_a_known_file_that_never_existed_is_skipped(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr", "v1")
    outcome = _create(shot, files=(ChosenFile(path="a.exr", s3_version_id="v9"),))
    assert outcome.result["skippedPaths"] == "a.exr"


def test_a_taken_alias_is_refused_and_an_empty_one_is_none(shot: MemoryLedger) -> None:
    _create(shot, version_alias="delivery")
    with refused(shot, VersionAliasTaken, "versionAlias"):
        _create(shot, version_alias="delivery")
    with recording(shot) as then:
        _create(shot, version_alias="")
        _create(shot, version_alias="")
    assert [event.version_alias for event in then.events if isinstance(event, AssetVersionCreated)] == [None, None]


@pytest.mark.parametrize("comment", ["", " ", "a" * 1025, "a\x00", "a\ud800"])
def test_a_bad_comment_is_refused(shot: MemoryLedger, comment: str) -> None:
    with refused(shot, Invalid, "comment"):
        _create(shot, comment=comment)


@pytest.mark.parametrize("alias", ["a" * 65, "a\x00", "a\udfff"])
def test_a_bad_alias_is_refused(shot: MemoryLedger, alias: str) -> None:
    with refused(shot, Invalid, "versionAlias"):
        _create(shot, version_alias=alias)


def test_a_bad_or_repeated_path_is_refused(shot: MemoryLedger) -> None:
    good = ChosenFile(path="a.exr", s3_version_id="v1")
    with refused(shot, PathInvalid, "files", "1", "path"):
        _create(shot, files=(good, ChosenFile(path="../a.exr", s3_version_id="v1")))
    with refused(shot, Invalid, "files"):
        _create(shot, files=(good, ChosenFile(path="/a.exr", s3_version_id="v2")))


def test_an_unknown_archived_or_moved_on_asset_is_refused(shot: MemoryLedger) -> None:
    with refused(shot, AssetNotFound, "assetId"):
        _create(shot, "shot_099")
    with refused(shot, RevisionMismatch, "expectedRevision"):
        _create(shot, order=order(expected_revision=5))
    archive_asset(shot, "shows", "shot_010", order=order())
    with refused(shot, AssetAlreadyArchived, "assetId"):
        _create(shot)
