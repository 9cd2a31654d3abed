"""Executions: the state machine from request to outputs, and everything that it refuses or ignores."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assets.commands import archive_asset
from domain.assets.errors import AssetAlreadyArchived, AssetNotFound
from domain.databases.commands import update_database
from domain.errors import Invalid, LimitExceeded, RevisionMismatch
from domain.event import Event
from domain.executions.commands import (
    Run,
    cancel_workflow_execution,
    load_execution,
    retry_workflow_execution,
    run_workflow,
)
from domain.executions.errors import (
    OutputInvalid,
    WorkflowAlreadyRunning,
    WorkflowExecutionEnded,
    WorkflowExecutionNotFound,
    WorkflowExecutionNotRetriable,
    WorkflowInputRefused,
    WorkflowOutOfScope,
)
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
from domain.executions.execution import Attempt
from domain.executions.recording import record_outputs
from domain.executions.reports import (
    Failure,
    record_step_failure,
    record_step_progress,
    record_step_started,
    record_step_success,
    record_step_timeout,
)
from domain.files.errors import FileNotFound, FileVersionNotFound
from domain.files.events import FileVersionObserved
from domain.pipelines.commands import update_pipeline
from domain.pipelines.errors import PipelineDisabled, WorkflowNotFound
from domain.pipelines.workflows import delete_workflow
from tests.domain.library import ASSET, given_asset, given_database, given_file, order, recording, refused, stored
from tests.domain.pipelines.scene import KIND, POLICY, given_pipeline, given_workflow, terms
from tests.doubles.memory_ledger import MemoryLedger

SHOT = ("shows", "shot_010")
CLEAN = ("shows", "clean")
EXECUTION: Any = {**ASSET, "execution_id": "e1"}
CLAIM: Any = {
    "workflow_database_id": "shows",
    "workflow_id": "clean",
    **ASSET,
    "path": "a.exr",
    "execution_id": "e1",
}
FIRST, SECOND, LAST = Attempt(1, 0), Attempt(1, 1), Attempt(1, 2)


@pytest.fixture
def plate(shot: MemoryLedger) -> MemoryLedger:
    """An asset with the file a.exr, and the workflow `clean` of two steps."""
    given_file(shot, "a.exr")
    given_pipeline(shot, "denoise", asset_type=".exr")
    given_pipeline(shot, "regrain")
    given_workflow(shot, "clean", "denoise", "regrain")
    return shot


def _run(ledger: MemoryLedger, execution_id: str = "e1", *paths: str, **values: Any) -> None:
    run = Run(**({"workflow": CLEAN, "asset": SHOT, "paths": paths or ("a.exr",)} | values))
    run_workflow(ledger, execution_id, run=run, order=order())


def _step(ledger: MemoryLedger, at: Attempt, *paths: str) -> None:
    record_step_started(ledger, "e1", at, order=order())
    outputs = tuple(ExecutionFile(path=path, stored=stored(path)) for path in paths)
    record_step_success(ledger, "e1", at, outputs=outputs, log=None, order=order())


def _finish(ledger: MemoryLedger, at: Attempt = LAST, *paths: str) -> None:
    placed = {path: stored(path, "v2") for path in paths}
    record_outputs(ledger, "e1", at, placed=placed, entries=(), order=order())


def _state(ledger: MemoryLedger) -> str:
    return load_execution(ledger, "e1")[1].state


def test_a_request_holds_inputs_and_pipelines_as_they_are_and_claims_the_file(plate: MemoryLedger) -> None:
    with recording(plate) as then:
        _run(plate, input_parameters='{"strength": 2}', lineage=("shows:ingest",), trigger=Trigger.FILE)
    request = WorkflowExecutionRequested(
        **EXECUTION,
        workflow_database_id="shows",
        workflow_id="clean",
        trigger=Trigger.FILE,
        inputs=(ExecutionFile(path="a.exr", stored=stored("a.exr")),),
        steps=(
            ExecutionStep(
                database_id="shows", pipeline_id="denoise", execution_kind=KIND, terms=terms(asset_type=".exr")
            ),
            ExecutionStep(database_id="shows", pipeline_id="regrain", execution_kind=KIND, terms=terms()),
        ),
        input_parameters='{"strength": 2}',
        lineage=("shows:ingest",),
    )
    assert then.events == [request, WorkflowRunClaimed(**CLAIM)]


def test_steps_are_run_one_after_another_and_their_outputs_recorded_at_the_end(plate: MemoryLedger) -> None:
    _run(plate)
    with recording(plate) as then:
        record_step_started(plate, "e1", FIRST, order=order())
        record_step_progress(plate, "e1", FIRST, percent=5, message="Go", order=order())
        record_step_progress(plate, "e1", FIRST, percent=5, message="Go", order=order())
        _step(plate, FIRST, "b.exr")
        _step(plate, SECOND)
        _finish(plate, LAST, "b.exr")
    made = ExecutionFile(path="b.exr", stored=stored("b.exr"))
    output = ExecutionOutput(kind=OutputKind.FILE, path="b.exr", s3_version_id="v2")
    expected: list[Event] = [
        WorkflowStepStarted(**EXECUTION, attempt=1, step=0),
        WorkflowStepProgressed(**EXECUTION, attempt=1, step=0, percent=5, message="Go"),
        WorkflowStepSucceeded(**EXECUTION, attempt=1, step=0, outputs=(made,)),
        WorkflowStepStarted(**EXECUTION, attempt=1, step=1),
        WorkflowStepSucceeded(**EXECUTION, attempt=1, step=1, outputs=()),
        FileVersionObserved(**ASSET, path="b.exr", stored=stored("b.exr", "v2")),
        WorkflowExecutionSucceeded(**EXECUTION, attempt=1, outputs=(output,)),
        WorkflowRunReleased(**CLAIM),
    ]
    assert then.events == expected
    assert _state(plate) == "SUCCEEDED"


def test_a_step_works_on_the_files_of_the_last_step_that_made_some(plate: MemoryLedger) -> None:
    _run(plate)
    _step(plate, FIRST, "b.exr", "b.exr.previewFile.png", "metadata.json")
    assert [file.path for file in load_execution(plate, "e1")[1].inputs] == ["b.exr"]
    _step(plate, SECOND, "a.exr.attribute.json")
    assert [file.path for file in load_execution(plate, "e1")[1].inputs] == ["b.exr"]


def test_a_workflow_runs_once_at_a_time_over_a_file_and_as_often_as_wanted_over_others(plate: MemoryLedger) -> None:
    given_file(plate, "b.exr")
    _run(plate)
    with refused(plate, WorkflowAlreadyRunning, "paths", "1"):
        _run(plate, "e2", "b.exr", "a.exr")
    _run(plate, "e3", "b.exr")
    given_workflow(plate, "other", "regrain")
    _run(plate, "e4", "a.exr", workflow=("shows", "other"))
    _run(plate, "e5", workflow=("shows", "other"), paths=())
    with refused(plate, WorkflowAlreadyRunning, "assetId"):
        _run(plate, "e6", workflow=("shows", "other"), paths=())
    cancel_workflow_execution(plate, "e1", order=order())
    _run(plate, "e7")


def test_asking_for_an_execution_again_records_nothing(plate: MemoryLedger) -> None:
    _run(plate)
    with recording(plate) as then:
        _run(plate)
    assert then.events == []


def test_a_failure_and_a_timeout_end_the_execution_and_give_the_file_back(plate: MemoryLedger) -> None:
    _run(plate)
    record_step_started(plate, "e1", FIRST, order=order())
    with recording(plate) as then:
        record_step_failure(plate, "e1", FIRST, failure=Failure("CRASHED", "It crashed."), order=order())
        retry_workflow_execution(plate, "e1", order=order())
        record_step_timeout(plate, "e1", Attempt(2, 0), message="Too long.", order=order())
    assert then.events == [
        WorkflowExecutionFailed(**EXECUTION, attempt=1, step=0, code="CRASHED", message="It crashed."),
        WorkflowRunReleased(**CLAIM),
        WorkflowExecutionRetried(**EXECUTION, attempt=2, step=0),
        WorkflowRunClaimed(**CLAIM),
        WorkflowExecutionTimedOut(**EXECUTION, attempt=2, step=0, message="Too long."),
        WorkflowRunReleased(**CLAIM),
    ]


def test_a_retry_goes_on_with_the_first_step_that_has_not_succeeded(plate: MemoryLedger) -> None:
    _run(plate)
    _step(plate, FIRST, "b.exr")
    cancel_workflow_execution(plate, "e1", reason="wrong", order=order())
    with recording(plate) as then:
        retry_workflow_execution(plate, "e1", order=order())
        _step(plate, Attempt(2, 1))
        _finish(plate, Attempt(2, 2), "b.exr")
    assert WorkflowExecutionRetried(**EXECUTION, attempt=2, step=1) == then.events[0]
    assert _state(plate) == "SUCCEEDED"


def test_reports_of_a_closed_attempt_record_nothing(plate: MemoryLedger) -> None:
    _run(plate)
    with recording(plate) as cancelled:
        cancel_workflow_execution(plate, "e1", order=order())
    assert cancelled.events[0] == WorkflowExecutionAborted(**EXECUTION, attempt=1, step=0)

    def report() -> list[Any]:
        failure = Failure("LATE", "Late.")
        outcomes = [
            record_step_started(plate, "e1", FIRST, order=order()),
            record_step_progress(plate, "e1", FIRST, percent=1, message=None, order=order()),
            record_step_success(plate, "e1", FIRST, outputs=(), log=None, order=order()),
            record_step_failure(plate, "e1", FIRST, failure=failure, order=order()),
            record_step_timeout(plate, "e1", FIRST, message="Late.", order=order()),
            record_outputs(plate, "e1", LAST, placed={}, entries=(), order=order()),
        ]
        return [dict(outcome.result) for outcome in outcomes]

    with recording(plate) as then:
        assert report() == [{}] * 6
        assert then.events == []
    retry_workflow_execution(plate, "e1", order=order())
    with recording(plate) as then:
        assert report() == [{}] * 6
    assert then.events == []


def test_only_ends_that_are_no_success_can_be_retried_and_only_open_ones_cancelled(plate: MemoryLedger) -> None:
    _run(plate)
    with refused(plate, WorkflowExecutionNotRetriable, "executionId"):
        retry_workflow_execution(plate, "e1", order=order())
    with refused(plate, RevisionMismatch, "expectedRevision"):
        cancel_workflow_execution(plate, "e1", order=order(expected_revision=9))
    _step(plate, FIRST)
    _step(plate, SECOND)
    _finish(plate)
    with refused(plate, WorkflowExecutionNotRetriable, "executionId"):
        retry_workflow_execution(plate, "e1", order=order())
    with refused(plate, WorkflowExecutionEnded, "executionId"):
        cancel_workflow_execution(plate, "e1", order=order())
    for command in (cancel_workflow_execution, retry_workflow_execution):
        with refused(plate, WorkflowExecutionNotFound, "executionId"):
            command(plate, "none", order=order())


def test_a_retry_finds_the_file_taken_or_the_asset_archived(plate: MemoryLedger) -> None:
    _run(plate)
    cancel_workflow_execution(plate, "e1", order=order())
    _run(plate, "e2")
    with refused(plate, WorkflowAlreadyRunning, "paths", "0"):
        retry_workflow_execution(plate, "e1", order=order())
    archive_asset(plate, *SHOT, order=order())
    with refused(plate, AssetAlreadyArchived, "assetId"):
        retry_workflow_execution(plate, "e1", order=order())


def test_what_cannot_be_run_is_refused(plate: MemoryLedger) -> None:
    given_file(plate, "notes.txt")
    given_database(plate, "other")
    given_asset(plate, "far", database_id="other")
    with refused(plate, WorkflowNotFound, "workflowId"):
        _run(plate, workflow=("shows", "none"))
    with refused(plate, WorkflowOutOfScope, "workflowDatabaseId"):
        run = Run(workflow=CLEAN, asset=("other", "far"))
        run_workflow(plate, "e1", run=run, order=order())
    with refused(plate, AssetNotFound, "assetId"):
        _run(plate, asset=("shows", "none"))
    with refused(plate, FileNotFound, "paths", "1"):
        _run(plate, "e1", "a.exr", "none.exr")
    with refused(plate, FileVersionNotFound, "s3VersionId"):
        _run(plate, stored=stored("a.exr", "v9"))
    with refused(plate, WorkflowInputRefused, "paths", "0"):
        _run(plate, "e1", "notes.txt")
    with refused(plate, WorkflowInputRefused, "paths"):
        _run(plate, paths=())
    with refused(plate, Invalid, "paths"):
        _run(plate, "e1", "a.exr", "/a.exr")
    with refused(plate, LimitExceeded, "paths"):
        _run(plate, "e1", *(f"{n}.exr" for n in range(1001)))
    with refused(plate, Invalid, "inputParameters"):
        _run(plate, input_parameters="2")
    update_pipeline(plate, ("shows", "regrain"), changes={"enabled": False}, policy=POLICY, order=order())
    with refused(plate, PipelineDisabled, "workflowId"):
        _run(plate)


def test_an_execution_outlives_its_workflow(plate: MemoryLedger) -> None:
    _run(plate)
    delete_workflow(plate, CLEAN, order=order())
    _step(plate, FIRST)
    _step(plate, SECOND)
    _finish(plate)
    assert _state(plate) == "SUCCEEDED"


def test_outputs_that_anybody_would_be_refused_are_refused_here(plate: MemoryLedger) -> None:
    _run(plate)
    _step(plate, FIRST)
    _step(plate, SECOND)
    with refused(plate, OutputInvalid, "outputs", "preview.png"):
        large = stored("preview.png", size_bytes=6 << 20)
        record_outputs(plate, "e1", LAST, placed={"preview.png": large}, entries=(), order=order())
    update_database(plate, "shows", restrict_file_uploads_to_extensions=(".exr",), order=order())
    with refused(plate, OutputInvalid, "outputs", "b.png"):
        _finish(plate, LAST, "b.exr", "b.png")
    archive_asset(plate, *SHOT, order=order())
    with refused(plate, OutputInvalid, "outputs", "outputs"):
        _finish(plate, LAST, "b.exr")
