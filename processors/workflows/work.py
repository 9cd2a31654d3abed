"""One job of a workflow: run the step that is due, or record the outputs after the last one."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.errors import DomainError
from domain.executions.commands import load_execution
from domain.executions.events import ExecutionFile
from domain.executions.execution import Execution, takes
from domain.executions.reports import (
    Failure,
    record_step_failure,
    record_step_progress,
    record_step_started,
    record_step_success,
)
from domain.ledger import Ledger
from domain.pipelines.events import ExecutionKind
from processors.objects.errors import ObjectMissing, StoreRejected
from processors.objects.store import ObjectStore
from processors.workflows.answers import Answers, Failed, answer_decoder
from processors.workflows.built_in import BuiltInRunner
from processors.workflows.endpoint import EndpointCaller
from processors.workflows.errors import EndpointFailed, StepClosed, StepFailed
from processors.workflows.finishing import Finishing
from processors.workflows.jobs import StepJob
from processors.workflows.payload import payload
from processors.workflows.process import PythonRunner
from processors.workflows.staging import Staging
from processors.workflows.tables import note_beat, note_call

Outputs = Mapping[str, Path | bytes]


@dataclass(frozen=True)
class Runners:
    """What runs steps, by the kind of their pipeline."""

    built_in: BuiltInRunner
    python: PythonRunner
    http: EndpointCaller


@dataclass(frozen=True)
class StepWorker:
    """Runs steps. One that is run again, after its worker was killed, starts anew and is recorded once."""

    ledger: Ledger
    objects: ObjectStore
    pool: ConnectionPool[Connection[Any]]
    runners: Runners
    answers: Answers
    finishing: Finishing
    staging: Staging
    scratch: Path

    def run(self, **arguments: object) -> None:
        """Run the step, or record why it can't be. Raises what the queue retries: a service or endpoint failed."""
        job = msgspec.convert(arguments, StepJob)
        _, execution = load_execution(self.ledger, job.execution_id)
        if not execution.awaits(job.at):
            return
        try:
            self._advance(job, execution)
        except StepClosed:
            return
        except StepFailed as failure:
            log = self.staging.put_log(execution, job.at, failure.log)
            self._fail(job, Failure(failure.code, failure.message, log))
        except ObjectMissing as missing:
            self._fail(job, Failure("INPUT_MISSING", f"An object is no longer in the bucket: {missing}"))
        except (DomainError, StoreRejected) as refusal:
            self._fail(job, Failure(_code(refusal), str(refusal)))

    def give_up(self, error: Exception, **arguments: object) -> None:
        """Record that a service or endpoint failed in every attempt; retryWorkflowExecution asks again."""
        job = msgspec.convert(arguments, StepJob)
        code = "ENDPOINT_FAILED" if isinstance(error, EndpointFailed) else "SERVICE_FAILED"
        self._fail(job, Failure(code, f"It failed in every attempt, last with: {error}"))

    def _advance(self, job: StepJob, execution: Execution) -> None:
        step = execution.step
        if step is None:
            self.finishing.finish(job, execution)
            return
        refused = next((file.path for file in execution.inputs if not takes(step, file.path)), None)
        if refused is not None:
            raise StepFailed(
                "INPUT_REFUSED", f"The pipeline {step.pipeline_id} takes {step.terms.asset_type} files, not {refused}."
            )
        record_step_started(self.ledger, job.execution_id, job.at, order=job.order())
        match step.execution_kind:
            case ExecutionKind.HTTP:
                self._call(job, execution)
            case ExecutionKind.PYTHON:
                self._run_python(job, execution)
            case ExecutionKind.BUILT_IN:
                self._run_built_in(job, execution)

    def _call(self, job: StepJob, execution: Execution) -> None:
        try:
            answer = self.runners.http.call(execution, self._payload(job, execution))
        except EndpointFailed as failure:
            with self.pool.connection() as connection:
                note_call(connection, job.execution_id, job.at, message=str(failure))
            raise
        with self.pool.connection() as connection:
            note_call(connection, job.execution_id, job.at, message=None)
        assert execution.step is not None
        if execution.step.terms.wait_for_callback:
            return
        try:
            said = answer_decoder.decode(answer)
        except msgspec.DecodeError as error:
            raise StepFailed(
                "ANSWER_INVALID", f"The endpoint's answer is no success or failure: {error}", log=answer
            ) from error
        if isinstance(said, Failed):
            self.answers.fail(job, execution, said)
        else:
            self.answers.succeed(job, execution, said)

    def _run_python(self, job: StepJob, execution: Execution) -> None:
        assert execution.step is not None
        with tempfile.TemporaryDirectory(dir=self.scratch) as name:
            folder = Path(name)
            (folder / "outputs").mkdir()
            (folder / "payload.json").write_bytes(msgspec.json.encode(self._payload(job, execution)))
            for file in execution.inputs:
                self._fetch(file, folder / "inputs" / file.path)
            log = self.runners.python.run(
                execution.step.terms.resource,
                folder,
                is_wanted=lambda: self._is_wanted(job),
                report=lambda said: self._hear(job, said),
            )
            self._succeed(job, execution, _written(folder / "outputs"), log)

    def _run_built_in(self, job: StepJob, execution: Execution) -> None:
        with tempfile.TemporaryDirectory(dir=self.scratch) as name:
            folder = Path(name)

            def source(file: ExecutionFile) -> Path:
                self._hear(job, {})
                return self._fetch(file, folder / f"source{Path(file.path).suffix}")

            outputs, log = self.runners.built_in.run(execution, source, folder, is_wanted=lambda: self._is_wanted(job))
            self._succeed(job, execution, outputs, log)

    def _succeed(self, job: StepJob, execution: Execution, outputs: Outputs, log: bytes) -> None:
        stored = self.staging.put_log(execution, job.at, log)
        try:
            files = self.staging.put(execution, job.at, files=outputs)
        except DomainError as refusal:
            raise StepFailed(_code(refusal), str(refusal), log=log) from refusal
        record_step_success(self.ledger, job.execution_id, job.at, outputs=files, log=stored, order=job.order())

    def _fetch(self, file: ExecutionFile, to: Path) -> Path:
        to.parent.mkdir(parents=True, exist_ok=True)
        stored = file.stored
        self.objects.download(stored.s3_bucket, stored.s3_key, version_id=stored.s3_version_id, to=to)
        return to

    def _payload(self, job: StepJob, execution: Execution) -> dict[str, Any]:
        return payload(self.ledger, execution, position=job.position, correlation_id=job.correlation_id)

    def _is_wanted(self, job: StepJob) -> bool:
        return load_execution(self.ledger, job.execution_id)[1].awaits(job.at)

    def _hear(self, job: StepJob, said: dict[str, Any]) -> None:
        with self.pool.connection() as connection:
            note_beat(connection, job.execution_id, job.at)
        percent, message = said.get("percent"), said.get("message")
        if isinstance(percent, int) or isinstance(message, str):
            record_step_progress(
                self.ledger,
                job.execution_id,
                job.at,
                percent=percent if isinstance(percent, int) else None,
                message=message if isinstance(message, str) else None,
                order=job.order(),
            )

    def _fail(self, job: StepJob, failure: Failure) -> None:
        record_step_failure(self.ledger, job.execution_id, job.at, failure=failure, order=job.order())


def _written(folder: Path) -> Outputs:
    """Every file below the folder by its path; links are not followed, as they could lead anywhere."""
    found: dict[str, Path | bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise StepFailed("OUTPUT_INVALID", f"The output {name!r} is a symbolic link.")
        if path.is_file():
            found[name] = path
    return found


def _code(refusal: Exception) -> str:
    """The name of the refusal's class as a code: OUTPUT_INVALID of OutputInvalid."""
    name = type(refusal).__name__
    return "".join(f"_{letter}" if letter.isupper() and index else letter for index, letter in enumerate(name)).upper()
