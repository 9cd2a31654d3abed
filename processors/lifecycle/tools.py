"""What jobs on objects work with: the log, the store, the processor's own tables, and calls in parallel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from psycopg_pool import ConnectionPool

from domain.ledger import Ledger
from processors.lifecycle import object_jobs, paths
from processors.lifecycle.object_jobs import ObjectJob
from processors.objects.store import ListedVersion, ObjectStore

PARALLEL_CALLS = 8
CHUNK = 500
"""Files, or object versions, that are looked at together: what is held in memory, and what a kill may repeat."""
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Tools:
    """The parts that one process works with."""

    ledger: Ledger
    objects: ObjectStore
    pool: ConnectionPool[Any]

    def path_chunks(self, job: ObjectJob) -> Iterator[list[str]]:
        """The paths of the job, or every path its asset ever had, in byte order."""
        if job.paths is not None:
            yield from chunks(job.paths)
            return
        after = ""
        while True:
            with self.pool.connection() as connection:
                found = paths.paths_after(connection, *job.asset, after=after, limit=CHUNK)
            if not found:
                return
            yield found
            after = found[-1]

    def advance(self, job: ObjectJob, objects: int) -> None:
        """Show how far the job has come."""
        with self.pool.connection() as connection:
            object_jobs.advance(connection, job, objects=objects)

    def versions_at(self, bucket: str, key: str) -> Iterator[ListedVersion]:
        """Every version and delete marker of exactly this key, newest first."""
        for version in self.objects.versions(bucket, key):
            if version.key != key:
                return
            yield version


def in_parallel(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """The results in the order of the items; the first failure is raised when all have ended."""
    with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
        return list(pool.map(work, items))


def chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """The items, CHUNK at a time."""
    source = iter(items)
    while chunk := list(islice(source, CHUNK)):
        yield chunk
