"""Folds the events of transfers and adoptions."""

from __future__ import annotations

from domain.adoptions.events import (
    AdoptionEvent,
    AssetAdopted,
    AssetAdoptionAdvanced,
    AssetAdoptionFailed,
    AssetAdoptionRequested,
)
from domain.event import Recorded
from domain.transfers.events import FileTransferAdvanced, FileTransferCompleted, FileTransferRequested
from projections.vams.sheets import Sheets
from projections.vams.transfer_rows import AdoptionRow, AdoptionSkipRow, TransferFileRow, TransferRow


def requested(sheets: Sheets, entry: Recorded, event: FileTransferRequested) -> None:
    """A transfer whose files all wait."""
    row = TransferRow(
        transfer_id=event.transfer_id,
        kind=event.kind,
        state="REQUESTED",
        database_id=event.database_id,
        asset_id=event.asset_id,
        destination_database_id=event.destination_database_id,
        destination_asset_id=event.destination_asset_id,
        metadata_policy=event.metadata_policy,
        reason=event.reason,
        total_count=len(event.files),
        done_count=0,
        failed_count=0,
        left_over=None,
        requested_at=entry.cause.at,
        requested_by=entry.cause.actor,
        ended_at=None,
        position=entry.position,
    )
    sheets.transfers.put(row, entry.position)
    for number, file in enumerate(event.files):
        paths = (file.source_path, file.destination_path, file.s3_version_id)
        waiting = TransferFileRow(event.transfer_id, number, *paths, "WAITING", None, None, entry.position)
        sheets.transfer_files.put(waiting, entry.position)


def advanced(sheets: Sheets, entry: Recorded, event: FileTransferAdvanced) -> None:
    """Some files have their outcome."""
    row = sheets.transfers.get((event.transfer_id,))
    counted = row._replace(
        state="RUNNING",
        done_count=row.done_count + len(event.done),
        failed_count=row.failed_count + len(event.failures),
    )
    sheets.transfers.put(counted, entry.position)
    for number in event.done:
        file = sheets.transfer_files.get((event.transfer_id, number))
        sheets.transfer_files.put(file._replace(state="DONE", position=entry.position), entry.position)
    for failure in event.failures:
        file = sheets.transfer_files.get((event.transfer_id, failure.number))
        failed = file._replace(state="FAILED", failure_code=failure.code, failure=failure.message)
        sheets.transfer_files.put(failed._replace(position=entry.position), entry.position)


def completed(sheets: Sheets, entry: Recorded, event: FileTransferCompleted) -> None:
    """Every file has its outcome."""
    row = sheets.transfers.get((event.transfer_id,))
    state = _ended(done=row.done_count, failed=row.failed_count)
    ended = row._replace(state=state, left_over=event.left_over, ended_at=entry.cause.at)
    sheets.transfers.put(ended, entry.position)


def adoption_requested(sheets: Sheets, entry: Recorded, event: AssetAdoptionRequested) -> None:
    """An adoption of which nothing is done."""
    row = AdoptionRow(
        database_id=event.database_id,
        asset_id=event.asset_id,
        state="REQUESTED",
        s3_bucket=event.s3_bucket,
        asset_location=event.asset_location,
        registered_count=0,
        reserved_count=0,
        skipped_count=0,
        failure=None,
        requested_at=entry.cause.at,
        requested_by=entry.cause.actor,
        ended_at=None,
        position=entry.position,
    )
    sheets.adoptions.put(row, entry.position)


def adoption_advanced(sheets: Sheets, entry: Recorded, event: AssetAdoptionAdvanced) -> None:
    """More objects are files, or were left out."""
    row = _adoption(sheets, event)
    counted = row._replace(
        state="RUNNING",
        registered_count=row.registered_count + event.registered,
        reserved_count=row.reserved_count + event.reserved,
        skipped_count=row.skipped_count + len(event.skipped),
    )
    sheets.adoptions.put(counted, entry.position)
    for skipped in event.skipped:
        skip = AdoptionSkipRow(event.database_id, event.asset_id, skipped.s3_key, skipped.reason, entry.position)
        sheets.adoption_skips.put(skip, entry.position)


def adopted(sheets: Sheets, entry: Recorded, event: AssetAdopted) -> None:
    """Every object was looked at."""
    row = _adoption(sheets, event)
    state = "DONE_WITH_ERRORS" if row.skipped_count else "DONE"
    sheets.adoptions.put(row._replace(state=state, ended_at=entry.cause.at), entry.position)


def adoption_failed(sheets: Sheets, entry: Recorded, event: AssetAdoptionFailed) -> None:
    """It was given up."""
    row = _adoption(sheets, event)
    failed = row._replace(state="FAILED", failure=event.message, ended_at=entry.cause.at)
    sheets.adoptions.put(failed, entry.position)


def _adoption(sheets: Sheets, event: AdoptionEvent) -> AdoptionRow:
    return sheets.adoptions.get((event.database_id, event.asset_id))


def _ended(*, done: int, failed: int) -> str:
    if not failed:
        return "DONE"
    return "DONE_WITH_ERRORS" if done else "FAILED"
