"""What a follower needs before it runs, beside processes of other releases: a live print of this code's shape."""

from __future__ import annotations

import logging
import time
from enum import Enum, auto
from threading import Lock

from gateway.consumers.contracts import Feed, Follower, Pool, Projection
from gateway.consumers.errors import NothingToRollBackTo, PrintsOccupied, ShapeChanged, is_transient
from gateway.consumers.generations import ensure
from gateway.consumers.ownership import Ownership
from gateway.consumers.rebuild import rebuild, rollback

logger = logging.getLogger(__name__)

PAUSE_SECONDS, PATIENCE_SECONDS = 2.0, 60.0
FOLLOWED_LOOKS, FOLLOWED_PAUSE_SECONDS = 5, 0.3
ONE_AT_A_TIME = Lock()
"""Strikes of this process; what waits for its turn is followed by others meanwhile."""


class Part(Enum):
    """What a process does with a print."""

    FOLLOWS = auto()
    """It makes one of its shape, and follows it at once."""
    SERVES = auto()
    """It needs one, and waits for those who follow it when there are any."""
    NEITHER = auto()


class NotStruckYet(Exception):
    """Whoever follows the live print is of another release."""

    def __init__(self, changed: ShapeChanged) -> None:
        super().__init__(f"{changed} Waiting for a worker of this release, which makes one: restart workers first.")


def ensure_print(follower: Follower, feed: Feed, pool: Pool, *, part: Part) -> None:
    """Return when there is one, after waiting for others that make it, or a minute for a store that is away."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return _ensure_now(follower, feed, pool, part=part)
        except Exception as error:
            is_waiting = isinstance(error, PrintsOccupied | NotStruckYet)
            if not is_waiting and not (is_transient(error) and time.monotonic() < give_up_at):
                raise
            logger.warning("%s is not ready, trying again: %s", follower.name, error)
            time.sleep(PAUSE_SECONDS)


def restrike(follower: Follower, feed: Feed, pool: Pool) -> None:
    """Bring the print back to this code's shape, after the processes of another release are gone."""
    assert isinstance(follower, Projection)
    logger.warning("Nobody follows the live print of %s, which is of another release: making one.", follower.name)
    try:
        _strike(follower, feed, pool)
    except PrintsOccupied as occupied:
        logger.info("%s", occupied)


def _ensure_now(follower: Follower, feed: Feed, pool: Pool, *, part: Part) -> None:
    """A print of a later release is left alone while somebody follows it."""
    try:
        ensure(follower, pool)
    except ShapeChanged as changed:
        assert isinstance(follower, Projection)
        if (changed.is_of_later_code or part is not Part.FOLLOWS) and _is_followed(follower, pool):
            if part is Part.SERVES and not changed.is_of_later_code:
                raise NotStruckYet(changed) from changed
            logger.warning("%s A process of another release follows it, so it is left as it is.", changed)
            return
        logger.warning("%s Rebuilding it before serving.", changed)
        with ONE_AT_A_TIME:
            _strike(follower, feed, pool)


def _is_followed(follower: Follower, pool: Pool) -> bool:
    """Asked several times, because a process that stands by has the right for a moment too."""
    with Ownership(pool, f"run.{follower.name}") as ownership:
        for _ in range(FOLLOWED_LOOKS):
            if not ownership.is_taken():
                return False
            time.sleep(FOLLOWED_PAUSE_SECONDS)
    return True


def _strike(projection: Projection, feed: Feed, pool: Pool) -> None:
    """A live print of this code's shape: the one that a later shape replaced, while it is kept, or a new one."""
    try:
        rollback(projection, feed, pool, progress=lambda _: None)
    except NothingToRollBackTo:
        rebuild(projection, feed, pool, progress=lambda _: None)
