"""What a pipeline is told: one JSON document, version 1, in VAMS's names (`vams.md` section 5). See DECISIONS.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from domain.assets.asset import ASSETS, Asset
from domain.executions.events import ExecutionFile, WorkflowExecutionRequested
from domain.executions.execution import Execution
from domain.files.file import FILES
from domain.json import JsonValue
from domain.ledger import Ledger
from domain.metadata import Metadata
from domain.pipelines.rules import check_parameters

VERSION = 1


def input_parameters(execution: Execution) -> dict[str, JsonValue]:
    """The pipeline's parameters, and over them those of the execution."""
    step = execution.step
    assert step is not None
    return {
        **check_parameters(step.terms.input_parameters),
        **check_parameters(execution.request.input_parameters),
    }


def input_metadata(ledger: Ledger, request: WorkflowExecutionRequested, *, position: int) -> dict[str, Any]:
    """What the asset and the input files said of themselves when the execution was asked for, by value and whole."""
    key = (request.database_id, request.asset_id)
    (asset,) = ledger.load_many(ASSETS, [key], until=position)
    files = ledger.load_many(FILES, [(*key, file.path) for file in request.inputs], until=position)
    states = [(file.path, stream.state) for file, stream in zip(request.inputs, files, strict=True)]
    return {
        "VAMS": {
            "assetData": _asset_data(asset.state),
            "assetMetadata": _entries(asset.state.metadata if asset.state else {}),
            "fileMetadata": {path: _entries(state.metadata) for path, state in states if state},
            "fileAttributes": {path: _entries(state.attributes) for path, state in states if state},
        }
    }


def payload(ledger: Ledger, execution: Execution, *, position: int, correlation_id: str) -> dict[str, Any]:
    """The document, but for how to read the inputs and how to answer."""
    request, step, attempt = execution.request, execution.step, execution.next
    assert step is not None
    return {
        "version": VERSION,
        "executionId": request.execution_id,
        "attempt": attempt.attempt,
        "step": attempt.step,
        "databaseId": request.database_id,
        "assetId": request.asset_id,
        "workflowDatabaseId": request.workflow_database_id,
        "workflowId": request.workflow_id,
        "pipelineDatabaseId": step.database_id,
        "pipelineId": step.pipeline_id,
        "pipelineType": step.terms.pipeline_type,
        "outputType": step.terms.output_type,
        "taskTimeoutSeconds": step.terms.task_timeout_seconds,
        "taskHeartbeatTimeoutSeconds": step.terms.task_heartbeat_timeout_seconds,
        "correlationId": correlation_id,
        "inputParameters": input_parameters(execution),
        "inputMetadata": input_metadata(ledger, request, position=position),
        "inputs": list(described(execution.inputs)),
    }


def described(files: Iterable[ExecutionFile]) -> Iterable[dict[str, Any]]:
    """What a pipeline is told of its inputs, without their bytes."""
    for file in files:
        yield {
            "inputAssetFileKey": file.path,
            "bucketAsset": file.stored.s3_bucket,
            "inputS3AssetFilePath": file.stored.s3_key,
            "s3VersionId": file.stored.s3_version_id,
            "sizeBytes": file.stored.size_bytes,
            "contentType": file.stored.content_type,
        }


def _asset_data(asset: Asset | None) -> dict[str, Any]:
    if asset is None:
        return {}
    return {"assetName": asset.asset_name, "description": asset.description, "tags": list(asset.tags)}


def _entries(metadata: Metadata) -> Mapping[str, Any]:
    return {entry.key: {"valueType": entry.value_type, "value": entry.value} for entry in metadata.values()}
