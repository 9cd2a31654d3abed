"""Commands that people and triggers give: run a workflow, cancel and retry an execution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.assets.commands import load_asset
from domain.cause import Order
from domain.databases.commands import load_database
from domain.errors import Invalid, LimitExceeded
from domain.executions.errors import (
    WorkflowAlreadyRunning,
    WorkflowExecutionNotFound,
    WorkflowInputRefused,
    WorkflowOutOfScope,
)
from domain.executions.events import (
    ExecutionFile,
    ExecutionStep,
    Trigger,
    WorkflowExecutionAborted,
    WorkflowExecutionRequested,
    WorkflowRunClaimed,
    WorkflowRunReleased,
)
from domain.executions.execution import EXECUTIONS, RUNS, Execution, run_keys, takes
from domain.files.errors import FileNotFound, FileVersionNotFound
from domain.files.events import StoredObject
from domain.files.file import FILES
from domain.files.paths import check_path
from domain.ledger import Ledger
from domain.pipelines.errors import PipelineDisabled
from domain.pipelines.events import GLOBAL
from domain.pipelines.registry import Key, Registry, load_registry
from domain.pipelines.rules import check_parameters
from domain.stream import Change, Decision, Outcome, Stream
from domain.text import check_text

MAX_INPUTS = 1_000


@dataclass(frozen=True)
class Run:
    """What is to be run over what."""

    workflow: Key
    asset: tuple[str, str]
    paths: tuple[str, ...] = ()
    """None runs the workflow over the asset itself."""
    input_parameters: str = ""
    trigger: Trigger = Trigger.REQUEST
    stored: StoredObject | None = None
    """The version of the only path that started it; None takes the latest of each."""
    lineage: tuple[str, ...] = ()


def run_workflow(ledger: Ledger, execution_id: str, *, run: Run, order: Order) -> Outcome:
    """Ask for an execution; nothing is recorded when there is one of this id already. The result has `executionId`.

    Raises WorkflowNotFound, WorkflowOutOfScope, PipelineDisabled, AssetNotFound, AssetAlreadyArchived, FileNotFound,
    FileAlreadyArchived, FileVersionNotFound, WorkflowInputRefused, WorkflowAlreadyRunning, LimitExceeded, Invalid.
    """
    check_parameters(run.input_parameters)
    paths = _checked_paths(run.paths)

    def decide() -> Decision:
        stream = ledger.load(EXECUTIONS, execution_id)
        result = {"executionId": execution_id}
        if stream.state:
            return Decision((), result)
        definitions, registry = load_registry(ledger)
        event = WorkflowExecutionRequested(
            database_id=run.asset[0],
            asset_id=run.asset[1],
            execution_id=execution_id,
            workflow_database_id=run.workflow[0],
            workflow_id=run.workflow[1],
            trigger=run.trigger,
            inputs=_inputs(ledger, run, paths),
            steps=_steps(registry, run),
            input_parameters=run.input_parameters,
            lineage=run.lineage,
        )
        _check_inputs(event)
        return Decision((stream.then(event), *claims(ledger, event)), result, held=(definitions,))

    return ledger.carry_out(order, decide)


def cancel_workflow_execution(ledger: Ledger, execution_id: str, *, reason: str | None = None, order: Order) -> Outcome:
    """End an execution; what its pipeline reports later counts for nothing.

    Raises WorkflowExecutionNotFound, WorkflowExecutionEnded, Invalid.
    """
    check_text(reason, name="reason", longest=256)

    def decide() -> Decision:
        stream, execution = load_execution(ledger, execution_id)
        stream.expect(order)
        execution.require_open()
        next_one = execution.next
        event = WorkflowExecutionAborted(**execution.key, attempt=next_one.attempt, step=next_one.step, reason=reason)
        return Decision((stream.then(event), *releases(ledger, execution.request)))

    return ledger.carry_out(order, decide)


def retry_workflow_execution(ledger: Ledger, execution_id: str, *, order: Order) -> Outcome:
    """Go on with the first step that has not succeeded, with the same inputs and pipelines.

    Raises WorkflowExecutionNotFound, WorkflowExecutionNotRetriable, WorkflowAlreadyRunning, AssetAlreadyArchived.
    """

    def decide() -> Decision:
        stream, execution = load_execution(ledger, execution_id)
        stream.expect(order)
        event = execution.retry()
        _, asset = load_asset(ledger, execution.request.database_id, execution.request.asset_id)
        asset.require_active()
        return Decision((stream.then(event), *claims(ledger, execution.request)))

    return ledger.carry_out(order, decide)


def load_execution(ledger: Ledger, execution_id: str) -> tuple[Stream[Execution], Execution]:
    """The stream and state of an existing execution. Raises WorkflowExecutionNotFound."""
    stream = ledger.load(EXECUTIONS, execution_id)
    if stream.state is None:
        raise WorkflowExecutionNotFound(execution_id)
    return stream, stream.state


def claims(ledger: Ledger, request: WorkflowExecutionRequested) -> list[Change]:
    """Changes that give the execution its inputs for itself. Raises WorkflowAlreadyRunning."""
    keys = list(run_keys(request))
    changes = []
    for index, ((path, _), stream) in enumerate(
        zip(keys, ledger.load_many(RUNS, [key for _, key in keys]), strict=True)
    ):
        if stream.state and stream.state != request.execution_id:
            field = ("paths", str(index)) if path is not None else ("assetId",)
            raise WorkflowAlreadyRunning(request.workflow_id, stream.state, path=field)
        changes.append(stream.then(WorkflowRunClaimed(**_run(request), path=path)))
    return changes


def releases(ledger: Ledger, request: WorkflowExecutionRequested) -> list[Change]:
    """Changes that give its inputs back."""
    keys = list(run_keys(request))
    streams = ledger.load_many(RUNS, [key for _, key in keys])
    return [
        stream.then(WorkflowRunReleased(**_run(request), path=path))
        for (path, _), stream in zip(keys, streams, strict=True)
        if stream.state == request.execution_id
    ]


def _run(request: WorkflowExecutionRequested) -> dict[str, str]:
    return {
        "workflow_database_id": request.workflow_database_id,
        "workflow_id": request.workflow_id,
        "database_id": request.database_id,
        "asset_id": request.asset_id,
        "execution_id": request.execution_id,
    }


def _checked_paths(paths: Sequence[str]) -> list[str]:
    if len(paths) > MAX_INPUTS:
        raise LimitExceeded(f"An execution has at most {MAX_INPUTS} inputs, not {len(paths)}.", path=("paths",))
    checked = [check_path(path, field=("paths", str(index))) for index, path in enumerate(paths)]
    if len(set(checked)) != len(checked):
        raise Invalid("A path is given twice.", path=("paths",))
    return checked


def _steps(registry: Registry, run: Run) -> tuple[ExecutionStep, ...]:
    workflow = registry.workflow(run.workflow)
    if run.workflow[0] not in (GLOBAL, run.asset[0]):
        raise WorkflowOutOfScope(run.workflow[0], run.asset[0])
    steps = []
    for ref in workflow.terms.pipelines:
        pipeline = registry.pipeline((ref.database_id, ref.pipeline_id))
        if not pipeline.terms.enabled:
            raise PipelineDisabled(ref.database_id, ref.pipeline_id)
        steps.append(
            ExecutionStep(
                database_id=ref.database_id,
                pipeline_id=ref.pipeline_id,
                execution_kind=pipeline.execution_kind,
                terms=pipeline.terms,
            )
        )
    return tuple(steps)


def _inputs(ledger: Ledger, run: Run, paths: Sequence[str]) -> tuple[ExecutionFile, ...]:
    load_database(ledger, run.asset[0])[1].require_active()
    load_asset(ledger, *run.asset)[1].require_active()
    files = []
    for index, (path, stream) in enumerate(
        zip(paths, ledger.load_many(FILES, [(*run.asset, path) for path in paths]), strict=True)
    ):
        if stream.state is None:
            raise FileNotFound(path, field=("paths", str(index)))
        stream.state.require_in_work(field=("paths", str(index)))
        if run.stored is not None and run.stored.s3_version_id not in stream.state.versions:
            raise FileVersionNotFound(run.stored.s3_version_id)
        files.append(ExecutionFile(path=path, stored=run.stored or stream.state.latest))
    return tuple(files)


def _check_inputs(event: WorkflowExecutionRequested) -> None:
    first = event.steps[0]
    for index, file in enumerate(event.inputs):
        if not takes(first, file.path):
            raise WorkflowInputRefused(first.pipeline_id, first.terms.asset_type, path=("paths", str(index)))
    if not event.inputs and first.terms.asset_type != ".all":
        raise WorkflowInputRefused(first.pipeline_id, first.terms.asset_type, path=("paths",))
