"""Processors stand aside while a log is generated: its files have no bytes, so they pass over all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from threading import Event

from gateway.consumers import positions
from gateway.consumers.contracts import Consumer, Feed, Follower, Pool, Projection
from gateway.consumers.line import Line
from gateway.consumers.ownership import Ownership
from gateway.demo.studio.errors import GatewayAtWork
from gateway.ledger.opening import OpenLedger

WAIT_SECONDS = 1.0
PAGE = 1000


@contextmanager
def standing_aside(followers: Sequence[Follower], log: OpenLedger, pool: Pool) -> Iterator[None]:
    """Be the owner of every processor: bring it to the head before, and past what was generated after.

    Projections take no part; they fold what was generated like anything else. Raises GatewayAtWork.
    """
    processors = [follower for follower in followers if not isinstance(follower, Projection)]
    with ExitStack() as owned:
        for processor in processors:
            ownership = owned.enter_context(Ownership(pool, f"run.{processor.name}"))
            if not ownership.acquire(Event(), timeout_seconds=WAIT_SECONDS):
                raise GatewayAtWork(processor.name)
        while sum(_catch_up(processor, log.feed, pool) for processor in processors):
            pass
        try:
            yield
        finally:
            for processor in processors:
                _pass_over(processor, log.recorder.max_notification_id() or 0, pool)


def _catch_up(processor: Consumer, feed: Feed, pool: Pool) -> int:
    """How many events the processor had left; what it does may add others."""
    with pool.connection() as connection:
        row = positions.live(connection, processor.name)
    line = Line(processor, feed, pool, row=row, page=PAGE)
    done = 0
    while step := line.step():
        done += step
    return done


def _pass_over(processor: Consumer, head: int, pool: Pool) -> None:
    with pool.connection() as connection:
        row = positions.live(connection, processor.name)
        positions.advance(connection, row, to=head, events_per_second=0.0)
