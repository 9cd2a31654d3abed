"""Clients that load a library through failures: every call is repeated with its key until it is acknowledged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from threading import Condition
from typing import Any

from tests.system import pictures
from tests.system.client import COMPLETE, START, Client
from tests.system.patience import PATIENCE_SECONDS, Patient

DATABASE = "drill"
ASSETS = ("many", "several", "single")
SET_METADATA = """mutation($input: SetMetadataInput!) { setMetadata(input: $input) {
  position errors { code message path } } }"""


@dataclass(frozen=True)
class Session:
    """One upload session to be carried out, and the entry of metadata set after it."""

    key: str
    asset_id: str
    files: Mapping[str, bytes]


@dataclass
class Acknowledged:
    """What the server said it has done; whatever is in here may never be lost."""

    uploads: dict[str, dict[str, str]] = field(default_factory=dict)
    """Object versions by path, by session key."""
    upload_ids: dict[str, str] = field(default_factory=dict)
    entries: set[str] = field(default_factory=set)
    position: int = 0
    calls: int = 0


def planned_sessions(random: Random) -> list[Session]:
    """200 files: one session of 60, ten of 10, thirty of one, and one that replaces 10 files of the first."""
    many = [Session("many", "many", {f"plates/{n:03}.png": pictures.png(random) for n in range(60)})]
    several = [
        Session(f"several-{n}", "several", {f"take-{n}/{i:02}.exr": pictures.exr(random) for i in range(10)})
        for n in range(10)
    ]
    single = [Session(f"single-{n}", "single", {f"still-{n:02}.png": pictures.png(random)}) for n in range(25)]
    broken = [Session(f"broken-{n}", "single", {f"broken-{n}.exr": pictures.truncated_exr(random)}) for n in range(5)]
    sessions = [*several, *single, *broken]
    random.shuffle(sessions)
    again = Session("again", "many", {f"plates/{n:03}.png": pictures.png(random) for n in range(10)})
    return [*many, *sessions, again]


def count_calls(sessions: Sequence[Session]) -> int:
    """Acknowledgements that the sessions will get: a start, each file, a completion and an entry of metadata."""
    return sum(len(session.files) + 3 for session in sessions)


class Loading:
    """Carries sessions out on several threads."""

    def __init__(self, url: str) -> None:
        self._acknowledged = Acknowledged()
        self._patient = Patient(url)
        self._changed = Condition()
        self._has_ended = False

    def close(self) -> None:
        """Let go of the connections, and of calls that are still being repeated."""
        self._patient.close()

    def run(self, sessions: Sequence[Session], *, threads: int = 6) -> None:
        """Carry out every session; the last one begins when the others have ended."""
        try:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(self._carry_out, sessions[:-1]))
            self._carry_out(sessions[-1])
        finally:
            with self._changed:
                self._has_ended = True
                self._changed.notify_all()

    def wait_for_calls(self, count: int) -> None:
        """Return when so many calls were acknowledged, or the run has ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._has_ended or self._acknowledged.calls >= count, PATIENCE_SECONDS)
            assert self._acknowledged.calls >= count or self._has_ended

    def acknowledged(self) -> Acknowledged:
        """A copy of what was acknowledged until now."""
        with self._changed:
            return deepcopy(self._acknowledged)

    def create_assets(self) -> None:
        """The assets that the sessions load files into."""
        for asset_id in ASSETS:
            self._patient.client.create_asset(DATABASE, asset_id)

    def _carry_out(self, session: Session) -> None:
        files = [{"path": path, "sizeBytes": len(body)} for path, body in session.files.items()]
        given = {"databaseId": DATABASE, "assetId": session.asset_id, "files": files}
        upload = self._mutate(START, **given, idempotencyKey=f"{session.key}/start")["upload"]
        with self._noted():
            self._acknowledged.upload_ids[session.key] = upload["uploadId"]
        sent = [self._send(file, session.files[file["path"]]) for file in upload["files"]]
        done = self._mutate(COMPLETE, uploadId=upload["uploadId"], files=sent, idempotencyKey=f"{session.key}/complete")
        with self._noted():
            versions = {file["path"]: file["s3VersionId"] for file in done["files"]}
            self._acknowledged.uploads[session.key] = versions
        self._set_entry(session)

    def _set_entry(self, session: Session) -> None:
        owner = {"databaseId": DATABASE, "assetId": session.asset_id}
        entries = [{"key": session.key, "value": "done"}]
        self._mutate(SET_METADATA, owner=owner, entries=entries, idempotencyKey=f"{session.key}/entry")
        with self._noted():
            self._acknowledged.entries.add(session.key)

    def _send(self, file: Any, body: bytes) -> dict[str, Any]:
        sent = self._patient.send(file, body)
        with self._noted():
            return sent

    def _mutate(self, document: str, **given: Any) -> Any:
        payload = self._patient.mutate(document, **given)
        with self._changed:
            self._acknowledged.position = max(self._acknowledged.position, int(payload["position"]))
        return payload

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Count one acknowledgement when the block has written it down."""
        with self._changed:
            yield
            self._acknowledged.calls += 1
            self._changed.notify_all()


def every_event(client: Client, *event_types: str) -> Iterator[Any]:
    """Events of these types in the whole log, in order."""
    document = """query($after: Position, $filter: EventFilter) { events(after: $after, filter: $filter, first: 1000) {
      edges { node { position eventType databaseId assetId path correlationId payload } }
      pageInfo { hasNextPage endCursor } } }"""
    after = "0"
    while True:
        page = client.one(document, after=after, filter={"eventTypes": list(event_types)})
        yield from (edge["node"] for edge in page["edges"])
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]
