"""A ledger, an object store, and the lifecycle processor with its own tables between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from psycopg_pool import ConnectionPool

from domain.event import Event
from domain.files.commands import ObservedFile, register_files
from domain.ledger import recorded
from processors.jobs.queue import JobQueue
from processors.lifecycle.consumer import LifecycleProcessor
from processors.lifecycle.file_reverts import FileRevertWorker
from processors.lifecycle.object_work import ObjectWorker
from processors.objects.store import ObjectStore
from processors.uploads.complete import stored_object
from tests.domain.library import order
from tests.doubles.memory_ledger import MemoryLedger

SHOT = ("shows", "shot_010")
PREFIX = "library/shot_010/"


@dataclass
class Life:
    """Where the life cycle of a test goes on. Jobs run when the test says so, in the order of the queue."""

    ledger: MemoryLedger
    objects: ObjectStore
    bucket: str
    pool: ConnectionPool[Any]
    queue: JobQueue
    position: int = 0
    versions: dict[str, str] = field(default_factory=dict)

    def put(self, path: str, body: bytes = b"bytes", *, asset: tuple[str, str] = SHOT) -> str:
        """Store and register a version of a file; gives its id."""
        key = f"library/{asset[1]}/{path}"
        made = self.objects.put(self.bucket, key, body, content_type="image/x-exr", metadata={})
        register_files(self.ledger, *asset, files=[ObservedFile(path, stored_object(made))], order=order())
        return made.version_id

    def follow(self) -> list[tuple[str, dict[str, Any]]]:
        """Follow the log to its end; gives the waiting jobs, by name and in their order, and takes them away."""
        log = [recorded(n) for n in self.ledger.recorder.select_notifications(self.position + 1, 1_000_000)]
        with self.pool.connection() as connection, connection.transaction():
            if log:
                LifecycleProcessor(self.queue).commit(log, connection)
                self.position = log[-1].position
            found = connection.execute("SELECT id, task_name, args FROM procrastinate_jobs ORDER BY id").fetchall()
            connection.execute("DELETE FROM procrastinate_jobs")
        return [(name, args) for _, name, args in found]

    def run(self, objects: ObjectStore | None = None) -> None:
        """Follow the log, and run every job until none is left."""
        while jobs := self.follow():
            for name, arguments in jobs:
                self.work(name, arguments, objects)

    def work(self, name: str, arguments: dict[str, Any], objects: ObjectStore | None = None) -> None:
        """One attempt at a job."""
        store = objects or self.objects
        if name == "objects":
            ObjectWorker(self.ledger, store, self.pool).run(**arguments)
        elif name == "file-reverts":
            FileRevertWorker(self.ledger, store).run(**arguments)

    def stored(self, prefix: str = PREFIX) -> dict[str, list[str | None]]:
        """Every version by key without the prefix, None for a delete marker; the one on top first, others sorted."""
        found: dict[str, list[str | None]] = {}
        for version in self.objects.versions(self.bucket, prefix):
            name = version.key.removeprefix(prefix)
            found.setdefault(name, []).append(None if version.is_delete_marker else version.version_id)
        return {key: [ids[0], *sorted(ids[1:], key=str)] for key, ids in found.items()}

    def jobs(self) -> list[tuple[str, str, list[str] | None, str | None]]:
        """The record of jobs: kind, state, paths and failure, oldest first."""
        query = "SELECT kind, state, paths, failure FROM lifecycle.object_jobs ORDER BY position"
        with self.pool.connection() as connection:
            return [tuple(row) for row in connection.execute(query).fetchall()]

    def events(self) -> list[Event]:
        log = self.ledger.recorder.select_notifications(None, 1_000_000)
        return [recorded(notification).event for notification in log]
