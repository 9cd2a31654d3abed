"""One request of notifications from its bytes to the log: every record ends as an outcome or a problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from domain.cause import Order
from domain.sync.verdicts import PROBLEMS, Kind, Verdict
from processors.bucket_sync.looking import Key
from processors.bucket_sync.notices import Malformed, Notice, Pointless, Reading, read
from processors.bucket_sync.sync import BucketSync, Synced
from processors.bucket_sync.tables import Problem

POINTLESS = "POINTLESS"
MALFORMED = "MALFORMED"
ORDER_OF_KINDS = (*PROBLEMS, Kind.STALE, *(kind for kind in Kind if kind not in (*PROBLEMS, Kind.STALE)))


class TooManyRecords(Exception):
    """The request has more records than the setting allows."""


@dataclass(frozen=True)
class Received:
    """What became of a request's records."""

    records: int
    position: int
    outcomes: Mapping[str, int]
    """Numbers of records by what became of them; the names are those of Kind, POINTLESS and MALFORMED."""
    problems: tuple[tuple[str, Problem], ...]
    """Where in the request, and what."""

    @property
    def is_unsettled(self) -> bool:
        """Whether a key kept changing while it was looked at, so that its record should be sent again."""
        return Kind.STALE in self.outcomes


def receive(sync: BucketSync, body: bytes, headers: Mapping[str, str], *, order: Order, max_records: int) -> Received:
    """Record what is news, note what is wrong. Raises BodyUnreadable, TooManyRecords, StoreUnavailable."""
    readings: list[Reading] = []
    for reading in read(body, headers):
        if len(readings) == max_records:
            raise TooManyRecords(
                f"The request has more than {max_records} records (INTERNEG_S3_EVENTS_MAX_RECORDS): send fewer at once."
            )
        readings.append(reading)
    keys = [(one.bucket, key) for one in readings if isinstance(one, Notice) for key in one.keys]
    synced = sync.sync(keys, homes=sync.homes(), order=order)
    told = [_told(reading, synced) for reading in readings]
    problems = tuple((one.record, problem) for one, (_, problem) in zip(readings, told, strict=True) if problem)
    sync.tell([problem for _, problem in problems], synced)
    return Received(len(readings), synced.position, Counter(outcome for outcome, _ in told), problems)


def _told(reading: Reading, synced: Synced) -> tuple[str, Problem | None]:
    """The outcome of a record, and the problem that people have to know of."""
    if isinstance(reading, Pointless):
        return POINTLESS, None
    if isinstance(reading, Malformed):
        return MALFORMED, Problem("", "", MALFORMED, reading.message, None, reading.excerpt)
    verdicts = {key: synced.verdicts[reading.bucket, key] for key in reading.keys}
    key, verdict = _weightiest(verdicts)
    if verdict.kind not in PROBLEMS:
        return verdict.kind, None
    return verdict.kind, Problem(reading.bucket, key, verdict.code, verdict.message, reading.event_name)


def _weightiest(verdicts: Mapping[str, Verdict]) -> tuple[str, Verdict]:
    """Of the spellings of a key, the one that says most; what the store does not have is UNCHANGED and says least."""
    meant = {key: verdict for key, verdict in verdicts.items() if verdict.kind is not Kind.UNCHANGED} or verdicts
    return min(meant.items(), key=lambda one: ORDER_OF_KINDS.index(one[1].kind))


def problem_of(key: Key, verdict: Verdict) -> Problem | None:
    """The problem of a key that no notification was about; None when there is none."""
    return Problem(*key, verdict.code, verdict.message) if verdict.kind in PROBLEMS else None
