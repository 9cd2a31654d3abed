"""The composition root: everything alive is built here, handed on, and closed in reverse."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from threading import Event, Thread
from typing import Any

from domain.buckets.commands import register_bucket
from domain.cause import ActorKind, Cause, Order
from domain.limits import Limits
from gateway import data_dir, database
from gateway.columnar import prints_of
from gateway.consumers import positions
from gateway.consumers.contracts import Follower, Projection
from gateway.consumers.prints import Part, ensure_print, restrike
from gateway.consumers.runner import run
from gateway.consumers.status import status
from gateway.consumers.waiting import Positions
from gateway.deliveries import Deliveries, open_deliveries
from gateway.ledger import schema as ledger_schema
from gateway.ledger.broadcast import Broadcast
from gateway.ledger.datastore import attentive
from gateway.ledger.opening import OpenLedger, open_ledger
from gateway.reads.run import Reader
from gateway.rebuilds import RebuildFollower, RebuildWorker
from gateway.search.backends import OpenSearchAnswers, postgres_answers
from gateway.services import Services
from gateway.settings import Settings
from gateway.workflow_runs import Surroundings, WorkflowRuns, open_workflow_runs
from processors.bucket_sync import tables as bucket_sync_tables
from processors.bucket_sync.consumer import BucketSyncFollower
from processors.bucket_sync.sync import BucketSync
from processors.jobs.queue import Handler, JobQueue
from processors.lifecycle import paths
from processors.lifecycle.consumer import LifecycleProcessor
from processors.lifecycle.workers import lifecycle_workers
from processors.media.consumer import MediaProcessor
from processors.media.sandbox import MediaSandbox
from processors.media.work import MediaWorker
from processors.objects.local import LocalObjectStore
from processors.objects.s3 import S3Connection, connect
from processors.objects.secret import load_or_create_secret
from processors.objects.store import ObjectStore
from processors.uploads.consumer import EXPIRIES, REMAINS, UploadProcessor
from processors.uploads.ending import ExpiryWorker, RemainsWorker
from projections.columnar.projection import ColumnarProjection
from projections.columnar.store import ColumnarStore
from projections.search.opensearch.indices import Indices, OpenSearchConfig
from projections.search.opensearch.projection import OpenSearchProjection
from projections.search.projection import SearchProjection
from projections.vams.projection import TablesProjection

logger = logging.getLogger(__name__)

BASE_PREFIX = "/"
SEARCH_THREADS = 8
"""Questions to OpenSearch at the same time. Not the command threads: one that hangs must not hold up a command."""
TIMER_JOBS = 2
"""Timers and triggers of workflows that run at the same time in one process; each is short."""


@dataclass(frozen=True)
class Parts:
    """What every process works with, whether it serves, works or only runs one command."""

    settings: Settings
    database_url: str
    log: OpenLedger
    pool: Any
    objects: ObjectStore
    projections: Mapping[str, Projection]
    queue: JobQueue
    handlers: Mapping[str, Handler]
    deliveries: Deliveries
    workflow_runs: WorkflowRuns
    followers: tuple[Follower, ...]


@contextmanager
def parts(settings: Settings, database_url: str, *, public_url: str) -> Iterator[Parts]:
    """Open the log, the object store and the queue of this database, which is migrated first."""
    database_url = attentive(database_url)
    with ExitStack() as stack:
        ledger_schema.migrate(database_url)
        pool = stack.enter_context(database.pool(database_url))
        positions.migrate(pool)
        limits = Limits(metadata_entries=settings.metadata_entries)
        log = stack.enter_context(open_ledger(database_url, pool_size=settings.command_threads + 4, limits=limits))
        objects = object_store(settings, public_url)
        if isinstance(objects, LocalObjectStore):
            stack.callback(objects.close)
        projections = projections_of(settings)
        search = projections["search"]
        if isinstance(search, OpenSearchProjection):
            stack.callback(search.indices.close)
        rebuilds = RebuildWorker(projections, log.feed, pool)
        sandbox = stack.enter_context(MediaSandbox())
        scratch = stack.enter_context(data_dir.scratch(settings.data_dir))
        handlers: dict[str, Handler] = {
            "media": MediaWorker(log.ledger, objects, sandbox, scratch=scratch),
            "rebuilds": rebuilds,
            EXPIRIES: ExpiryWorker(log.ledger),
            REMAINS: RemainsWorker(log.ledger, objects),
            **lifecycle_workers(log.ledger, objects, pool),
        }
        queue = JobQueue(database_url, handlers)
        with pool.connection() as connection:
            queue.migrate(connection)
            paths.migrate(connection)
            bucket_sync_tables.migrate(connection)
        deliveries = open_deliveries(settings, database_url, log=log, pool=pool)
        around = Surroundings(log, pool, objects, sandbox, deliveries.keys, scratch, public_url)
        workflow_runs = stack.enter_context(open_workflow_runs(settings, database_url, around))
        followers: tuple[Follower, ...] = (
            *projections.values(),
            MediaProcessor(log.ledger, queue),
            LifecycleProcessor(queue),
            UploadProcessor(queue),
            BucketSyncFollower(),
            RebuildFollower(queue),
            deliveries.follower,
            workflow_runs.follower,
        )
        yield Parts(
            settings=settings,
            database_url=database_url,
            log=log,
            pool=pool,
            objects=objects,
            projections=projections,
            queue=queue,
            handlers=handlers,
            deliveries=deliveries,
            workflow_runs=workflow_runs,
            followers=followers,
        )


def object_store(settings: Settings, public_url: str) -> ObjectStore:
    """The S3 endpoint of the settings, or the versioned directory in the data directory."""
    if not settings.s3_endpoint_url:
        root = settings.data_dir / "objects"
        return LocalObjectStore(root, public_url, load_or_create_secret(settings.data_dir / "objects.secret"))
    return connect(
        S3Connection(
            endpoint_url=settings.s3_endpoint_url,
            public_endpoint_url=settings.s3_public_endpoint_url or None,
            access_key_id=settings.s3_access_key or None,
            secret_access_key=settings.s3_secret_key or None,
            region_name=settings.s3_region,
        )
    )


def projections_of(settings: Settings) -> dict[str, Projection]:
    """Every projection by name."""
    found: tuple[Projection, ...] = (
        TablesProjection(),
        search_projection(settings),
        ColumnarProjection(prints_of(settings)),
    )
    return {projection.name: projection for projection in found}


def search_projection(settings: Settings) -> SearchProjection:
    """The print in Postgres, mirrored into OpenSearch when the settings name one."""
    if not settings.opensearch_url:
        return SearchProjection()
    config = OpenSearchConfig(
        settings.opensearch_url, prefix=settings.opensearch_prefix, replicas=settings.opensearch_replicas
    )
    return OpenSearchProjection(Indices(config))


def prepare(open_parts: Parts, *, part: Part = Part.NEITHER, names: tuple[str, ...] = ()) -> str:
    """Make the bucket and the first prints; rebuild prints that older code made. Returns the default bucket's id.

    A process that FOLLOWS leaves the prints of its followers (all, or those named) to working().
    """
    settings = open_parts.settings
    open_parts.objects.ensure_bucket(settings.bucket)
    cause = Cause(actor_kind=ActorKind.SYSTEM, actor_id="start", correlation_id="start", at=datetime.now(UTC))
    outcome = register_bucket(
        open_parts.log.ledger, settings.bucket, base_assets_prefix=BASE_PREFIX, order=Order(cause=cause)
    )
    for follower in open_parts.followers:
        if part is not Part.FOLLOWS or (names and follower.name not in names):
            other = Part.NEITHER if part is Part.FOLLOWS else part
            ensure_print(follower, open_parts.log.feed, open_parts.pool, part=other)
    return outcome.result["bucketId"]


@contextmanager
def working(open_parts: Parts, names: tuple[str, ...] = ()) -> Iterator[None]:
    """Run followers and jobs in threads: all of them, or those named. Each follower runs as soon as its print is there.

    The block begins when all prints are there. Raises what kept one from it.
    """
    stop = Event()
    ready: dict[str, Future[None]] = {follower.name: Future() for follower in open_parts.followers}
    threads = [
        Thread(target=target, name=name, daemon=True)
        for name, target in _targets(open_parts, stop, ready).items()
        if not names or name in names
    ]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            if thread.name in ready:
                ready[thread.name].result()
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _targets(open_parts: Parts, stop: Event, ready: Mapping[str, Future[None]]) -> dict[str, Callable[[], None]]:
    targets: dict[str, Callable[[], None]] = {
        follower.name: partial(_follow, open_parts, follower, stop, ready=ready[follower.name])
        for follower in open_parts.followers
    }
    settings = open_parts.settings
    return {
        **targets,
        "jobs": partial(open_parts.queue.work, stop, concurrency=settings.media_jobs),
        "deliveries": partial(open_parts.deliveries.queue.work, stop, concurrency=settings.delivery_jobs),
        "workflow-steps": partial(open_parts.workflow_runs.steps.work, stop, concurrency=settings.workflow_jobs),
        "workflow-timers": partial(open_parts.workflow_runs.timers.work, stop, concurrency=TIMER_JOBS),
    }


def _follow(open_parts: Parts, follower: Follower, stop: Event, *, ready: Future[None]) -> None:
    feed, pool = open_parts.log.feed, open_parts.pool
    try:
        ensure_print(follower, feed, pool, part=Part.FOLLOWS)
    except Exception as error:  # noqa: BLE001 - raised where the result is asked for
        ready.set_exception(error)
        return
    ready.set_result(None)
    run(follower, feed, pool, stop=stop, strike=partial(restrike, follower, feed, pool))


def _job_failure(open_parts: Parts) -> str | None:
    runs = open_parts.workflow_runs
    queues = (open_parts.queue, open_parts.deliveries.queue, runs.steps, runs.timers)
    return next((queue.failure for queue in queues if queue.failure), None)


def _columnar(open_parts: Parts) -> ColumnarStore:
    projection = open_parts.projections[ColumnarProjection.name]
    assert isinstance(projection, ColumnarProjection)
    with open_parts.pool.connection() as connection:
        return projection.open_live(connection)


@asynccontextmanager
async def services(open_parts: Parts, *, default_bucket_id: str) -> AsyncIterator[Services]:
    """What the gateway's routes and resolvers use, on the running event loop."""
    settings = open_parts.settings
    broadcast = Broadcast(open_parts.log.feed)
    reads = database.read_pool(open_parts.database_url, settings)
    with (
        Positions(open_parts.pool) as reached,
        ThreadPoolExecutor(settings.command_threads) as commands,
        ThreadPoolExecutor(SEARCH_THREADS, thread_name_prefix="opensearch") as searches,
    ):
        async with reads:
            try:
                reader = Reader(reads, open_parts.objects.sign_download)
                search = open_parts.projections["search"]
                yield Services(
                    settings=settings,
                    ledger=open_parts.log.ledger,
                    feed=open_parts.log.feed,
                    broadcast=broadcast,
                    positions=reached,
                    pool=open_parts.pool,
                    reader=reader,
                    objects=open_parts.objects,
                    search=(
                        OpenSearchAnswers(search.indices, reader, searches)
                        if isinstance(search, OpenSearchProjection)
                        else partial(postgres_answers, reader)
                    ),
                    columnar=partial(_columnar, open_parts),
                    commands=commands,
                    default_bucket_id=default_bucket_id,
                    projections=open_parts.projections,
                    status=partial(status, open_parts.log.feed, open_parts.pool),
                    queue=open_parts.queue,
                    job_failure=partial(_job_failure, open_parts),
                    delivery_policy=open_parts.deliveries.policy,
                    signing_keys=open_parts.deliveries.keys,
                    pipeline_policy=open_parts.workflow_runs.policy,
                    callbacks=open_parts.workflow_runs.callbacks,
                    bucket_sync=BucketSync(open_parts.log.ledger, open_parts.objects, open_parts.pool),
                )
            finally:
                broadcast.close()
                await asyncio.sleep(0)
