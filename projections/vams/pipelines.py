"""Folds the definitions of pipelines and workflows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.event import Recorded
from domain.pipelines.events import (
    PipelineCreated,
    PipelineDeleted,
    PipelineRedefined,
    PipelineTerms,
    WorkflowCreated,
    WorkflowDeleted,
    WorkflowRedefined,
    WorkflowTerms,
)
from projections.vams.json_text import json_text
from projections.vams.pipeline_rows import PipelineRow, WorkflowRow
from projections.vams.sheets import Sheets


def created(sheets: Sheets, entry: Recorded, event: PipelineCreated) -> None:
    """A pipeline at its first revision."""
    at = entry.cause.at
    row = PipelineRow(
        database_id=event.database_id,
        pipeline_id=event.pipeline_id,
        pipeline_execution_type=event.execution_kind,
        **_pipeline(event.terms),
        date_created=at,
        date_updated=at,
        deleted_at=None,
        revision=1,
        position=entry.position,
    )
    sheets.pipelines.put(row, entry.position)


def redefined(sheets: Sheets, entry: Recorded, event: PipelineRedefined) -> None:
    """Other terms."""
    _change_pipeline(sheets, entry, event, **_pipeline(event.terms), date_updated=entry.cause.at)


def deleted(sheets: Sheets, entry: Recorded, event: PipelineDeleted) -> None:
    """The row stays, and says so."""
    _change_pipeline(sheets, entry, event, deleted_at=entry.cause.at)


def workflow_created(sheets: Sheets, entry: Recorded, event: WorkflowCreated) -> None:
    """A workflow at its first revision."""
    row = WorkflowRow(
        database_id=event.database_id,
        workflow_id=event.workflow_id,
        **_workflow(event.terms),
        date_created=entry.cause.at,
        **_modified(entry, entry.cause.at),
        deleted_at=None,
        revision=1,
        position=entry.position,
    )
    sheets.workflows.put(row, entry.position)


def workflow_redefined(sheets: Sheets, entry: Recorded, event: WorkflowRedefined) -> None:
    """Other terms."""
    _change_workflow(sheets, entry, event, **_workflow(event.terms), **_modified(entry, entry.cause.at))


def workflow_deleted(sheets: Sheets, entry: Recorded, event: WorkflowDeleted) -> None:
    """The row stays, and says so."""
    _change_workflow(sheets, entry, event, deleted_at=entry.cause.at)


def _pipeline(terms: PipelineTerms) -> dict[str, Any]:
    return {
        "description": terms.description,
        "pipeline_type": terms.pipeline_type,
        "resource": terms.resource,
        "asset_type": terms.asset_type,
        "output_type": terms.output_type,
        "wait_for_callback": terms.wait_for_callback,
        "task_timeout_seconds": terms.task_timeout_seconds,
        "task_heartbeat_timeout_seconds": terms.task_heartbeat_timeout_seconds,
        "input_parameters": terms.input_parameters,
        "enabled": terms.enabled,
    }


def _workflow(terms: WorkflowTerms) -> dict[str, Any]:
    steps = [{"databaseId": ref.database_id, "pipelineId": ref.pipeline_id} for ref in terms.pipelines]
    return {
        "description": terms.description,
        "pipelines": json_text(steps),
        "auto_trigger_extensions": list(terms.auto_trigger_extensions),
    }


def _modified(entry: Recorded, at: datetime) -> dict[str, Any]:
    return {"date_modified": at, "modified_by": entry.cause.actor}


def _change_pipeline(
    sheets: Sheets, entry: Recorded, event: PipelineRedefined | PipelineDeleted, **values: Any
) -> None:
    row = sheets.pipelines.get((event.database_id, event.pipeline_id))
    sheets.pipelines.put(row._replace(**values, revision=row.revision + 1, position=entry.position), entry.position)


def _change_workflow(
    sheets: Sheets, entry: Recorded, event: WorkflowRedefined | WorkflowDeleted, **values: Any
) -> None:
    row = sheets.workflows.get((event.database_id, event.workflow_id))
    sheets.workflows.put(row._replace(**values, revision=row.revision + 1, position=entry.position), entry.position)
