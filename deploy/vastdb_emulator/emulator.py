"""The emulator put together: a directory, the transactions on it, and the server that answers for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.vastdb_emulator.commands import routes
from deploy.vastdb_emulator.commands.call import Call, Server
from deploy.vastdb_emulator.objects.object_store import ObjectStore
from deploy.vastdb_emulator.store.disk import Disk
from deploy.vastdb_emulator.store.system_tables import with_system_tables
from deploy.vastdb_emulator.store.transactions import Transactions
from deploy.vastdb_emulator.transport.faults import FaultPlan, Injection
from deploy.vastdb_emulator.transport.messages import Request, Response
from deploy.vastdb_emulator.transport.server import EmulatorServer

RELEASES = {"5.4": "5.4.0.0", "5.5": "5.5.0.0"}


@dataclass(frozen=True)
class Options:
    """How an emulator is run; `port` 0 takes a free one, a transaction unused for `timeout_seconds` is rolled back."""

    directory: Path
    secrets: dict[str, str]
    host: str = "127.0.0.1"
    port: int = 0
    version: str = "5.5"
    buckets: tuple[str, ...] = ()
    faults: tuple[Injection, ...] = field(default_factory=tuple)
    timeout_seconds: float = 120.0


@contextmanager
def emulator(options: Options) -> Iterator[EmulatorServer]:
    """A server on the directory, listening but not yet serving; DirectoryInUse while another one has it."""
    disk = Disk(options.directory)
    catalog = with_system_tables(disk.load())
    for bucket in options.buckets:
        catalog = catalog.with_bucket(bucket)
    major, minor = (int(part) for part in options.version.split("."))
    parts = Server(
        version=(major, minor),
        transactions=Transactions(catalog, disk.save, timeout_seconds=options.timeout_seconds),
        objects=ObjectStore(options.directory / "objects"),
    )

    def answer(request: Request) -> Response:
        return routes.answer(Call(request, parts))

    with EmulatorServer(
        (options.host, options.port),
        answer,
        release=RELEASES[options.version],
        secrets=options.secrets,
        faults=FaultPlan(options.faults),
    ) as server:
        yield server
    disk.close()
