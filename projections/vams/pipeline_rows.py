"""The rows of pipelines.sql, one class a table: their fields are the table's columns in order, its key first."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class PipelineRow(NamedTuple):
    """A pipeline; `revision` counts its own events since it was created."""

    database_id: str
    pipeline_id: str
    description: str
    pipeline_type: str
    pipeline_execution_type: str
    resource: str
    asset_type: str
    output_type: str | None
    wait_for_callback: bool
    task_timeout_seconds: int
    task_heartbeat_timeout_seconds: int | None
    input_parameters: str
    enabled: bool
    date_created: datetime
    date_updated: datetime
    deleted_at: datetime | None
    revision: int
    position: int


class WorkflowRow(NamedTuple):
    """A workflow; `pipelines` is JSON text."""

    database_id: str
    workflow_id: str
    description: str
    pipelines: str
    auto_trigger_extensions: list[str]
    date_created: datetime
    date_modified: datetime
    modified_by: str
    deleted_at: datetime | None
    revision: int
    position: int


class WorkflowExecutionRow(NamedTuple):
    """An execution; `inputs` is JSON text."""

    database_id: str
    asset_id: str
    execution_id: str
    workflow_database_id: str
    workflow_id: str
    trigger: str
    execution_status: str
    attempt: int
    input_asset_file_key: str | None
    inputs: str
    input_parameters: str
    lineage: list[str]
    correlation_id: str
    requested_at: datetime
    requested_by: str
    start_date: datetime | None
    stop_date: datetime | None
    failure_code: str | None
    failure: str | None
    reason: str | None
    revision: int
    position: int


class WorkflowStepRow(NamedTuple):
    """A step of an execution; `definition` is JSON text, and times are of its last attempt."""

    execution_id: str
    step: int
    pipeline_database_id: str
    pipeline_id: str
    execution_kind: str
    definition: str
    state: str
    attempts: int
    started_at: datetime | None
    stopped_at: datetime | None
    percent: int | None
    message: str | None
    failure_code: str | None
    failure: str | None
    log_s3_bucket: str | None
    log_s3_key: str | None
    log_s3_version_id: str | None
    output_count: int | None
    position: int


class WorkflowOutputRow(NamedTuple):
    """Something that an execution recorded."""

    execution_id: str
    kind: str
    path: str
    database_id: str
    asset_id: str
    s3_version_id: str | None
    position: int
