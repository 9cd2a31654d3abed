"""Rows of upload sessions."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from domain.uploads.events import (
    FileOutcome,
    PlannedFile,
    UploadAborted,
    UploadCompleted,
    UploadExpired,
    UploadStarted,
    UploadType,
)
from projections.vams.rows import UploadRow
from projections.vams.sheets import UPLOADS
from tests.projections.vams.samples import ASSET
from tests.projections.vams.tape import Tape, at, rows

UPLOAD = {"upload_id": "upload-1", **ASSET}
STARTED = UploadStarted(
    **UPLOAD,
    upload_type=UploadType.ASSET_FILE,
    s3_bucket="media",
    files=(
        PlannedFile(path="a.exr", size_bytes=10, part_size_bytes=8, s3_key="library/a.exr", multipart_id="m1"),
        PlannedFile(path="b.exr", size_bytes=0, part_size_bytes=8, s3_key="library/b.exr"),
    ),
    expires_at=at(1000),
)
FILE_A = {
    "path": "a.exr",
    "sizeBytes": 10,
    "partSizeBytes": 8,
    "s3Key": "library/a.exr",
    "multipartId": "m1",
    "errorCode": None,
    "errorMessage": None,
    "s3VersionId": None,
}
FILE_B = {**FILE_A, "path": "b.exr", "sizeBytes": 0, "s3Key": "library/b.exr", "multipartId": None}
FILES_OF_ROW: Any = [FILE_A, FILE_B]
OPEN = UploadRow(
    "upload-1", "shows", "shot_010", "ada", "assetFile", "media", "STARTED", at(1), at(1000), FILES_OF_ROW, 1, 1
)


def test_a_started_session_lists_its_files(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(STARTED)
    tape.fold(tables)
    assert rows(tables, UPLOADS) == [OPEN]


def test_a_completed_session_gives_every_file_its_version(tables: Connection[Any]) -> None:
    tape = Tape()
    outcomes = (FileOutcome(path="a.exr", s3_version_id="v1"), FileOutcome(path="b.exr", s3_version_id="v2"))
    tape.add(STARTED, UploadCompleted(**UPLOAD, files=outcomes))
    tape.fold(tables)
    files: Any = [{**FILE_A, "s3VersionId": "v1"}, {**FILE_B, "s3VersionId": "v2"}]
    assert rows(tables, UPLOADS) == [OPEN._replace(state="COMPLETED", files=files, revision=2, position=2)]


def test_a_session_with_a_failed_file_says_so(tables: Connection[Any]) -> None:
    tape = Tape()
    bad = FileOutcome(path="b.exr", error_code="CHECKSUM_MISMATCH", error_message="Not\x00what was declared.")
    tape.add(STARTED, UploadCompleted(**UPLOAD, files=(bad,)))
    tape.fold(tables)
    failed = {**FILE_B, "errorCode": "CHECKSUM_MISMATCH", "errorMessage": "Not\ufffdwhat was declared."}
    files: Any = [FILE_A, failed]
    assert rows(tables, UPLOADS) == [OPEN._replace(state="COMPLETED_WITH_ERRORS", files=files, revision=2, position=2)]


def test_an_aborted_session_keeps_its_files(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(STARTED, UploadAborted(**UPLOAD, reason="Wrong take"))
    tape.fold(tables)
    assert rows(tables, UPLOADS) == [OPEN._replace(state="ABORTED", revision=2, position=2)]


def test_an_expired_session_keeps_its_files(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(STARTED, UploadExpired(**UPLOAD))
    tape.fold(tables)
    assert rows(tables, UPLOADS) == [OPEN._replace(state="EXPIRED", revision=2, position=2)]


def test_a_session_closed_in_a_later_batch_is_read_back(tables: Connection[Any]) -> None:
    started, closed = Tape(), Tape()
    closed.add(STARTED, UploadCompleted(**UPLOAD, files=(FileOutcome(path="a.exr", s3_version_id="v1"),)))
    started.entries = [closed.entries.pop(0)]
    started.fold(tables)
    closed.fold(tables)
    files: Any = [{**FILE_A, "s3VersionId": "v1"}, FILE_B]
    assert rows(tables, UPLOADS) == [OPEN._replace(state="COMPLETED", files=files, revision=2, position=2)]
