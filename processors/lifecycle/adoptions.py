"""One adoption: stream the listing of an asset's prefix, and record its objects as files batch by batch.

The key that a batch ended with is recorded with its files, so a job that is run again goes on behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec

from domain.adoptions.adoption import Adoption
from domain.adoptions.commands import complete_adoption, fail_adoption, load_adoption, record_adopted
from domain.adoptions.events import AssetAdoptionRequested
from domain.cause import Order
from domain.errors import DomainError
from domain.event import Recorded
from domain.ledger import Ledger
from processors.bucket_sync.looking import Key, Looker
from processors.lifecycle.kinds import NAME, JobKind, WantedJob, answering
from processors.objects.errors import StoreRejected
from processors.objects.store import ListedVersion, ObjectStore

BATCH_VERSIONS = 500
"""Object versions that are recorded in one transaction, at least, where there are so many; a key is never split."""
Listed = tuple[Key, list[ListedVersion]]


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue keeps of a request."""

    position: int
    correlation_id: str
    database_id: str
    asset_id: str

    @property
    def asset(self) -> tuple[str, str]:
        """Database id and asset id."""
        return self.database_id, self.asset_id

    @property
    def order(self) -> Order:
        """The order of what the job records."""
        return answering(position=self.position, correlation_id=self.correlation_id)


class AdoptionWorker:
    """Runs adoptions. One that is run again goes on behind the last key that was recorded."""

    def __init__(self, ledger: Ledger, objects: ObjectStore) -> None:
        self._ledger = ledger
        self._objects = objects
        self._looker = Looker(ledger, objects)

    def run(self, **arguments: object) -> None:
        """Do what is left of it, or record why it can't be done. Raises StoreUnavailable, which the queue retries."""
        job = msgspec.convert(arguments, Job)
        _, adoption = load_adoption(self._ledger, job.asset)
        if not adoption.is_open:
            return
        try:
            for batch in _batches(self._listed(adoption)):
                self._record(job, batch)
        except (DomainError, StoreRejected) as refusal:
            fail_adoption(self._ledger, job.asset, message=str(refusal), order=job.order)
        else:
            complete_adoption(self._ledger, job.asset, order=job.order)

    def give_up(self, error: Exception, **arguments: object) -> None:
        """Record that a service failed in every attempt."""
        job = msgspec.convert(arguments, Job)
        message = f"A service failed in every attempt, last with: {error}"
        fail_adoption(self._ledger, job.asset, message=message, order=job.order)

    def _listed(self, adoption: Adoption) -> Iterator[Listed]:
        versions = self._objects.versions(adoption.s3_bucket, adoption.asset_location, after=adoption.after_key)
        for key, group in groupby(versions, key=lambda version: version.key):
            yield (adoption.s3_bucket, key), list(group)

    def _record(self, job: Job, batch: Sequence[Listed]) -> None:
        sightings = self._looker.look_at_new(batch)
        known = [(one.s3_bucket, one.s3_key) for one in sightings if one.revision < 0]
        again = dict(zip(known, self._looker.look(known), strict=True))
        current = [again.get((one.s3_bucket, one.s3_key), one) for one in sightings]
        record_adopted(self._ledger, job.asset, current, after_key=batch[-1][0][1], order=job.order)


def _batches(listed: Iterator[Listed]) -> Iterator[list[Listed]]:
    batch: list[Listed] = []
    size = 0
    for one in listed:
        batch.append(one)
        size += len(one[1])
        if size >= BATCH_VERSIONS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _wanted(batch: Sequence[Recorded]) -> list[WantedJob]:
    return [_job(entry, entry.event) for entry in batch if isinstance(entry.event, AssetAdoptionRequested)]


def _job(entry: Recorded, event: AssetAdoptionRequested) -> WantedJob:
    arguments: dict[str, Any] = {
        "position": entry.position,
        "correlation_id": entry.cause.correlation_id,
        "database_id": event.database_id,
        "asset_id": event.asset_id,
    }
    return WantedJob(f"{NAME}:adoption/{event.database_id}/{event.asset_id}", arguments)


KIND = JobKind("adoptions", _wanted)
