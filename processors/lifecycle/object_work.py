"""Runs the jobs that bring objects up to the log: each does what is still missing, so that running it again is safe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from psycopg_pool import ConnectionPool

from domain.ledger import Ledger
from processors.jobs.queue import Endless
from processors.lifecycle import erasure, moved_sources, object_jobs, visibility
from processors.lifecycle.object_jobs import ObjectJob, ObjectJobKind
from processors.lifecycle.tools import Tools
from processors.objects.errors import StoreRejected
from processors.objects.store import ObjectStore

WORK: Mapping[str, Callable[[Tools, ObjectJob], None]] = {
    ObjectJobKind.VISIBILITY: visibility.settle,
    ObjectJobKind.MOVED_SOURCES: moved_sources.settle,
    ObjectJobKind.FILE_ERASURE: erasure.erase_files,
    ObjectJobKind.ASSET_ERASURE: erasure.erase_asset,
    ObjectJobKind.PREVIEW_ERASURE: erasure.erase_preview,
}


class Arguments(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue keeps of a job; the rest is in the record of jobs."""

    position: int
    kind: str


class ObjectWorker:
    """Runs jobs on objects, retried until they are done; what the store refuses for good ends one as FAILED."""

    retry = Endless()

    def __init__(self, ledger: Ledger, objects: ObjectStore, pool: ConnectionPool[Any]) -> None:
        self._tools = Tools(ledger, objects, pool)

    def run(self, **arguments: object) -> None:
        """Do what is left of it. Raises StoreUnavailable, which the queue retries."""
        given = msgspec.convert(arguments, Arguments)
        with self._tools.pool.connection() as connection:
            job = object_jobs.find(connection, given.position, given.kind)
            object_jobs.start(connection, job)
        try:
            WORK[job.kind](self._tools, job)
        except StoreRejected as refusal:
            self._end(job, "FAILED", failure=str(refusal))
        except Exception as error:
            self._end(job, "RETRYING", failure=str(error) or type(error).__name__)
            raise
        else:
            self._end(job, "DONE")

    def give_up(self, error: Exception, **arguments: object) -> None:
        """Never called: these jobs have no last attempt."""

    def _end(self, job: ObjectJob, state: str, *, failure: str | None = None) -> None:
        with self._tools.pool.connection() as connection:
            object_jobs.end(connection, job, state, failure=failure)
