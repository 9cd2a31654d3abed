"""Answers the callbacks of endpoints: told apart by their tokens, and closed once their attempt is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.errors import DomainError
from domain.executions.commands import load_execution
from domain.executions.errors import WorkflowExecutionNotFound
from domain.executions.execution import Attempt, Execution
from domain.executions.reports import Failure, record_step_failure, record_step_progress
from domain.ledger import Ledger
from domain.pipelines.events import ExecutionKind
from processors.workflows.answers import (
    Answers,
    Failed,
    Heartbeat,
    Progress,
    Success,
    announcement_decoder,
    callback_decoder,
)
from processors.workflows.endpoint import CallbackTokens
from processors.workflows.jobs import StepJob
from processors.workflows.tables import find_job, note_beat

MAX_BODY_BYTES = 16 << 20
Reply = tuple[int, dict[str, Any]]
"""A status and a JSON document."""


@dataclass(frozen=True)
class Callbacks:
    """Blocking: call it off the event loop."""

    ledger: Ledger
    pool: ConnectionPool[Connection[Any]]
    tokens: CallbackTokens
    answers: Answers

    def report(self, execution_id: str, at: Attempt, *, token: str, body: bytes) -> Reply:
        """Take a heartbeat, progress, success or failure."""
        found = self._found(execution_id, at, token)
        if not isinstance(found[0], StepJob):
            return found
        job, execution = found
        try:
            said = callback_decoder.decode(body)
        except msgspec.DecodeError as error:
            return _refusal(400, f"This is no heartbeat, progress, success or failure: {error}")
        self._hear(job)
        match said:
            case Heartbeat():
                return 200, {"status": "accepted"}
            case Progress():
                return self._progress(job, said)
            case Failed():
                return _accepted(self.answers.fail(job, execution, said).result)
            case Success():
                return self._succeed(job, execution, said)
        raise TypeError(f"{type(said).__name__} is no callback")

    def announce(self, execution_id: str, at: Attempt, *, token: str, body: bytes) -> Reply:
        """Offer signed requests for files that the endpoint wants to send."""
        found = self._found(execution_id, at, token)
        if not isinstance(found[0], StepJob):
            return found
        job, execution = found
        try:
            announced = announcement_decoder.decode(body)
            uploads = self.answers.announce(job, execution, announced)
        except (msgspec.DecodeError, DomainError) as error:
            return _refusal(400, str(error))
        self._hear(job)
        return 200, {"uploads": uploads}

    def _found(self, execution_id: str, at: Attempt, token: str) -> tuple[StepJob, Execution] | Reply:
        """The attempt that the token is for, or why it can't be reported on."""
        if not self.tokens.fits(token, execution_id, at):
            return _refusal(401, "This URL was not made here: use callbackUrl and uploadsUrl as they were given.")
        try:
            _, execution = load_execution(self.ledger, execution_id)
        except WorkflowExecutionNotFound as missing:
            return _refusal(404, missing.message)
        if not execution.awaits(at):
            return _refusal(
                410, f"The execution is {execution.state}, in its attempt {execution.attempt}: stop working."
            )
        step = execution.step
        if step is None or step.execution_kind is not ExecutionKind.HTTP:
            return _refusal(410, "The step is done.")
        with self.pool.connection() as connection:
            job = find_job(connection, execution_id, at)
        return (job, execution) if job else _refusal(503, "The execution is not known here yet: try again.")

    def _progress(self, job: StepJob, said: Progress) -> Reply:
        if said.percent is not None and not 0 <= said.percent <= 100:
            return _refusal(400, f"percent is 0 to 100, not {said.percent}.")
        outcome = record_step_progress(
            self.ledger, job.execution_id, job.at, percent=said.percent, message=said.message, order=job.order()
        )
        return _accepted(outcome.result)

    def _succeed(self, job: StepJob, execution: Execution, said: Success) -> Reply:
        try:
            return _accepted(self.answers.succeed(job, execution, said).result)
        except DomainError as refusal:
            failure = Failure("OUTPUT_INVALID", refusal.message)
            record_step_failure(self.ledger, job.execution_id, job.at, failure=failure, order=job.order())
            return _refusal(422, f"{refusal.message} The execution has failed.")

    def _hear(self, job: StepJob) -> None:
        with self.pool.connection() as connection:
            note_beat(connection, job.execution_id, job.at)


def _accepted(result: Any) -> Reply:
    if not result:
        return _refusal(410, "The step was ended meanwhile; nothing was recorded.")
    return 200, {"status": "accepted"}


def _refusal(status: int, message: str) -> Reply:
    return status, {"status": "refused", "message": message}
