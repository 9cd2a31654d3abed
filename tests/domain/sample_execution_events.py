"""One event of every class about pipelines, workflows and their executions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from domain.event import Event
from domain.executions.events import (
    ExecutionFile,
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
    WorkflowRunClaimed,
    WorkflowRunReleased,
    WorkflowStepProgressed,
    WorkflowStepStarted,
    WorkflowStepSucceeded,
)
from domain.files.events import StoredObject
from domain.pipelines.events import (
    ExecutionKind,
    PipelineCreated,
    PipelineDeleted,
    PipelineRedefined,
    PipelineRef,
    PipelineTerms,
    PipelineType,
    WorkflowCreated,
    WorkflowDeleted,
    WorkflowRedefined,
    WorkflowTerms,
)

PIPELINE: Any = {"database_id": "shows", "pipeline_id": "denoise"}
WORKFLOW: Any = {"database_id": "shows", "workflow_id": "clean-plates"}
EXECUTION: Any = {"database_id": "shows", "asset_id": "shot_010", "execution_id": "e1"}
STEP: Any = {**EXECUTION, "attempt": 2, "step": 1}
RUN: Any = {
    "workflow_database_id": "shows",
    "workflow_id": "clean-plates",
    "database_id": "shows",
    "asset_id": "shot_010",
    "path": "a.exr",
    "execution_id": "e1",
}
TERMS = PipelineTerms(
    description="Takes noise out",
    resource="https://farm.example/denoise",
    pipeline_type=PipelineType.PREVIEW_FILE,
    asset_type=".exr",
    output_type=".png",
    wait_for_callback=True,
    task_timeout_seconds=3_600,
    task_heartbeat_timeout_seconds=60,
    input_parameters='{"strength":2}',
    enabled=False,
    secret_generation=2,
)
WORKFLOW_TERMS = WorkflowTerms(
    description="Cleans plates",
    pipelines=(PipelineRef(database_id="GLOBAL", pipeline_id="denoise"),),
    auto_trigger_extensions=(".exr",),
)
STORED = StoredObject(
    s3_bucket="media",
    s3_key="library/shot_010/a.exr",
    s3_version_id="v1",
    size_bytes=1_000,
    etag="etag-v1",
    last_modified=datetime(2026, 4, 1, tzinfo=UTC),
    content_type="image/x-exr",
    content_sha256="ab" * 32,
)
FILE = ExecutionFile(path="a.exr", stored=STORED)

EXECUTION_SAMPLES: tuple[Event, ...] = (
    PipelineCreated(**PIPELINE, execution_kind=ExecutionKind.HTTP, terms=TERMS),
    PipelineRedefined(**PIPELINE, terms=TERMS),
    PipelineDeleted(**PIPELINE),
    WorkflowCreated(**WORKFLOW, terms=WORKFLOW_TERMS),
    WorkflowRedefined(**WORKFLOW, terms=WORKFLOW_TERMS),
    WorkflowDeleted(**WORKFLOW),
    WorkflowExecutionRequested(
        **EXECUTION,
        workflow_database_id="shows",
        workflow_id="clean-plates",
        trigger=Trigger.FILE,
        inputs=(FILE,),
        steps=(ExecutionStep(**PIPELINE, execution_kind=ExecutionKind.HTTP, terms=TERMS),),
        input_parameters='{"strength":3}',
        lineage=("GLOBAL:ingest",),
    ),
    WorkflowStepStarted(**STEP),
    WorkflowStepProgressed(**STEP, percent=40, message="Frame 40"),
    WorkflowStepSucceeded(**STEP, outputs=(FILE,), log=STORED),
    WorkflowExecutionSucceeded(
        **EXECUTION, attempt=2, outputs=(ExecutionOutput(kind=OutputKind.FILE, path="a.png", s3_version_id="v2"),)
    ),
    WorkflowExecutionFailed(**STEP, code="EXIT_STATUS", message="It ended with status 3.", log=STORED),
    WorkflowExecutionTimedOut(**STEP, message="It took longer than 3600 seconds."),
    WorkflowExecutionAborted(**STEP, reason="Wrong shot"),
    WorkflowExecutionRetried(**{**STEP, "attempt": 3}),
    WorkflowRunClaimed(**RUN),
    WorkflowRunReleased(**RUN),
)
