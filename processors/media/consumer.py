"""The media processor: asks for renditions of every picture that appears, and enqueues a job for each request."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from psycopg import Connection

from domain.cause import ActorKind, Cause, Order
from domain.event import Recorded
from domain.files.events import FileVersionSeen
from domain.files.previews import base_of
from domain.ledger import Ledger
from domain.media.commands import request_renditions
from domain.media.events import RenditionsRequested
from processors.jobs.queue import JobQueue
from processors.media.sources import is_picture

NAME = "media"
PARALLEL_COMMANDS = 8


class MediaProcessor:
    """Follows new versions of files with requests, and RenditionsRequested with jobs."""

    name = NAME

    def __init__(self, ledger: Ledger, queue: JobQueue) -> None:
        self._ledger = ledger
        self._queue = queue

    def prepare(self, batch: Sequence[Recorded]) -> None:
        """Ask for renditions of new pictures, previews left out; asking again changes nothing."""
        pictures = [recorded for recorded in batch if _is_new_picture(recorded)]
        if pictures:
            with ThreadPoolExecutor(PARALLEL_COMMANDS) as pool:
                list(pool.map(self._request, pictures))

    def commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> None:
        """Enqueue a job for each request, once, as it commits with the position."""
        self._queue.enqueue(connection, NAME, [_job(recorded) for recorded in batch if _is_request(recorded)])

    def _request(self, recorded: Recorded) -> None:
        event = recorded.event
        assert isinstance(event, FileVersionSeen)
        file = (event.database_id, event.asset_id, event.path)
        request_renditions(self._ledger, file, stored=event.stored, again=False, order=answering(recorded))


def answering(recorded: Recorded) -> Order:
    """The order of a command that answers an event: the processor acts, in the correlation of what it answers."""
    cause = Cause(
        actor_kind=ActorKind.PROCESSOR,
        actor_id=NAME,
        correlation_id=recorded.cause.correlation_id,
        at=recorded.cause.at,
        causation_position=recorded.position,
    )
    return Order(cause=cause)


def _is_new_picture(recorded: Recorded) -> bool:
    event = recorded.event
    return isinstance(event, FileVersionSeen) and is_picture(event.path) and base_of(event.path) is None


def _is_request(recorded: Recorded) -> bool:
    return isinstance(recorded.event, RenditionsRequested)


def _job(recorded: Recorded) -> dict[str, Any]:
    event = recorded.event
    assert isinstance(event, RenditionsRequested)
    return {
        "position": recorded.position,
        "correlation_id": recorded.cause.correlation_id,
        "path": event.path,
        "s3_bucket": event.s3_bucket,
        "s3_key": event.s3_key,
        "s3_version_id": event.s3_version_id,
        "attempt": event.attempt,
        "rendition_stem": event.rendition_stem,
    }
