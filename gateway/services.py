"""The live objects of one gateway process, built once in composition.py and handed to everything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from psycopg_pool import ConnectionPool

from domain.pipelines.rules import PipelinePolicy
from domain.subscriptions.targets import DeliveryPolicy
from gateway.consumers.status import Status
from gateway.consumers.waiting import Positions
from gateway.ledger.broadcast import Broadcast
from gateway.ledger.feed import Feed
from gateway.ledger.opening import PostgresLedger
from gateway.reads.run import Reader
from gateway.settings import Settings
from processors.bucket_sync.sync import BucketSync
from processors.jobs.queue import JobQueue
from processors.notifications.signing import SigningKeys
from processors.objects.store import ObjectStore
from processors.workflows.callbacks import Callbacks
from projections.columnar.store import ColumnarStore
from projections.search.queries import SearchPage, SearchQuery


@dataclass(frozen=True)
class Services:
    """Everything a resolver or route may use."""

    settings: Settings
    ledger: PostgresLedger
    feed: Feed
    broadcast: Broadcast
    positions: Positions
    pool: ConnectionPool[Any]
    reader: Reader
    objects: ObjectStore
    search: Callable[[SearchQuery], Awaitable[SearchPage]]
    columnar: Callable[[], ColumnarStore]
    """The live columnar store; asked for at each use, because a rebuild replaces it."""
    commands: ThreadPoolExecutor
    default_bucket_id: str
    projections: Mapping[str, Any]
    status: Callable[[], list[Status]]
    queue: JobQueue
    job_failure: Callable[[], str | None]
    """Why this process runs no jobs; None while it does, or leaves them to others."""
    delivery_policy: DeliveryPolicy
    signing_keys: SigningKeys
    pipeline_policy: PipelinePolicy
    callbacks: Callbacks
    bucket_sync: BucketSync

    async def reached(self, position: int, follower: str = "tables") -> bool:
        """Whether reads show everything up to the position, after waiting `read_wait_seconds` at most."""
        return await self.positions.wait_async(follower, position, self.settings.read_wait_seconds)
