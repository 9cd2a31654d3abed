"""Folds the executions of workflows, their steps and what they recorded."""

from __future__ import annotations

from typing import Any

from domain.event import Recorded
from domain.executions.events import (
    ExecutionStep,
    WorkflowExecutionAborted,
    WorkflowExecutionEvent,
    WorkflowExecutionFailed,
    WorkflowExecutionRequested,
    WorkflowExecutionRetried,
    WorkflowExecutionSucceeded,
    WorkflowExecutionTimedOut,
    WorkflowStepEvent,
    WorkflowStepProgressed,
    WorkflowStepStarted,
    WorkflowStepSucceeded,
)
from domain.executions.execution import ExecutionState
from domain.files.events import StoredObject
from projections.vams.json_text import json_text
from projections.vams.pipeline_rows import WorkflowExecutionRow, WorkflowOutputRow, WorkflowStepRow
from projections.vams.sheets import Sheets


def requested(sheets: Sheets, entry: Recorded, event: WorkflowExecutionRequested) -> None:
    """A new execution and its steps."""
    inputs = [
        {
            "path": file.path,
            "s3Bucket": file.stored.s3_bucket,
            "s3Key": file.stored.s3_key,
            "s3VersionId": file.stored.s3_version_id,
            "sizeBytes": file.stored.size_bytes,
        }
        for file in event.inputs
    ]
    row = WorkflowExecutionRow(
        database_id=event.database_id,
        asset_id=event.asset_id,
        execution_id=event.execution_id,
        workflow_database_id=event.workflow_database_id,
        workflow_id=event.workflow_id,
        trigger=event.trigger,
        execution_status=ExecutionState.NEW,
        attempt=1,
        input_asset_file_key=event.inputs[0].path if event.inputs else None,
        inputs=json_text(inputs),
        input_parameters=event.input_parameters,
        lineage=list(event.lineage),
        correlation_id=entry.cause.correlation_id,
        requested_at=entry.cause.at,
        requested_by=entry.cause.actor,
        start_date=None,
        stop_date=None,
        failure_code=None,
        failure=None,
        reason=None,
        revision=entry.revision,
        position=entry.position,
    )
    sheets.executions.put(row, entry.position)
    for number, step in enumerate(event.steps):
        sheets.execution_steps.put(_step(event.execution_id, number, step, entry.position), entry.position)


def step_started(sheets: Sheets, entry: Recorded, event: WorkflowStepStarted) -> None:
    """The execution runs."""
    row = _row(sheets, event)
    _change(sheets, entry, event, execution_status=ExecutionState.RUNNING, start_date=row.start_date or entry.cause.at)
    step = sheets.execution_steps.get((event.execution_id, event.step))
    _change_step(
        sheets,
        entry,
        event,
        state=ExecutionState.RUNNING,
        attempts=step.attempts + 1,
        started_at=entry.cause.at,
        stopped_at=None,
        percent=None,
        message=None,
        failure_code=None,
        failure=None,
        **_log(None),
    )


def step_progressed(sheets: Sheets, entry: Recorded, event: WorkflowStepProgressed) -> None:
    """What the pipeline said last."""
    _change(sheets, entry, event)
    _change_step(sheets, entry, event, percent=event.percent, message=event.message)


def step_succeeded(sheets: Sheets, entry: Recorded, event: WorkflowStepSucceeded) -> None:
    """The step has ended."""
    _change(sheets, entry, event)
    _change_step(
        sheets,
        entry,
        event,
        state=ExecutionState.SUCCEEDED,
        stopped_at=entry.cause.at,
        output_count=len(event.outputs),
        **_log(event.log),
    )


def succeeded(sheets: Sheets, entry: Recorded, event: WorkflowExecutionSucceeded) -> None:
    """The outputs are recorded."""
    _end(sheets, entry, event, ExecutionState.SUCCEEDED)
    for output in event.outputs:
        row = WorkflowOutputRow(
            execution_id=event.execution_id,
            kind=output.kind,
            path=output.path,
            database_id=event.database_id,
            asset_id=event.asset_id,
            s3_version_id=output.s3_version_id,
            position=entry.position,
        )
        sheets.execution_outputs.put(row, entry.position)


def failed(sheets: Sheets, entry: Recorded, event: WorkflowExecutionFailed) -> None:
    """It says why."""
    _end(sheets, entry, event, ExecutionState.FAILED, failure_code=event.code, failure=event.message)
    _end_step(
        sheets,
        entry,
        event,
        state=ExecutionState.FAILED,
        failure_code=event.code,
        failure=event.message,
        **_log(event.log),
    )


def timed_out(sheets: Sheets, entry: Recorded, event: WorkflowExecutionTimedOut) -> None:
    """It took or was silent for too long."""
    values = {"failure_code": "TIMED_OUT", "failure": event.message}
    _end(sheets, entry, event, ExecutionState.TIMED_OUT, **values)
    _end_step(sheets, entry, event, state=ExecutionState.TIMED_OUT, **values)


def aborted(sheets: Sheets, entry: Recorded, event: WorkflowExecutionAborted) -> None:
    """Somebody cancelled it."""
    _end(sheets, entry, event, ExecutionState.ABORTED, reason=event.reason)
    _end_step(sheets, entry, event, state=ExecutionState.ABORTED)


def retried(sheets: Sheets, entry: Recorded, event: WorkflowExecutionRetried) -> None:
    """It waits to be run again."""
    _change(
        sheets,
        entry,
        event,
        execution_status=ExecutionState.NEW,
        attempt=event.attempt,
        stop_date=None,
        failure_code=None,
        failure=None,
        reason=None,
    )
    _end_step(sheets, entry, event, state=ExecutionState.NEW)


def _step(execution_id: str, number: int, step: ExecutionStep, position: int) -> WorkflowStepRow:
    return WorkflowStepRow(
        execution_id=execution_id,
        step=number,
        pipeline_database_id=step.database_id,
        pipeline_id=step.pipeline_id,
        execution_kind=step.execution_kind,
        definition=json_text(step.terms),
        state=ExecutionState.NEW,
        attempts=0,
        started_at=None,
        stopped_at=None,
        percent=None,
        message=None,
        failure_code=None,
        failure=None,
        **_log(None),
        output_count=None,
        position=position,
    )


def _log(stored: StoredObject | None) -> dict[str, str | None]:
    return {
        "log_s3_bucket": stored.s3_bucket if stored else None,
        "log_s3_key": stored.s3_key if stored else None,
        "log_s3_version_id": stored.s3_version_id if stored else None,
    }


def _row(sheets: Sheets, event: WorkflowExecutionEvent) -> WorkflowExecutionRow:
    return sheets.executions.get((event.database_id, event.asset_id, event.execution_id))


def _change(sheets: Sheets, entry: Recorded, event: WorkflowExecutionEvent, **values: Any) -> None:
    changed = _row(sheets, event)._replace(**values, revision=entry.revision, position=entry.position)
    sheets.executions.put(changed, entry.position)


def _end(sheets: Sheets, entry: Recorded, event: WorkflowExecutionEvent, state: ExecutionState, **values: Any) -> None:
    _change(sheets, entry, event, execution_status=state, stop_date=entry.cause.at, **values)


def _change_step(sheets: Sheets, entry: Recorded, event: WorkflowStepEvent, **values: Any) -> None:
    row = sheets.execution_steps.get((event.execution_id, event.step))
    sheets.execution_steps.put(row._replace(**values, position=entry.position), entry.position)


def _end_step(sheets: Sheets, entry: Recorded, event: WorkflowStepEvent, **values: Any) -> None:
    """Change the step that the execution ended at; past the last one there is none."""
    row = sheets.execution_steps.find((event.execution_id, event.step))
    if row is not None:
        stopped = entry.cause.at if row.state == ExecutionState.RUNNING else row.stopped_at
        _change_step(sheets, entry, event, stopped_at=stopped, **values)
