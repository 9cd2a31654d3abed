"""Upload sessions from plan to end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.assets.commands import archive_asset
from domain.assets.errors import AssetAlreadyArchived, AssetNotFound
from domain.assets.events import AssetPreviewSet
from domain.errors import Invalid, LimitExceeded
from domain.files.errors import FileExtensionRefused
from domain.files.events import FileUploaded
from domain.files.paths import PathInvalid
from domain.uploads.acceptance import CompletedFile
from domain.uploads.commands import (
    DeclaredFile,
    abort_upload,
    complete_upload,
    expire_upload,
    plan_upload,
    start_upload,
)
from domain.uploads.errors import (
    UploadAlreadyExpired,
    UploadClosed,
    UploadFileUnknown,
    UploadNotFound,
    UploadStillOpen,
    UploadTooLarge,
)
from domain.uploads.events import (
    FileOutcome,
    PlannedFile,
    UploadAborted,
    UploadCompleted,
    UploadExpired,
    UploadStarted,
    UploadType,
)
from domain.uploads.plan import MIB, UploadLimits
from tests.domain.library import ASSET, LOCATION, NOW, given_asset, given_database, order, recording, refused, stored
from tests.doubles.memory_ledger import MemoryLedger

UPLOAD: Any = {"upload_id": "upload-1", **ASSET}
WEEK = timedelta(days=7)
LAST_MOMENT = WEEK - timedelta(microseconds=1)


def _plan(
    ledger: MemoryLedger, *files: DeclaredFile, upload_type: UploadType = UploadType.ASSET_FILE
) -> tuple[PlannedFile, ...]:
    return plan_upload(ledger, "shows", "shot_010", upload_type=upload_type, files=files)[1]


def _planned(path: str, size_bytes: int = 10, **values: Any) -> PlannedFile:
    given: dict[str, Any] = {"part_size_bytes": 64 * MIB, "s3_key": f"{LOCATION}{path}"}
    return PlannedFile(path=path, size_bytes=size_bytes, **(given | values))


def _start(ledger: MemoryLedger, *paths: str, upload_type: UploadType = UploadType.ASSET_FILE, **values: Any) -> None:
    given: dict[str, Any] = {"asset": ("shows", "shot_010"), "lifetime": WEEK, "order": order()}
    files = tuple(_planned(path) for path in paths)
    start_upload(ledger, "upload-1", upload_type=upload_type, s3_bucket="media", files=files, **(given | values))


def _done(path: str) -> CompletedFile:
    return CompletedFile(path, stored(path))


def test_a_plan_names_keys_and_part_sizes_and_records_nothing(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        planned = _plan(
            shot,
            DeclaredFile("/a.exr", 10, sha256="AB" * 32),
            DeclaredFile("b/c.exr", 100 * MIB, part_size_bytes=5 * MIB),
        )
    assert planned == (
        _planned("a.exr", 10, sha256="ab" * 32),
        _planned("b/c.exr", 100 * MIB, part_size_bytes=5 * MIB),
    )
    assert then.events == []


@pytest.mark.parametrize(
    ("file", "error", "path"),
    [
        (DeclaredFile("../a", 1), PathInvalid, ("files", "0", "path")),
        (DeclaredFile("", 1), PathInvalid, ("files", "0", "path")),
        (DeclaredFile("a", -1), Invalid, ("files", "0", "sizeBytes")),
        (DeclaredFile("a", 1, part_size_bytes=1), Invalid, ("files", "0", "partSizeBytes")),
        (DeclaredFile("a", 1 << 60), UploadTooLarge, ("files", "0", "sizeBytes")),
        (DeclaredFile("a", 1, sha256="ab"), Invalid, ("files", "0", "sha256")),
        (DeclaredFile("a", 1, sha256="x" * 64), Invalid, ("files", "0", "sha256")),
    ],
)
def test_a_file_that_can_not_be_uploaded_is_refused(
    shot: MemoryLedger, file: DeclaredFile, error: Any, path: tuple[str, ...]
) -> None:
    with refused(shot, error, *path):
        _plan(shot, file)


@pytest.mark.parametrize(
    ("limits", "error", "path", "message"),
    [
        (UploadLimits(files=1), LimitExceeded, ("files",), "One call takes at most 1 files, not 2."),
        (
            UploadLimits(total_bytes=29),
            UploadTooLarge,
            ("files",),
            "The files have 30 bytes in all; one upload takes 29: split it.",
        ),
        (
            UploadLimits(file_bytes=19),
            UploadTooLarge,
            ("files", "1", "sizeBytes"),
            "The file has 20 bytes; at most 19 are taken.",
        ),
    ],
)
def test_what_is_over_a_limit_is_refused(
    shot: MemoryLedger, limits: UploadLimits, error: Any, path: tuple[str, ...], message: str
) -> None:
    files = [DeclaredFile("a.exr", 10), DeclaredFile("b.exr", 20)]
    with pytest.raises(error) as caught:
        plan_upload(shot, "shows", "shot_010", upload_type=UploadType.ASSET_FILE, files=files, limits=limits)
    assert (type(caught.value), caught.value.path, caught.value.message) == (error, path, message)


def test_parts_grow_where_few_are_allowed(shot: MemoryLedger) -> None:
    limits = UploadLimits(parts=2, part_bytes=5 * MIB)
    files = [DeclaredFile("a.exr", 10 * MIB), DeclaredFile("b.exr", 10 * MIB + 1)]
    planned = plan_upload(shot, "shows", "shot_010", upload_type=UploadType.ASSET_FILE, files=files, limits=limits)[1]
    assert [file.part_size_bytes for file in planned] == [5 * MIB, 5 * MIB + 1]


def test_a_path_that_makes_a_key_too_long_is_refused(shows: MemoryLedger) -> None:
    long_id = "a" * 256
    given_asset(shows, long_id)
    files = [DeclaredFile("b" * 700, 1)]
    planned = plan_upload(shows, "shows", long_id, upload_type=UploadType.ASSET_FILE, files=files)[1]
    assert len(planned[0].s3_key) == 965
    given_database(shows, "d" * 63)
    given_asset(shows, long_id, database_id="d" * 63)
    with refused(shows, PathInvalid, "files", "0", "path"):
        plan_upload(shows, "d" * 63, long_id, upload_type=UploadType.ASSET_FILE, files=files)


def test_a_plan_keeps_to_the_extensions_of_the_database(ledger: MemoryLedger) -> None:
    given_database(ledger, restrict_file_uploads_to_extensions=(".exr",))
    given_asset(ledger)
    with refused(ledger, FileExtensionRefused, "files", "1", "path"):
        _plan(ledger, DeclaredFile("a.exr", 1), DeclaredFile("a.jpg", 1))


def test_a_plan_for_an_unknown_or_archived_asset_is_refused(shows: MemoryLedger) -> None:
    with refused(shows, AssetNotFound, "assetId"):
        _plan(shows, DeclaredFile("a.exr", 1))
    given_asset(shows)
    archive_asset(shows, "shows", "shot_010", order=order())
    with refused(shows, AssetAlreadyArchived, "assetId"):
        _plan(shows, DeclaredFile("a.exr", 1))
    with refused(shows, AssetAlreadyArchived, "assetId"):
        _start(shows, "a.exr")


def test_a_preview_is_one_small_image_beside_the_files(ledger: MemoryLedger) -> None:
    given_database(ledger, restrict_file_uploads_to_extensions=(".exr",))
    given_asset(ledger)
    planned = _plan(ledger, DeclaredFile("still.PNG", 10), upload_type=UploadType.ASSET_PREVIEW)
    assert planned == (_planned("still.PNG", s3_key=f"{LOCATION}preview.png"),)


@pytest.mark.parametrize(
    ("files", "error", "path"),
    [
        ((DeclaredFile("a.png", 1), DeclaredFile("b.png", 1)), Invalid, ("files",)),
        ((DeclaredFile("a.exr", 1),), Invalid, ("files", "0", "path")),
        ((DeclaredFile("a.png", 5 * MIB + 1),), UploadTooLarge, ("files", "0", "sizeBytes")),
    ],
)
def test_another_preview_is_refused(
    shot: MemoryLedger, files: tuple[DeclaredFile, ...], error: Any, path: tuple[str, ...]
) -> None:
    with refused(shot, error, *path):
        _plan(shot, *files, upload_type=UploadType.ASSET_PREVIEW)


def test_a_session_is_started_for_its_lifetime(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        _start(shot, "a.exr")
    assert then.events == [
        UploadStarted(
            **UPLOAD,
            upload_type=UploadType.ASSET_FILE,
            s3_bucket="media",
            files=(_planned("a.exr"),),
            expires_at=NOW + WEEK,
        )
    ]


def test_a_completed_session_makes_files_in_one_transaction(shot: MemoryLedger) -> None:
    _start(shot, "a.exr", "b.exr")
    bad = CompletedFile("b.exr", None, error_code="UPLOAD_SHA256_MISMATCH", error_message="Not these bytes.")
    with recording(shot) as then:
        complete_upload(shot, "upload-1", files=[_done("a.exr"), bad], order=order(after=LAST_MOMENT))
    assert then.events == [
        UploadCompleted(
            **UPLOAD,
            files=(
                FileOutcome(path="a.exr", s3_version_id="v1"),
                FileOutcome(path="b.exr", error_code="UPLOAD_SHA256_MISMATCH", error_message="Not these bytes."),
            ),
        ),
        FileUploaded(**ASSET, path="a.exr", stored=stored("a.exr"), upload_id="upload-1"),
    ]


def test_a_completed_preview_is_the_preview_of_the_asset_and_no_file(shot: MemoryLedger) -> None:
    _start(shot, "still.png", upload_type=UploadType.ASSET_PREVIEW)
    image = stored("preview.png")
    with recording(shot) as then:
        complete_upload(shot, "upload-1", files=[CompletedFile("still.png", image)], order=order())
    assert then.events == [
        UploadCompleted(**UPLOAD, files=(FileOutcome(path="still.png", s3_version_id="v1"),)),
        AssetPreviewSet(**ASSET, stored=image),
    ]


def test_a_file_that_was_never_declared_is_refused(shot: MemoryLedger) -> None:
    _start(shot, "a.exr")
    with refused(shot, UploadFileUnknown, "files", "1", "path"):
        complete_upload(shot, "upload-1", files=[_done("a.exr"), _done("b.exr")], order=order())


def test_a_session_ends_once(shot: MemoryLedger) -> None:
    _start(shot, "a.exr")
    complete_upload(shot, "upload-1", files=[_done("a.exr")], order=order())
    with refused(shot, UploadClosed, "uploadId"):
        complete_upload(shot, "upload-1", files=[_done("a.exr")], order=order())
    with refused(shot, UploadClosed, "uploadId"):
        abort_upload(shot, "upload-1", order=order())


def test_an_expired_session_can_only_be_aborted(shot: MemoryLedger) -> None:
    _start(shot, "a.exr")
    with refused(shot, UploadAlreadyExpired, "uploadId"):
        complete_upload(shot, "upload-1", files=[_done("a.exr")], order=order(after=WEEK))
    with recording(shot) as then:
        abort_upload(shot, "upload-1", reason="Too late", order=order(after=2 * WEEK))
    assert then.events == [UploadAborted(**UPLOAD, reason="Too late")]


def test_a_session_whose_time_is_over_expires_once(shot: MemoryLedger) -> None:
    _start(shot, "a.exr")
    with refused(shot, UploadStillOpen, "uploadId"):
        expire_upload(shot, "upload-1", order=order(after=LAST_MOMENT))
    with recording(shot) as then:
        expire_upload(shot, "upload-1", order=order(after=WEEK))
        expire_upload(shot, "upload-1", order=order(after=WEEK))
    assert then.events == [UploadExpired(**UPLOAD)]
    with refused(shot, UploadAlreadyExpired, "uploadId"):
        complete_upload(shot, "upload-1", files=[_done("a.exr")], order=order())
    with refused(shot, UploadAlreadyExpired, "uploadId"):
        abort_upload(shot, "upload-1", order=order())


def test_a_session_that_ended_does_not_expire(shot: MemoryLedger) -> None:
    _start(shot, "a.exr")
    abort_upload(shot, "upload-1", order=order())
    with recording(shot) as then:
        expire_upload(shot, "upload-1", order=order(after=WEEK))
    assert then.events == []


def test_a_session_of_an_asset_archived_meanwhile_is_refused_and_stays_open(shot: MemoryLedger) -> None:
    _start(shot, "a.exr")
    archive_asset(shot, "shows", "shot_010", order=order())
    with refused(shot, AssetAlreadyArchived, "assetId"):
        complete_upload(shot, "upload-1", files=[_done("a.exr")], order=order())
    with recording(shot) as then:
        abort_upload(shot, "upload-1", order=order())
    assert then.events == [UploadAborted(**UPLOAD)]


def test_an_unknown_session_or_a_bad_reason_is_refused(shot: MemoryLedger) -> None:
    with refused(shot, UploadNotFound, "uploadId"):
        complete_upload(shot, "upload-9", files=[], order=order())
    with refused(shot, UploadNotFound, "uploadId"):
        abort_upload(shot, "upload-9", order=order())
    _start(shot, "a.exr")
    with refused(shot, Invalid, "reason"):
        abort_upload(shot, "upload-1", reason="a\x00", order=order())
