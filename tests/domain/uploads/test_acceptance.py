"""Which files an upload may bring, when it is opened and when it is closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.files.errors import FileAlreadyArchived, FilePreviewInvalid
from domain.files.events import FileUploaded
from domain.files.lifecycle import archive_files, delete_files_permanently, record_files_erased
from domain.uploads.acceptance import CompletedFile
from domain.uploads.commands import DeclaredFile, complete_upload, plan_upload, start_upload
from domain.uploads.events import FileOutcome, UploadCompleted, UploadType
from tests.domain.library import given_file, order, recording, refused, stored
from tests.doubles.memory_ledger import MemoryLedger

SHOT = ("shows", "shot_010")
PREVIEW = "a.exr.previewFile.png"


def _plan(ledger: MemoryLedger, *files: DeclaredFile) -> Any:
    return plan_upload(ledger, *SHOT, upload_type=UploadType.ASSET_FILE, files=files)[1]


def _open(ledger: MemoryLedger, *paths: str) -> None:
    start_upload(
        ledger,
        "u1",
        asset=SHOT,
        upload_type=UploadType.ASSET_FILE,
        s3_bucket="media",
        files=_plan(ledger, *(DeclaredFile(path, 10) for path in paths)),
        lifetime=timedelta(days=7),
        order=order(),
    )


def _outcomes(ledger: MemoryLedger, *files: CompletedFile) -> list[tuple[str, str | None]]:
    """How each file of the session ended: with an error code, or as a file."""
    with recording(ledger) as then:
        outcome = complete_upload(ledger, "u1", files=files, order=order())
    closing = next(event for event in then.events if isinstance(event, UploadCompleted))
    uploaded = [event.path for event in then.events if isinstance(event, FileUploaded)]
    assert uploaded == [file.path for file in closing.files if file.error_code is None]
    refused_paths = [file.path for file in closing.files if file.error_code]
    assert outcome.result == {"refusedPaths": "\n".join(refused_paths)}
    return [(file.path, file.error_code) for file in closing.files if isinstance(file, FileOutcome)]


def test_an_upload_to_an_archived_file_is_refused_when_it_is_opened(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    archive_files(shot, *SHOT, paths=["a.exr"], order=order())
    with refused(shot, FileAlreadyArchived, "files", "1", "path"):
        _plan(shot, DeclaredFile("b.exr", 10), DeclaredFile("a.exr", 10))


def test_a_file_that_was_archived_meanwhile_stays_archived_and_others_arrive(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    _open(shot, "a.exr", "b.exr")
    archive_files(shot, *SHOT, paths=["a.exr"], order=order())
    files = [CompletedFile(path, stored(path, "v2")) for path in ("a.exr", "b.exr")]
    assert _outcomes(shot, *files) == [("a.exr", "FILE_ALREADY_ARCHIVED"), ("b.exr", None)]


@pytest.mark.parametrize("is_erased", [True, False])
def test_a_file_that_was_deleted_meanwhile_is_not_brought_back(shot: MemoryLedger, is_erased: bool) -> None:
    given_file(shot, "a.exr")
    _open(shot, "a.exr")
    delete_files_permanently(shot, *SHOT, paths=["a.exr"], is_confirmed=True, order=order())
    if is_erased:
        record_files_erased(shot, *SHOT, paths=["a.exr"], order=order())
    file = CompletedFile("a.exr", stored("a.exr", "v2"), deletions=0)
    assert _outcomes(shot, file) == [("a.exr", "FILE_BEING_ERASED")]


def test_bytes_that_were_put_together_after_an_erasure_are_a_new_file(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    _open(shot, "b.exr")
    delete_files_permanently(shot, *SHOT, paths=["a.exr"], is_confirmed=True, order=order())
    record_files_erased(shot, *SHOT, paths=["a.exr"], order=order())
    assert _outcomes(shot, CompletedFile("b.exr", stored("b.exr", "v2"), deletions=0)) == [("b.exr", None)]


def test_a_preview_needs_its_file_in_the_asset_or_beside_it(shot: MemoryLedger) -> None:
    with refused(shot, FilePreviewInvalid, "files", "0", "path"):
        _plan(shot, DeclaredFile(PREVIEW, 10))
    assert len(_plan(shot, DeclaredFile(PREVIEW, 10), DeclaredFile("a.exr", 10))) == 2
    given_file(shot, "a.exr")
    assert len(_plan(shot, DeclaredFile(PREVIEW, 10))) == 1


def test_a_preview_whose_file_did_not_arrive_is_none(shot: MemoryLedger) -> None:
    _open(shot, PREVIEW, "a.exr")
    failed = CompletedFile("a.exr", None, "UPLOAD_SHA256_MISMATCH", "Other bytes.")
    with recording(shot) as then:
        complete_upload(shot, "u1", files=[CompletedFile(PREVIEW, stored(PREVIEW)), failed], order=order())
    closing = then.events[0]
    assert isinstance(closing, UploadCompleted)
    assert [file.error_code for file in closing.files] == ["FILE_PREVIEW_INVALID", "UPLOAD_SHA256_MISMATCH"]


@pytest.mark.parametrize(
    ("path", "size_bytes", "field"),
    [
        ("a.exr.previewFile.tiff", 10, "path"),
        (PREVIEW, (5 << 20) + 1, "sizeBytes"),
        ("a.exr.previewFile.PNG", 1, "path"),
    ],
)
def test_a_preview_of_another_kind_is_refused(shot: MemoryLedger, path: str, size_bytes: int, field: str) -> None:
    given_file(shot, "a.exr")
    with refused(shot, FilePreviewInvalid, "files", "0", field):
        _plan(shot, DeclaredFile(path, size_bytes))
