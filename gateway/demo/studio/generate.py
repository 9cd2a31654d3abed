"""Generate a log: let the studio work on a draft until there are enough events, and bring the draft into the log."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from gateway.demo.studio.desk import Desk
from gateway.demo.studio.draft import Draft, DraftLedger
from gateway.demo.studio.errors import LogTooLong
from gateway.demo.studio.work import Studio
from gateway.ledger.recorder import LedgerRecorder

PART = 2_000
"""Events that a part of the log has at least: what is held in memory, and appended in one transaction."""
MOST_BEFORE = 100_000


@dataclass(frozen=True)
class Generated:
    """What was generated."""

    events: int
    last_position: int
    seconds: float


def generate(
    recorder: LedgerRecorder, bucket_id: str, *, events: int, seed: int, tell: Callable[[int, int], None]
) -> Generated:
    """Append at least so many events; the log must be left alone by others meanwhile. tell(done, wanted) as it goes.

    Raises LogTooLong, LogMoved (what was told as done stays in the log), DatabaseAlreadyExists when the log has the
    events of this seed.
    """
    before = recorder.max_notification_id() or 0
    if before > MOST_BEFORE:
        raise LogTooLong(before, most=MOST_BEFORE)
    began = time.monotonic()
    draft = Draft(recorder, after=recorder.last_given_position())
    desk = Desk(DraftLedger(recorder, draft), seed)
    done = 0
    for needed in Studio(desk, bucket_id, suffix=str(seed)).work():
        if draft.pending >= min(PART, events - done):
            done += draft.flush()
            draft.forget(but=needed)
            tell(done, events)
        if done >= events:
            break
    return Generated(done, recorder.max_notification_id() or 0, time.monotonic() - began)
