"""Commands that report what became of a step; what is reported of an attempt that is closed records nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from domain.cause import Order
from domain.executions.commands import load_execution, releases
from domain.executions.events import (
    ExecutionFile,
    WorkflowExecutionEvent,
    WorkflowExecutionFailed,
    WorkflowExecutionTimedOut,
    WorkflowStepProgressed,
    WorkflowStepStarted,
    WorkflowStepSucceeded,
)
from domain.executions.execution import Attempt, Execution
from domain.files.events import StoredObject
from domain.ledger import Ledger
from domain.stream import Change, Decision, Outcome

MAX_MESSAGE_LENGTH = 4_000
ACCEPTED = {"accepted": "yes"}
"""The result of a report that counted."""


@dataclass(frozen=True)
class Failure:
    """Why a step made nothing: a code for programs, a message for people, and what the pipeline printed."""

    code: str
    message: str
    log: StoredObject | None = None


def record_step_started(ledger: Ledger, execution_id: str, attempt: Attempt, *, order: Order) -> Outcome:
    """Record that the step is being run; nothing when that is known."""

    def events(execution: Execution) -> Iterable[WorkflowExecutionEvent]:
        if not execution.is_step_started:
            yield WorkflowStepStarted(**execution.key, attempt=attempt.attempt, step=attempt.step)

    return _report(ledger, execution_id, attempt, events, order=order)


def record_step_progress(
    ledger: Ledger, execution_id: str, attempt: Attempt, *, percent: int | None, message: str | None, order: Order
) -> Outcome:
    """Record how far the step is; nothing when it says what it said before."""
    said = (percent, None if message is None else message[:MAX_MESSAGE_LENGTH])

    def events(execution: Execution) -> Iterable[WorkflowExecutionEvent]:
        if execution.progress != said:
            yield WorkflowStepProgressed(
                **execution.key, attempt=attempt.attempt, step=attempt.step, percent=said[0], message=said[1]
            )

    return _report(ledger, execution_id, attempt, events, order=order)


def record_step_success(
    ledger: Ledger,
    execution_id: str,
    attempt: Attempt,
    *,
    outputs: tuple[ExecutionFile, ...],
    log: StoredObject | None,
    order: Order,
) -> Outcome:
    """Record the outputs of a step, which wait in the store."""

    def events(execution: Execution) -> Iterable[WorkflowExecutionEvent]:
        yield WorkflowStepSucceeded(
            **execution.key, attempt=attempt.attempt, step=attempt.step, outputs=outputs, log=log
        )

    return _report(ledger, execution_id, attempt, events, order=order)


def record_step_failure(
    ledger: Ledger, execution_id: str, attempt: Attempt, *, failure: Failure, order: Order
) -> Outcome:
    """Record that the step, or the recording of outputs after the last one, failed, and with it the execution."""

    def events(execution: Execution) -> Iterable[WorkflowExecutionEvent]:
        yield WorkflowExecutionFailed(
            **execution.key,
            attempt=attempt.attempt,
            step=attempt.step,
            code=failure.code,
            message=failure.message[:MAX_MESSAGE_LENGTH],
            log=failure.log,
        )

    return _report(ledger, execution_id, attempt, events, order=order, ends=True)


def record_step_timeout(ledger: Ledger, execution_id: str, attempt: Attempt, *, message: str, order: Order) -> Outcome:
    """Record that the step took or was silent for too long, which ends the execution."""

    def events(execution: Execution) -> Iterable[WorkflowExecutionEvent]:
        yield WorkflowExecutionTimedOut(**execution.key, attempt=attempt.attempt, step=attempt.step, message=message)

    return _report(ledger, execution_id, attempt, events, order=order, ends=True)


def _report(
    ledger: Ledger,
    execution_id: str,
    attempt: Attempt,
    events: Callable[[Execution], Iterable[WorkflowExecutionEvent]],
    *,
    order: Order,
    ends: bool = False,
) -> Outcome:
    def decide() -> Decision:
        stream, execution = load_execution(ledger, execution_id)
        if not execution.awaits(attempt):
            return Decision(())
        ending: list[Change] = releases(ledger, execution.request) if ends else []
        return Decision((stream.then(*events(execution)), *ending), ACCEPTED)

    return ledger.carry_out(order, decide)
