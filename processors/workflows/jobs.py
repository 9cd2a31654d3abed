"""The jobs of workflows, and the cause of what they record."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from domain.cause import ActorKind, Cause, Order
from domain.executions.execution import Attempt

NAME = "workflows"
STEPS = "workflow-steps"
"""The name of the jobs that run a step, or record the outputs after the last one."""
TIMERS = "workflow-timers"
"""The name of the jobs that look whether a step has taken or been silent for too long."""
TRIGGERS = "workflow-triggers"
"""The name of the jobs that start a workflow for a file."""


class StepJob(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue keeps of an attempt at a step. `position` is where the log has the execution's request."""

    execution_id: str
    attempt: int
    step: int
    position: int
    correlation_id: str

    @property
    def at(self) -> Attempt:
        """The attempt."""
        return Attempt(self.attempt, self.step)

    def order(self) -> Order:
        """The order of what the job records: it answers the execution's request."""
        return answering(self.position, self.correlation_id)


class TimerJob(StepJob, frozen=True, kw_only=True):
    """What the queue keeps of a timer."""

    started_at: datetime
    is_heartbeat: bool


class TriggerJob(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue keeps of a file that starts a workflow. `position` is that of the file's event."""

    position: int
    correlation_id: str
    workflow_database_id: str
    workflow_id: str
    lineage: list[str]


def answering(position: int, correlation_id: str) -> Order:
    """The order of a command that answers the event at this position."""
    cause = Cause(
        actor_kind=ActorKind.PROCESSOR,
        actor_id=NAME,
        correlation_id=correlation_id,
        at=datetime.now(UTC),
        causation_position=position,
    )
    return Order(cause=cause)
