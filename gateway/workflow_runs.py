"""Builds what runs workflows: queues of their own, so that long steps hold up neither media nor timers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.event import Recorded
from domain.ledger import recorded
from domain.pipelines.rules import PipelinePolicy
from gateway.errors import code_of
from gateway.ledger.opening import OpenLedger
from gateway.settings import Settings
from processors.jobs.queue import PATIENT, JobQueue
from processors.media.conversion import ENTRY
from processors.media.sandbox import MediaSandbox
from processors.notifications.signing import SigningKeys
from processors.notifications.webhook import WebhookSender
from processors.objects.store import ObjectStore
from processors.workflows import tables
from processors.workflows.answers import Answers
from processors.workflows.built_in import BuiltInRunner
from processors.workflows.callbacks import Callbacks
from processors.workflows.child import GROUP
from processors.workflows.consumer import WorkflowProcessor
from processors.workflows.endpoint import CallbackTokens, EndpointCaller
from processors.workflows.finishing import Finishing
from processors.workflows.jobs import STEPS, TIMERS, TRIGGERS
from processors.workflows.process import PythonRunner
from processors.workflows.staging import Staging
from processors.workflows.timers import TimerWorker
from processors.workflows.triggers import TriggerWorker
from processors.workflows.work import Runners, StepWorker


@dataclass(frozen=True)
class WorkflowRuns:
    """The parts of workflows that a process works with."""

    policy: PipelinePolicy
    steps: JobQueue
    timers: JobQueue
    follower: WorkflowProcessor
    callbacks: Callbacks


@dataclass(frozen=True)
class Surroundings:
    """What workflows are run with."""

    log: OpenLedger
    pool: ConnectionPool[Connection[Any]]
    objects: ObjectStore
    pictures: MediaSandbox
    keys: SigningKeys
    scratch: Path
    public_url: str


@contextmanager
def open_workflow_runs(settings: Settings, database_url: str, around: Surroundings) -> Iterator[WorkflowRuns]:
    """Make the tables of workflows and the parts."""
    ledger, pool = around.log.ledger, around.pool
    policy = policy_of(settings)
    staging = Staging(ledger, around.objects)
    answers = Answers(ledger, around.objects, staging, pool)
    tokens = CallbackTokens(around.keys.server_secret)
    with MediaSandbox(entry=ENTRY) as conversions:
        runners = Runners(
            built_in=BuiltInRunner(around.pictures, conversions),
            python=PythonRunner(policy.python_entry_points, settings.pipeline_memory_mib << 20),
            http=EndpointCaller(
                sender=WebhookSender(allows_local=settings.local_webhooks),
                keys=around.keys,
                tokens=tokens,
                objects=around.objects,
                public_url=around.public_url,
            ),
        )
        worker = StepWorker(
            ledger=ledger,
            objects=around.objects,
            pool=pool,
            runners=runners,
            answers=answers,
            finishing=Finishing(ledger, around.objects, staging),
            staging=staging,
            scratch=around.scratch,
        )
        steps = JobQueue(database_url, {STEPS: worker}, retry=PATIENT)
        timers = _timers(database_url, around)
        with pool.connection() as connection:
            tables.migrate(connection)
        follower = WorkflowProcessor(ledger, steps, timers)
        yield WorkflowRuns(policy, steps, timers, follower, Callbacks(ledger, pool, tokens, answers))


def policy_of(settings: Settings) -> PipelinePolicy:
    """What pipelines may run here: what the settings name, and what installed packages declare."""
    declared = {entry.name for entry in entry_points(group=GROUP)}
    return PipelinePolicy(
        python_entry_points=frozenset({*settings.python_pipelines, *declared}),
        allows_local_endpoints=settings.local_webhooks,
    )


def _timers(database_url: str, around: Surroundings) -> JobQueue:
    """The queue of timers and triggers, whose workers put jobs into it themselves."""
    queue: JobQueue

    def own() -> JobQueue:
        return queue

    def event_at(position: int) -> Recorded:
        (notification,) = around.log.recorder.select_notifications(position, 1)
        return recorded(notification)

    queue = JobQueue(
        database_url,
        {
            TIMERS: TimerWorker(around.log.ledger, around.pool, own),
            TRIGGERS: TriggerWorker(around.log.ledger, event_at, around.pool, own, lambda error: code_of(error).value),
        },
    )
    return queue
