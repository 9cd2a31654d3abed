"""A process that completes an upload and is killed by itself once the store has assembled some of the files."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from domain.cause import ActorKind, Cause, Order
from gateway.ledger.opening import open_ledger
from processors.objects.local import LocalObjectStore
from processors.objects.store import ObjectVersion
from processors.uploads.complete import SentFile, complete


class Deadly(LocalObjectStore):
    """Ends this process when it has assembled so many objects."""

    left = 0
    _counting = Lock()

    def complete_multipart(
        self, bucket: str, key: str, *, multipart_id: str, parts: Sequence[tuple[int, str]]
    ) -> ObjectVersion:
        version = super().complete_multipart(bucket, key, multipart_id=multipart_id, parts=parts)
        with self._counting:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return version


def main(database_url: str, root: str, sent: str, survivors: str) -> None:
    """Complete `upload-1` with the sent files as JSON; is killed after that many objects."""
    store = Deadly(Path(root), "http://localhost", b"s" * 32)
    store.left = int(survivors)
    files = [SentFile(path, tuple((number, etag) for number, etag in parts)) for path, parts in json.loads(sent)]
    cause = Cause(actor_kind=ActorKind.USER, actor_id="ada", correlation_id="c", at=datetime.now(UTC))
    with open_ledger(database_url) as log:
        complete(log.ledger, store, "upload-1", files=files, order=Order(cause=cause))


if __name__ == "__main__":
    main(*sys.argv[1:])
