"""Asking for an older version of a file, and recording how it ended; roles of files."""

from __future__ import annotations

import pytest

from domain.assets.commands import archive_asset
from domain.assets.errors import AssetAlreadyArchived, RevertInProgress
from domain.assets.reverts import revert_asset_version
from domain.assets.versions import create_asset_version
from domain.errors import RevisionMismatch
from domain.files.commands import set_primary_type
from domain.files.errors import (
    FileAlreadyArchived,
    FileNotFound,
    FileRevertInProgress,
    FileVersionIsLatest,
    FileVersionNotFound,
    PrimaryTypeInvalid,
)
from domain.files.events import (
    FilePrimaryTypeSet,
    FileReverted,
    FileRevertFailed,
    FileRevertRequested,
    FileVersionObserved,
)
from domain.files.lifecycle import archive_files
from domain.files.reverts import (
    is_file_revert_open,
    record_file_revert,
    record_file_revert_failure,
    revert_file,
    version_to_revert,
)
from tests.domain.library import ASSET, given_file, order, recording, refused, stored
from tests.doubles.memory_ledger import MemoryLedger

SHOT = ("shows", "shot_010")
KEY = (*SHOT, "a.exr")
REQUEST = FileRevertRequested(**ASSET, path="a.exr", revert_id=1, reverted_from="v1")


@pytest.fixture
def twice(shot: MemoryLedger) -> MemoryLedger:
    """The asset with a file of two versions."""
    given_file(shot, "a.exr", "v1")
    given_file(shot, "a.exr", "v2")
    return shot


def test_a_revert_is_asked_for_and_ends_with_a_version(twice: MemoryLedger) -> None:
    with recording(twice) as then:
        assert revert_file(twice, KEY, s3_version_id="v1", order=order()).result == {"revertId": "1"}
    assert then.events == [REQUEST]
    assert is_file_revert_open(twice, REQUEST)
    assert version_to_revert(twice, REQUEST) == stored("a.exr", "v1")
    copy = stored("a.exr", "v3")
    with recording(twice) as then:
        record_file_revert(twice, REQUEST, stored=copy, order=order())
        record_file_revert(twice, REQUEST, stored=copy, order=order())
    assert then.events == [
        FileVersionObserved(**ASSET, path="a.exr", stored=copy),
        FileReverted(**ASSET, path="a.exr", revert_id=1, reverted_from="v1", s3_version_id="v3"),
    ]
    assert not is_file_revert_open(twice, REQUEST)


def test_a_revert_that_failed_may_be_asked_for_again(twice: MemoryLedger) -> None:
    revert_file(twice, KEY, s3_version_id="v1", order=order())
    with refused(twice, FileRevertInProgress, "path"):
        revert_file(twice, KEY, s3_version_id="v1", order=order())
    with recording(twice) as then:
        record_file_revert_failure(twice, REQUEST, message="No.", order=order())
        record_file_revert_failure(twice, REQUEST, message="No.", order=order())
    assert then.events == [FileRevertFailed(**ASSET, path="a.exr", revert_id=1, message="No.")]
    assert revert_file(twice, KEY, s3_version_id="v1", order=order()).result == {"revertId": "2"}


def test_what_cannot_be_reverted_is_refused(twice: MemoryLedger) -> None:
    with refused(twice, FileVersionIsLatest, "s3VersionId"):
        revert_file(twice, KEY, s3_version_id="v2", order=order())
    with refused(twice, FileVersionNotFound, "s3VersionId"):
        revert_file(twice, KEY, s3_version_id="v9", order=order())
    with refused(twice, FileNotFound, "path"):
        revert_file(twice, (*SHOT, "gone.exr"), s3_version_id="v1", order=order())
    with refused(twice, RevisionMismatch, "expectedRevision"):
        revert_file(twice, KEY, s3_version_id="v1", order=order(expected_revision=1))
    create_asset_version(twice, *SHOT, comment="One", order=order())
    revert_asset_version(twice, (*SHOT, 1), comment="Back", with_metadata=False, order=order())
    with refused(twice, RevertInProgress, "assetId"):
        revert_file(twice, KEY, s3_version_id="v1", order=order())


def test_a_revert_of_what_is_archived_is_refused_and_not_recorded(twice: MemoryLedger) -> None:
    revert_file(twice, KEY, s3_version_id="v1", order=order())
    archive_files(twice, *SHOT, paths=["a.exr"], order=order())
    with refused(twice, FileAlreadyArchived, "path"):
        record_file_revert(twice, REQUEST, stored=stored("a.exr", "v3"), order=order())
    with refused(twice, FileAlreadyArchived, "path"):
        revert_file(twice, KEY, s3_version_id="v1", order=order())
    archive_asset(twice, *SHOT, order=order())
    with refused(twice, AssetAlreadyArchived, "assetId"):
        revert_file(twice, KEY, s3_version_id="v1", order=order())


def test_a_role_is_set_once_and_taken_away(twice: MemoryLedger) -> None:
    with recording(twice) as then:
        for role, other in (("lod1", None), ("lod1", None), ("other", "clean plate"), ("", None)):
            set_primary_type(twice, KEY, primary_type=role, other=other, order=order())
    file = {**ASSET, "path": "a.exr"}
    assert then.events == [
        FilePrimaryTypeSet(**file, primary_type="lod1"),
        FilePrimaryTypeSet(**file, primary_type="other", primary_type_other="clean plate"),
        FilePrimaryTypeSet(**file, primary_type=None),
    ]


@pytest.mark.parametrize(
    ("role", "other", "field"),
    [
        ("lod6", None, "primaryType"),
        ("primary", "text", "primaryTypeOther"),
        ("other", None, "primaryTypeOther"),
        ("other", " ", "primaryTypeOther"),
        ("other", "x" * 31, "primaryTypeOther"),
    ],
)
def test_a_role_that_is_none_is_refused(twice: MemoryLedger, role: str, other: str | None, field: str) -> None:
    with refused(twice, PrimaryTypeInvalid, field):
        set_primary_type(twice, KEY, primary_type=role, other=other, order=order())
