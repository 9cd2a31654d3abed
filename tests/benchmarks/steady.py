"""A program that registers files at a steady pace through the real commands, and says when each was committed."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from domain.assets.commands import create_asset
from domain.buckets.commands import register_bucket
from domain.cause import ActorKind, Cause, Order
from domain.databases.commands import create_database
from domain.files.commands import ObservedFile, register_files
from domain.files.events import StoredObject
from domain.ledger import Ledger
from gateway.ledger.opening import open_ledger

DATABASE = "steady"
EVENTS_PER_SECOND, FILES, WRITERS = 500, 5, 4
PERIOD_SECONDS = FILES / EVENTS_PER_SECOND


@dataclass(frozen=True)
class Committed:
    """The last file of one command, with its position and the monotonic time just after its commit."""

    position: int
    at: float
    asset_id: str
    path: str

    @property
    def file_name(self) -> str:
        """Without the folder."""
        return self.path.rpartition("/")[2]


def read_committed(line: str) -> Committed:
    """What write() printed."""
    position, at, asset_id, path = line.split()
    return Committed(int(position), float(at), asset_id, path)


def order() -> Order:
    """A new order of a user."""
    return Order(cause=Cause(actor_kind=ActorKind.USER, actor_id="b", correlation_id="b", at=datetime.now(UTC)))


def observed(asset_id: str, path: str) -> ObservedFile:
    """A file that nobody makes pictures of."""
    stored = StoredObject(
        s3_bucket="assets",
        s3_key=f"{asset_id}/{path}",
        s3_version_id="1",
        size_bytes=1,
        etag="e",
        last_modified=datetime.now(UTC),
        content_type="application/octet-stream",
    )
    return ObservedFile(path, stored)


def prepare(ledger: Ledger) -> None:
    """A database, and an asset for each writer."""
    bucket = register_bucket(ledger, "assets", base_assets_prefix="/", order=order())
    create_database(
        ledger, DATABASE, description="made by a benchmark", default_bucket_id=bucket.result["bucketId"], order=order()
    )
    for writer in range(WRITERS):
        create_asset(
            ledger,
            DATABASE,
            f"asset-{writer}",
            asset_name="steady",
            description="made by a benchmark",
            is_distributable=True,
            order=order(),
        )


def write(ledger: Ledger, seconds: float, *, folder: str) -> None:
    """Each writer carries out the commands that are its turn, each at its time, and prints a line for each."""
    began, commands = time.monotonic(), int(seconds / PERIOD_SECONDS)

    def one(writer: int) -> None:
        for number in range(writer, commands, WRITERS):
            time.sleep(max(0.0, began + number * PERIOD_SECONDS - time.monotonic()))
            asset_id, paths = f"asset-{writer}", list(_paths(folder, number))
            files = [observed(asset_id, path) for path in paths]
            outcome = register_files(ledger, DATABASE, asset_id, files=files, order=order())
            sys.stdout.write(f"{outcome.position} {time.monotonic()} {asset_id} {paths[-1]}\n")
            sys.stdout.flush()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(one, range(WRITERS)))


def _paths(folder: str, number: int) -> Iterator[str]:
    frames = count(number * FILES)
    return (f"{folder}/{folder}_{next(frames):07}.bgeo" for _ in range(FILES))


if __name__ == "__main__":
    with open_ledger(sys.argv[1], pool_size=WRITERS + 2) as opened:
        write(opened.ledger, float(sys.argv[2]), folder=sys.argv[3])
