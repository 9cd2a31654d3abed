"""A second process that writes the tables of files while its owner writes the others.

One Python folds on one processor only. Nothing depends on it: what it did not write, its owner writes. When that
ends, however it ends, so does this.
"""

from __future__ import annotations

import gc
import logging
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping
from itertools import chain
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from operator import attrgetter
from uuid import UUID

import msgspec
import pyarrow as pa

from domain.cause import Cause
from domain.event import Event, Recorded
from projections.columnar.duckdb_delta.config import DuckDBParquetConfig
from projections.columnar.duckdb_delta.filling import Chain, chain_from, fill
from projections.columnar.duckdb_delta.pinned import SeenSnapshots
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.rows.fold import FILE_EVENTS, FILE_TABLES, file_sheets
from projections.columnar.rows.kinds import Batch

YOUNG_OBJECTS = 200_000
"""See gateway.consumers.rebuild: a batch is looked at by the collector of cycles once, not hundreds of times."""
DECODERS = [
    msgspec.json.Decoder(list[tuple[int, UUID, int, Cause, kind]])  # type: ignore[valid-type]
    for kind in FILE_EVENTS
]
END_SECONDS = 30.0

Versions = Mapping[str, int]
Request = tuple[str, Versions, list[bytes]]
"""The root of the print, its versions before the batch, and the batch's events of each kind of FILE_EVENTS."""

logger = logging.getLogger(__name__)


class Aside:
    """The owner's side: one batch at a time, `begin` and then `end`."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        program = [sys.executable, "-m", __name__, str(theirs.fileno())]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            program, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
        )
        theirs.close()

    def begin(self, root: str, versions: Versions, batch: Batch) -> None:
        """Let it write what the batch says of files on top of these versions of the print below the root."""
        try:
            self._pipe.send((root, versions, _told(batch)))
        except OSError as error:
            logger.warning("The second process cannot be told of a batch: %s", error)

    def end(self) -> Versions | None:
        """The versions of the tables of files, once they are written; None when it failed or was killed."""
        try:
            answer: Versions | str = self._pipe.recv()
        except (OSError, EOFError):
            answer = f"it ended with status {self._process.wait()}"
        if isinstance(answer, str):
            logger.warning("The second process did not write its tables, which are written here: %s", answer)
            return None
        return answer

    def close(self) -> None:
        """End it; what it still writes is asked for by nobody, so it is killed when it does not end by itself."""
        self._pipe.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _told(batch: Batch) -> list[bytes]:
    """The events of each kind, to read with DECODERS."""
    told: dict[type[Event], list[tuple[object, ...]]] = {kind: [] for kind in FILE_EVENTS}
    for entry, payload in zip(batch.entries, batch.payloads, strict=True):
        entries = told.get(type(entry.event))
        if entries is not None:
            entries.append((entry.position, entry.stream_id, entry.revision, entry.cause, msgspec.Raw(payload)))
    return [msgspec.json.encode(entries) for entries in told.values()]


class Writer:
    """The process's side."""

    def __init__(self) -> None:
        self._root = ""
        self._chain: Chain | None = None

    def write(self, request: Request) -> Versions:
        """Write what a request asks for; the versions of the tables of files afterwards."""
        root, versions, told = request
        entries = chain.from_iterable(decoder.decode(told.pop(0)) for decoder in DECODERS)
        batch = Batch(sorted((Recorded(*entry) for entry in entries), key=attrgetter("position")))
        going_on = self._going_on(root, versions)
        fill(going_on, file_sheets(batch, going_on.store, going_on.seen))
        return {table: going_on.versions[table] for table in FILE_TABLES}

    def _going_on(self, root: str, versions: Versions) -> Chain:
        """The chain of the last batch, if the owner goes on from there."""
        known = self._chain
        if known is None or root != self._root or any(known.versions[name] != versions[name] for name in FILE_TABLES):
            self._root = root
            store = DuckDBParquetStore(DuckDBParquetConfig(root))
            known = self._chain = chain_from(store, versions, SeenSnapshots())
        known.versions.update(versions)
        return known


def main(handle: str) -> None:
    """Answer requests on the inherited socket until nobody is at its other end."""
    # A terminal interrupts both processes; the owner decides what that means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(YOUNG_OBJECTS)
    # Gives back what it does not use, where Arrow's own would keep it for a next time that is long after.
    pa.set_memory_pool(pa.system_memory_pool())
    writer = Writer()
    with Connection(int(handle)) as owner:
        while True:
            try:
                request = owner.recv()
            except (EOFError, OSError):
                return
            owner.send(_answer(writer, request))


def _answer(writer: Writer, request: Request) -> Versions | str:
    try:
        return writer.write(request)
    except Exception:  # noqa: BLE001
        # The owner does the same work next, and meets what is wrong itself.
        return traceback.format_exc()


if __name__ == "__main__":
    main(sys.argv[1])
