"""Rows of pipelines, workflows, executions, their steps and outputs."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from domain.executions.events import (
    ExecutionOutput,
    ExecutionStep,
    OutputKind,
    Trigger,
    WorkflowExecutionAborted,
    WorkflowExecutionFailed,
    WorkflowExecutionRequested,
    WorkflowExecutionRetried,
    WorkflowExecutionSucceeded,
    WorkflowExecutionTimedOut,
    WorkflowStepProgressed,
    WorkflowStepStarted,
    WorkflowStepSucceeded,
)
from domain.pipelines.events import (
    ExecutionKind,
    PipelineCreated,
    PipelineDeleted,
    PipelineRedefined,
    WorkflowCreated,
    WorkflowDeleted,
    WorkflowRedefined,
)
from projections.vams.pipeline_rows import PipelineRow, WorkflowExecutionRow, WorkflowOutputRow, WorkflowRow
from projections.vams.sheets import EXECUTION_OUTPUTS, EXECUTION_STEPS, EXECUTIONS, PIPELINES, WORKFLOWS
from tests.domain.sample_execution_events import (
    EXECUTION,
    FILE,
    PIPELINE,
    STORED,
    TERMS,
    WORKFLOW,
    WORKFLOW_TERMS,
)
from tests.projections.vams.tape import Tape, at, rows

STEP = ExecutionStep(**PIPELINE, execution_kind=ExecutionKind.HTTP, terms=TERMS)
REQUEST = WorkflowExecutionRequested(
    **EXECUTION,
    workflow_database_id="shows",
    workflow_id="clean-plates",
    trigger=Trigger.FILE,
    inputs=(FILE,),
    steps=(STEP, STEP),
    input_parameters="{}",
    lineage=("GLOBAL:ingest",),
)
FIRST: Any = {**EXECUTION, "attempt": 1, "step": 0}


def _pipeline(**values: Any) -> PipelineRow:
    row = PipelineRow(
        **PIPELINE,
        description="Takes noise out",
        pipeline_type="PREVIEW_FILE",
        pipeline_execution_type="HTTP",
        resource="https://farm.example/denoise",
        asset_type=".exr",
        output_type=".png",
        wait_for_callback=True,
        task_timeout_seconds=3_600,
        task_heartbeat_timeout_seconds=60,
        input_parameters='{"strength":2}',
        enabled=False,
        date_created=at(1),
        date_updated=at(1),
        deleted_at=None,
        revision=1,
        position=1,
    )
    return row._replace(**values)


def _steps(connection: Connection[Any], *fields: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, field) for field in fields) for row in rows(connection, EXECUTION_STEPS)]


def test_definitions_keep_their_row_when_they_are_deleted_and_begin_anew(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(PipelineCreated(**PIPELINE, execution_kind=ExecutionKind.HTTP, terms=TERMS))
    tape.add(WorkflowCreated(**WORKFLOW, terms=WORKFLOW_TERMS))
    tape.add(PipelineRedefined(**PIPELINE, terms=TERMS), WorkflowRedefined(**WORKFLOW, terms=WORKFLOW_TERMS))
    tape.add(WorkflowDeleted(**WORKFLOW), PipelineDeleted(**PIPELINE))
    with tables.transaction(force_rollback=True):
        tape.fold(tables)
        assert rows(tables, PIPELINES) == [_pipeline(date_updated=at(3), deleted_at=at(6), revision=3, position=6)]
        (workflow,) = rows(tables, WORKFLOWS)
        steps: Any = workflow.pipelines
        assert steps == [{"databaseId": "GLOBAL", "pipelineId": "denoise"}]
        assert workflow == WorkflowRow(
            **WORKFLOW,
            description="Cleans plates",
            pipelines=workflow.pipelines,
            auto_trigger_extensions=[".exr"],
            date_created=at(2),
            date_modified=at(4),
            modified_by="user:ada",
            deleted_at=at(5),
            revision=3,
            position=5,
        )
    tape.add(PipelineCreated(**PIPELINE, execution_kind=ExecutionKind.HTTP, terms=TERMS))
    tape.fold(tables)
    assert rows(tables, PIPELINES) == [_pipeline(date_created=at(7), date_updated=at(7), position=7)]


def test_an_execution_shows_its_steps_and_what_it_recorded(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(REQUEST, WorkflowStepStarted(**FIRST))
    tape.add(WorkflowStepProgressed(**FIRST, percent=40, message="Frame 4"))
    tape.add(WorkflowStepSucceeded(**FIRST, outputs=(FILE,), log=STORED))
    output = ExecutionOutput(kind=OutputKind.FILE, path="a.png", s3_version_id="v2")
    tape.add(WorkflowExecutionSucceeded(**EXECUTION, attempt=1, outputs=(output,)))
    tape.fold(tables)
    (row,) = rows(tables, EXECUTIONS)
    assert row == WorkflowExecutionRow(
        **EXECUTION,
        workflow_database_id="shows",
        workflow_id="clean-plates",
        trigger="FILE",
        execution_status="SUCCEEDED",
        attempt=1,
        input_asset_file_key="a.exr",
        inputs=row.inputs,
        input_parameters="{}",
        lineage=["GLOBAL:ingest"],
        correlation_id="request-1",
        requested_at=at(1),
        requested_by="user:ada",
        start_date=at(2),
        stop_date=at(5),
        failure_code=None,
        failure=None,
        reason=None,
        revision=5,
        position=5,
    )
    told = ("step", "state", "attempts", "started_at", "stopped_at", "percent", "message", "log_s3_key", "output_count")
    assert _steps(tables, *told) == [
        (0, "SUCCEEDED", 1, at(2), at(4), 40, "Frame 4", STORED.s3_key, 1),
        (1, "NEW", 0, None, None, None, None, None, None),
    ]
    assert rows(tables, EXECUTION_OUTPUTS) == [WorkflowOutputRow("e1", "FILE", "a.png", "shows", "shot_010", "v2", 5)]


def test_each_end_says_why_and_a_retry_forgets_it(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(REQUEST, WorkflowStepStarted(**FIRST))
    tape.add(WorkflowExecutionFailed(**FIRST, code="CRASHED", message="It crashed.", log=STORED))
    ended = ("execution_status", "attempt", "failure_code", "failure", "reason", "stop_date")

    def shown() -> tuple[Any, ...]:
        with tables.transaction(force_rollback=True):
            tape.fold(tables)
            (row,) = rows(tables, EXECUTIONS)
            steps = _steps(tables, "state", "attempts", "failure", "log_s3_key")
            return (*(getattr(row, field) for field in ended), steps[0])

    failed = ("FAILED", 1, "CRASHED", "It crashed.", None, at(3))
    assert shown() == (*failed, ("FAILED", 1, "It crashed.", STORED.s3_key))
    again: Any = {**FIRST, "attempt": 2}
    tape.add(WorkflowExecutionRetried(**again))
    assert shown()[:6] == ("NEW", 2, None, None, None, None)
    tape.add(WorkflowStepStarted(**again), WorkflowExecutionTimedOut(**again, message="Too long."))
    timed_out = ("TIMED_OUT", 2, "TIMED_OUT", "Too long.", None, at(6))
    assert shown() == (*timed_out, ("TIMED_OUT", 2, "Too long.", None))
    third: Any = {**FIRST, "attempt": 3}
    tape.add(WorkflowExecutionRetried(**third), WorkflowExecutionAborted(**third, reason="wrong shot"))
    assert shown()[:6] == ("ABORTED", 3, None, None, "wrong shot", at(8))


def test_a_failure_after_the_last_step_is_of_no_step(tables: Connection[Any]) -> None:
    tape = Tape()
    second: Any = {**FIRST, "step": 1}
    tape.add(REQUEST, WorkflowStepStarted(**FIRST), WorkflowStepSucceeded(**FIRST, outputs=()))
    tape.add(WorkflowStepStarted(**second), WorkflowStepSucceeded(**second, outputs=()))
    tape.add(WorkflowExecutionFailed(**{**FIRST, "step": 2}, code="OUTPUT_INVALID", message="It is."))
    tape.fold(tables)
    (row,) = rows(tables, EXECUTIONS)
    assert (row.execution_status, row.failure) == ("FAILED", "It is.")
    assert _steps(tables, "state", "failure") == [("SUCCEEDED", None)] * 2
