"""A deployment of real parts: PostgreSQL, OpenSearch, S3, VAST DB, a proxy, two gateways and three workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.vastdb_emulator import process as emulator
from deploy.vastdb_emulator.process import EmulatorProcess
from tests.contracts.object_stores import ACCESS_KEY, SECRET_KEY, running_versitygw
from tests.deploy.proxy import free_port, proxied
from tests.deploy.units import Service, read_unit, settings
from tests.doubles.opensearch import running_node
from tests.system.client import Client

GATEWAYS, WORKERS = 2, 3


@dataclass(frozen=True)
class Fleet:
    """What runs."""

    url: str
    """Of the proxy."""
    gateways: tuple[Service, ...]
    workers: tuple[Service, ...]

    @property
    def services(self) -> tuple[Service, ...]:
        """Every process of interneg."""
        return (*self.workers, *self.gateways)

    @property
    def authorization(self) -> dict[str, str]:
        """What a client shows."""
        return {"authorization": f"Bearer {settings()['INTERNEG_API_KEY']}"}

    @contextmanager
    def client(self) -> Iterator[Client]:
        """A client with the key."""
        with httpx.Client(timeout=60, headers=self.authorization) as http:
            yield Client(self.url, http)


@contextmanager
def deployed(directory: Path, database_url: str, program: str) -> Iterator[Fleet]:
    """Everything started at once on empty services, by the units and settings of deploy/systemd."""
    with ExitStack() as stack:
        ports = (free_port(), free_port())
        search = stack.enter_context(running_node())
        objects = stack.enter_context(running_versitygw(directory / "s3", "--keep-alive"))
        vast = stack.enter_context(EmulatorProcess(directory / "vast", arguments=("--bucket", "interneg")))
        url = stack.enter_context(proxied(directory / "proxy", ports))
        changes = {
            "INTERNEG_DATABASE_URL": database_url,
            "INTERNEG_OPENSEARCH_URL": search.url,
            "INTERNEG_OPENSEARCH_REPLICAS": "0",
            "INTERNEG_S3_ENDPOINT_URL": objects,
            "INTERNEG_S3_ACCESS_KEY": ACCESS_KEY,
            "INTERNEG_S3_SECRET_KEY": SECRET_KEY,
            "INTERNEG_VASTDB_ENDPOINT": vast.endpoint,
            "INTERNEG_VASTDB_ACCESS_KEY": emulator.ACCESS_KEY,
            "INTERNEG_VASTDB_SECRET_KEY": emulator.SECRET_KEY,
            "INTERNEG_PUBLIC_URL": url,
        }
        gateways = tuple(Service(read_unit("serve"), str(port), directory, changes) for port in ports)
        workers = tuple(Service(read_unit("work"), str(n + 1), directory, changes) for n in range(WORKERS))
        for service in (*gateways, *workers):
            stack.callback(service.kill)
        begun = [(one, stack.enter_context(one.begin(program))) for one in (*gateways, *workers)]
        for service, notified in begun:
            service.wait_ready(notified)
        yield Fleet(url, gateways, workers)
