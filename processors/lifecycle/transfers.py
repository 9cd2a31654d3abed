"""One transfer of files: copy the bytes, record them batch by batch, and take moved objects out of sight at the end.

A copy that can't be recorded any more is erased before its failure is recorded, so that nothing is left in the store
that the log does not know. Markers on moved sources come last: until then a transfer is open, and a job that is run
again finds by the log what is recorded, and by its own mark what is copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import msgspec

from domain.assets.asset import ASSETS, Asset
from domain.cause import Order
from domain.event import Recorded
from domain.files.events import StoredObject
from domain.files.file import FILES
from domain.ledger import Ledger
from domain.transfers.commands import load_transfer
from domain.transfers.events import FileTransferRequested, TransferFailure, TransferFailureCode
from domain.transfers.obstacles import obstacles
from domain.transfers.recording import complete_transfer, give_up_transfer, record_copies, record_failures
from domain.transfers.transfer import FileTransfer
from processors.lifecycle import moved_sources
from processors.lifecycle.kinds import NAME, JobKind, WantedJob, answering
from processors.lifecycle.reverts import PARALLEL_COPIES
from processors.objects.errors import ObjectMissing, StoreRejected
from processors.objects.marks import COPIED_FROM, TRANSFER
from processors.objects.store import ObjectStore, ObjectVersion
from processors.uploads.complete import stored_object
from processors.uploads.start import object_metadata

BATCH = 100
"""Files that are recorded in one transaction: what a kill can make a job look at again."""
DROPPED = frozenset({"uploadid", TRANSFER})
"""Metadata of the source that would be false of a copy."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue keeps of a request."""

    position: int
    correlation_id: str
    transfer_id: str

    @property
    def order(self) -> Order:
        """The order of what the job records."""
        return answering(position=self.position, correlation_id=self.correlation_id)


@dataclass(frozen=True)
class _Places:
    """The assets at both ends."""

    source: Asset
    destination: Asset


class TransferWorker:
    """Runs transfers. One that is run again goes on where it was, and every file of it is recorded once."""

    def __init__(self, ledger: Ledger, objects: ObjectStore) -> None:
        self._ledger = ledger
        self._objects = objects

    def run(self, **arguments: object) -> None:
        """Do what is left of it. Raises StoreUnavailable, which the queue retries."""
        job = msgspec.convert(arguments, Job)
        _, transfer = load_transfer(self._ledger, job.transfer_id)
        places = _Places(*self._assets(transfer))
        while transfer.is_open and (numbers := transfer.remaining[:BATCH]):
            self._advance(job, transfer, places, numbers)
            _, transfer = load_transfer(self._ledger, job.transfer_id)
        if transfer.is_open:
            left_over = self._hide_sources(transfer, places.source) if transfer.is_move else None
            complete_transfer(self._ledger, job.transfer_id, left_over=left_over, order=job.order)

    def _assets(self, transfer: FileTransfer) -> tuple[Asset, Asset]:
        """Both ends, whatever became of them meanwhile."""
        source, destination = self._ledger.load_many(ASSETS, [transfer.source, transfer.destination])
        assert source.state is not None
        assert destination.state is not None
        return source.state, destination.state

    def give_up(self, error: Exception, **arguments: object) -> None:
        """Record that a service failed in every attempt, and which files stayed where they were for that."""
        job = msgspec.convert(arguments, Job)
        message = f"A service failed in every attempt, last with: {error}"
        give_up_transfer(self._ledger, job.transfer_id, message=message, order=job.order)

    def _advance(self, job: Job, transfer: FileTransfer, places: _Places, numbers: Sequence[int]) -> None:
        """Bring these files to an outcome: at the destination and recorded, or nothing there and a failure."""
        known = self._known_versions(transfer, numbers)
        with ThreadPoolExecutor(PARALLEL_COPIES) as pool:
            tops = dict(zip(numbers, pool.map(lambda n: self._top(_target(transfer, places, n)), numbers), strict=True))
            found = {n: top for n, top in tops.items() if top and top.metadata.get(TRANSFER) == _mark(transfer, n)}
            failures = obstacles(self._ledger, job.transfer_id, numbers, _stored(found))
            wanted = [n for n in numbers if n not in failures and n not in found]

            def make(number: int) -> ObjectVersion | TransferFailure:
                return self._made(transfer, places, number, tops[number], known[number])

            made = dict(zip(wanted, pool.map(make, wanted), strict=True))
        failures |= {n: result for n, result in made.items() if isinstance(result, TransferFailure)}
        copies = found | {n: result for n, result in made.items() if isinstance(result, ObjectVersion)}
        going = {n: copy for n, copy in copies.items() if n not in failures}
        record_copies(self._ledger, job.transfer_id, _stored(going), order=job.order)
        self._settle(job, transfer, copies, failures)

    def _settle(
        self,
        job: Job,
        transfer: FileTransfer,
        copies: dict[int, ObjectVersion],
        failures: dict[int, TransferFailure],
    ) -> None:
        """Erase the copies that are no file's version, then record why."""
        _, now = load_transfer(self._ledger, job.transfer_id)
        known = self._known_versions(transfer, list(copies))
        stray = {n: copy for n, copy in copies.items() if n not in now.done or copy.version_id not in known[n]}
        late = [n for n in stray if n not in failures and n not in now.done]
        failures |= obstacles(self._ledger, job.transfer_id, late, _stored(stray)) if late else {}
        for copy in stray.values():
            self._objects.delete_version(copy.bucket, copy.key, version_id=copy.version_id)
        record_failures(self._ledger, job.transfer_id, list(failures.values()), order=job.order)

    def _made(
        self,
        transfer: FileTransfer,
        places: _Places,
        number: int,
        top: ObjectVersion | None,
        known: frozenset[str],
    ) -> ObjectVersion | TransferFailure:
        if top is not None and top.version_id not in known:
            if TRANSFER not in top.metadata:
                message = f"The bucket holds an object {top.key!r} that is no file: register it or take it away."
                return _failure(number, TransferFailureCode.DESTINATION_OCCUPIED, message)
            # No other open transfer may claim this path, so this one was left by one that was given up.
            self._objects.delete_version(top.bucket, top.key, version_id=top.version_id)
        try:
            return self._copy(transfer, places, number)
        except ObjectMissing:
            message = "The bytes of the version are no longer in the bucket."
            return _failure(number, TransferFailureCode.SOURCE_BYTES_MISSING, message)
        except StoreRejected as error:
            return _failure(number, TransferFailureCode.STORE_REJECTED, str(error))

    def _copy(self, transfer: FileTransfer, places: _Places, number: int) -> ObjectVersion:
        file = transfer.request.files[number]
        bucket, key = places.source.s3_bucket, f"{places.source.asset_location}{file.source_path}"
        to_bucket, to_key = _target(transfer, places, number)
        source = self._objects.head(bucket, key, version_id=file.s3_version_id)
        kept = {name: value for name, value in source.metadata.items() if name not in DROPPED}
        owner = object_metadata(transfer.destination, "")
        names = {name: owner[name] for name in ("databaseid", "assetid")}
        marks = {COPIED_FROM: file.s3_version_id, TRANSFER: _mark(transfer, number)}
        return self._objects.copy(
            bucket,
            key,
            version_id=file.s3_version_id,
            to_key=to_key,
            to_bucket=to_bucket,
            metadata={**kept, **names, **marks},
        )

    def _known_versions(self, transfer: FileTransfer, numbers: Sequence[int]) -> dict[int, frozenset[str]]:
        """The object versions that the log knows at each destination."""
        files = [transfer.request.files[n] for n in numbers]
        streams = self._ledger.load_many(FILES, [(*transfer.destination, file.destination_path) for file in files])
        return {
            n: stream.state.versions if stream.state else frozenset()
            for n, stream in zip(numbers, streams, strict=True)
        }

    def _top(self, place: tuple[str, str]) -> ObjectVersion | None:
        try:
            return self._objects.head(*place)
        except ObjectMissing:
            return None

    def _hide_sources(self, transfer: FileTransfer, source: Asset) -> str | None:
        """Put delete markers on the objects that moved; what could not be done, None when everything was."""
        moved = [transfer.request.files[n] for n in sorted(transfer.done)]

        def hide(index: int) -> str | None:
            file = moved[index]
            try:
                key = f"{source.asset_location}{file.source_path}"
                moved_sources.hide(self._objects, source.s3_bucket, key, version_id=file.s3_version_id)
            except StoreRejected as error:
                return str(error)
            return None

        with ThreadPoolExecutor(PARALLEL_COPIES) as pool:
            refusals = [refusal for refusal in pool.map(hide, range(len(moved))) if refusal]
        if not refusals:
            return None
        return f"{len(refusals)} moved objects have no delete marker at their old key, first for: {refusals[0]}"


def _target(transfer: FileTransfer, places: _Places, number: int) -> tuple[str, str]:
    path = transfer.request.files[number].destination_path
    return places.destination.s3_bucket, f"{places.destination.asset_location}{path}"


def _mark(transfer: FileTransfer, number: int) -> str:
    return f"{transfer.request.transfer_id}/{number}"


def _stored(copies: dict[int, ObjectVersion]) -> dict[int, StoredObject]:
    return {number: stored_object(copy) for number, copy in copies.items()}


def _failure(number: int, code: TransferFailureCode, message: str) -> TransferFailure:
    return TransferFailure(number=number, code=code, message=message)


def _wanted(batch: Sequence[Recorded]) -> list[WantedJob]:
    return [_job(entry, entry.event) for entry in batch if isinstance(entry.event, FileTransferRequested)]


def _job(entry: Recorded, event: FileTransferRequested) -> WantedJob:
    arguments: dict[str, Any] = {
        "position": entry.position,
        "correlation_id": entry.cause.correlation_id,
        "transfer_id": event.transfer_id,
    }
    return WantedJob(f"{NAME}:transfer/{event.transfer_id}", arguments)


KIND = JobKind("transfers", _wanted)
