"""A ledger, an object store and the transfer worker between them: what tests of transfers are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from domain.event import Event
from domain.files.commands import ObservedFile, register_files
from domain.files.file import FILES
from domain.ledger import recorded
from domain.transfers.commands import FilePair, WantedTransfer, load_transfer, request_transfer
from domain.transfers.events import MetadataPolicy, TransferKind
from processors.lifecycle.transfers import TransferWorker
from processors.objects.store import ObjectStore
from processors.uploads.complete import stored_object
from tests.domain.library import order
from tests.doubles.memory_ledger import MemoryLedger

BUCKET = "media"
SHOT, OTHER = ("shows", "shot_010"), ("shows", "shot_020")
JOB = {"position": 1, "correlation_id": "request-1", "transfer_id": "t1"}


@dataclass
class Place:
    """Where the transfers of a test go on."""

    ledger: MemoryLedger
    objects: ObjectStore
    bucket: str = BUCKET

    @property
    def worker(self) -> TransferWorker:
        return TransferWorker(self.ledger, self.objects)

    def put(self, path: str, body: bytes, *, asset: tuple[str, str] = SHOT, **metadata: str) -> str:
        """Store and register a version of a file; gives its id."""
        key = f"library/{asset[1]}/{path}"
        made = self.objects.put(self.bucket, key, body, content_type="image/x-exr", metadata=metadata)
        register_files(self.ledger, *asset, files=[ObservedFile(path, stored_object(made))], order=order())
        return made.version_id

    def ask(
        self,
        pairs: dict[str, str],
        *,
        kind: TransferKind = TransferKind.MOVE,
        to: tuple[str, str] = OTHER,
        transfer_id: str = "t1",
        policy: MetadataPolicy = MetadataPolicy.KEEP_SOURCE,
    ) -> None:
        """Ask for a transfer out of shot_010."""
        files = [FilePair(source, destination) for source, destination in pairs.items()]
        request_transfer(self.ledger, transfer_id, WantedTransfer(kind, SHOT, to, files, policy), order=order())

    def run(self, transfer_id: str = "t1") -> None:
        """One attempt at the job."""
        self.worker.run(**(JOB | {"transfer_id": transfer_id}))

    def stored(self, *, bucket: str | None = None) -> dict[str, list[bytes | None]]:
        """Every object version there is, by key: its bytes, or None for a delete marker.

        The latest comes first. The others are sorted by what they hold, as S3 tells their times in seconds.
        """
        found: dict[str, list[bytes | None]] = {}
        for version in self.objects.versions(bucket or self.bucket, ""):
            found.setdefault(version.key, []).append(None if version.is_delete_marker else self._body(version))
        return {key: [bodies[0], *sorted(bodies[1:], key=repr)] for key, bodies in found.items()}

    def _body(self, version: Any) -> bytes:
        return self.objects.open_range(
            version.bucket, version.key, version_id=version.version_id, start=0, length=1_000
        )

    def latest(self, path: str, *, asset: tuple[str, str] = SHOT) -> str | None:
        """The version that the log has on top of a path; None where it has no file."""
        file = self.ledger.load(FILES, *asset, path).state
        return None if file is None or file.moved_to else file.latest.s3_version_id

    def top(self, path: str, *, asset: tuple[str, str] = SHOT) -> str:
        """The version that the store has on top."""
        return self.objects.head(self.bucket, f"library/{asset[1]}/{path}").version_id

    def failures(self, transfer_id: str = "t1") -> dict[int, str]:
        """Why files stayed, by their place in the request."""
        events = [event for event in self.events() if type(event).__name__ == "FileTransferAdvanced"]
        mine: Iterable[Any] = (event for event in events if getattr(event, "transfer_id", "") == transfer_id)
        return {failure.number: str(failure.code) for event in mine for failure in event.failures}

    def is_over(self, transfer_id: str = "t1") -> bool:
        return not load_transfer(self.ledger, transfer_id)[1].is_open

    def events(self) -> list[Event]:
        log = self.ledger.recorder.select_notifications(None, 1_000_000)
        return [recorded(notification).event for notification in log]


class Interrupted(Exception):
    """Stands for the death of a process in the middle of a call."""


class Interrupting:
    """An object store that dies before or after every n-th of its changes, as often as it is told to."""

    def __init__(self, objects: ObjectStore, *, calls: int, is_done_first: bool) -> None:
        self._objects = objects
        self._calls = calls
        self._left = calls
        self._is_done_first = is_done_first
        self.deaths = 0

    def __getattr__(self, name: str) -> Any:
        method: Callable[..., Any] = getattr(self._objects, name)
        return self._dying(method) if name in ("copy", "delete", "delete_version") else method

    def _dying(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self._left -= 1
            if self._left > 0:
                return method(*arguments, **options)
            self._left = self._calls
            self.deaths += 1
            if self._is_done_first:
                method(*arguments, **options)
            raise Interrupted

        return call
