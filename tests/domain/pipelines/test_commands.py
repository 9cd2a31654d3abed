"""Pipelines and workflows: what can be defined, changed and deleted, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from domain.databases.deletion import delete_database
from domain.databases.errors import DatabaseHasPipelines, DatabaseIsDeleted, DatabaseNotFound
from domain.errors import DomainError, Invalid, RevisionMismatch
from domain.pipelines.commands import create_pipeline, delete_pipeline, update_pipeline
from domain.pipelines.errors import (
    PipelineAlreadyExists,
    PipelineInUse,
    PipelineNotFound,
    PipelineOutOfScope,
    PipelineResourceInvalid,
    WorkflowAlreadyExists,
    WorkflowNotFound,
)
from domain.pipelines.events import (
    ExecutionKind,
    PipelineCreated,
    PipelineDeleted,
    PipelineRedefined,
    PipelineRef,
    WorkflowCreated,
    WorkflowDeleted,
    WorkflowRedefined,
    WorkflowTerms,
)
from domain.pipelines.registry import load_registry
from domain.pipelines.workflows import delete_workflow, update_workflow
from tests.domain.library import order, recording, refused
from tests.domain.pipelines.scene import KIND, POLICY, given_pipeline, given_workflow, refs_of, terms
from tests.doubles.memory_ledger import MemoryLedger

DENOISE = ("shows", "denoise")
CLEAN = ("shows", "clean")


def _create(ledger: MemoryLedger, key: tuple[str, str] = DENOISE, kind: ExecutionKind = KIND, **values: Any) -> None:
    create_pipeline(ledger, key, execution_kind=kind, terms=terms(**values), policy=POLICY, order=order())


def test_a_pipeline_is_made_changed_and_deleted(shows: MemoryLedger) -> None:
    with recording(shows) as then:
        _create(shows)
        update_pipeline(shows, DENOISE, changes={"enabled": False}, policy=POLICY, order=order())
        update_pipeline(shows, DENOISE, changes={"enabled": False}, policy=POLICY, order=order())
        delete_pipeline(shows, DENOISE, order=order())
    key: Any = {"database_id": "shows", "pipeline_id": "denoise"}
    assert then.events == [
        PipelineCreated(**key, execution_kind=KIND, terms=terms()),
        PipelineRedefined(**key, terms=terms(enabled=False)),
        PipelineDeleted(**key),
    ]
    assert load_registry(shows)[1].pipelines == {}


def test_a_workflow_is_made_changed_and_deleted(shows: MemoryLedger) -> None:
    given_pipeline(shows)
    with recording(shows) as then:
        given_workflow(shows)
        update_workflow(shows, CLEAN, auto_trigger_extensions=(".exr",), order=order())
        update_workflow(shows, CLEAN, description="Cleans plates", order=order())
        delete_workflow(shows, CLEAN, order=order())
    key: Any = {"database_id": "shows", "workflow_id": "clean"}
    first = WorkflowTerms(description="Cleans plates", pipelines=refs_of("denoise"))
    second = WorkflowTerms(description="Cleans plates", pipelines=refs_of("denoise"), auto_trigger_extensions=(".exr",))
    assert then.events == [
        WorkflowCreated(**key, terms=first),
        WorkflowRedefined(**key, terms=second),
        WorkflowDeleted(**key),
    ]


def test_an_id_is_of_global_or_of_databases_and_never_of_both(shows: MemoryLedger) -> None:
    given_pipeline(shows, "denoise", database_id="GLOBAL")
    with refused(shows, PipelineAlreadyExists, "pipelineId"):
        given_pipeline(shows, "denoise")
    given_pipeline(shows, "regrain")
    for database_id in ("GLOBAL", "shows"):
        with refused(shows, PipelineAlreadyExists, "pipelineId"):
            given_pipeline(shows, "regrain", database_id=database_id)
    delete_pipeline(shows, ("shows", "regrain"), order=order())
    given_pipeline(shows, "regrain", database_id="GLOBAL")


def test_a_pipeline_in_use_stays_until_its_workflows_are_gone_or_changed(shows: MemoryLedger) -> None:
    given_pipeline(shows)
    given_pipeline(shows, "regrain")
    given_workflow(shows)
    with refused(shows, PipelineInUse, "pipelineId"):
        delete_pipeline(shows, DENOISE, order=order())
    update_workflow(shows, CLEAN, pipelines=refs_of("regrain"), order=order())
    delete_pipeline(shows, DENOISE, order=order())
    delete_workflow(shows, CLEAN, order=order())
    delete_pipeline(shows, ("shows", "regrain"), order=order())


def test_workflows_use_pipelines_of_their_scope(shows: MemoryLedger) -> None:
    given_pipeline(shows)
    given_pipeline(shows, "global-denoise", database_id="GLOBAL")
    both = (*refs_of("denoise"), PipelineRef(database_id="GLOBAL", pipeline_id="global-denoise"))
    given_workflow(shows, "clean", pipelines=both)
    with refused(shows, PipelineOutOfScope, "pipelines", "1"):
        pipelines = (both[1], both[0])
        given_workflow(shows, "everywhere", database_id="GLOBAL", pipelines=pipelines)
    with refused(shows, PipelineNotFound, "pipelines", "0"):
        update_workflow(shows, CLEAN, pipelines=refs_of("none"), order=order())
    with refused(shows, PipelineOutOfScope, "pipelines", "0"):
        update_workflow(shows, CLEAN, pipelines=refs_of("x", database_id="other"), order=order())


def test_a_database_with_pipelines_or_workflows_is_not_deleted_and_a_deleted_one_gets_none(
    shows: MemoryLedger,
) -> None:
    given_pipeline(shows)
    with refused(shows, DatabaseHasPipelines, "databaseId"):
        delete_database(shows, "shows", order=order())
    delete_pipeline(shows, DENOISE, order=order())
    given_pipeline(shows, "denoise", database_id="GLOBAL")
    global_denoise = (PipelineRef(database_id="GLOBAL", pipeline_id="denoise"),)
    given_workflow(shows, pipelines=global_denoise)
    with refused(shows, DatabaseHasPipelines, "databaseId"):
        delete_database(shows, "shows", order=order())
    delete_workflow(shows, CLEAN, order=order())
    delete_database(shows, "shows", order=order())
    with refused(shows, DatabaseIsDeleted, "databaseId"):
        given_pipeline(shows, "regrain")
    with refused(shows, DatabaseIsDeleted, "databaseId"):
        given_workflow(shows, pipelines=global_denoise)
    with refused(shows, DatabaseNotFound, "databaseId"):
        given_pipeline(shows, "regrain", database_id="nowhere")


CASES: list[tuple[dict[str, Any], type[DomainError], str]] = [
    ({"description": "x"}, Invalid, "description"),
    ({"asset_type": "exr"}, Invalid, "assetType"),
    ({"output_type": ".all"}, Invalid, "outputType"),
    ({"task_timeout_seconds": 0}, Invalid, "taskTimeoutSeconds"),
    ({"task_timeout_seconds": 604_801}, Invalid, "taskTimeoutSeconds"),
    ({"task_timeout_seconds": 5, "task_heartbeat_timeout_seconds": 5}, Invalid, "taskHeartbeatTimeoutSeconds"),
    ({"input_parameters": "[1]"}, Invalid, "inputParameters"),
    ({"input_parameters": "{"}, Invalid, "inputParameters"),
    ({"wait_for_callback": True}, Invalid, "waitForCallback"),
    ({"resource": "os:system"}, PipelineResourceInvalid, "resource"),
]


@pytest.mark.parametrize(("values", "error", "field"), CASES)
def test_terms_that_cannot_be_run_are_refused_when_made_and_when_changed(
    shows: MemoryLedger, values: dict[str, Any], error: type[DomainError], field: str
) -> None:
    with refused(shows, error, field):
        _create(shows, **values)
    given_pipeline(shows)
    with refused(shows, error, field):
        update_pipeline(shows, DENOISE, changes=values, policy=POLICY, order=order())


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"resource": "magic"}, "resource"),
        ({"resource": "convert"}, "outputType"),
        ({"resource": "convert", "output_type": ".exr"}, "outputType"),
        ({"resource": "proxy", "input_parameters": '{"maxWidth": 9}'}, "inputParameters"),
        ({"resource": "convert", "output_type": ".png", "input_parameters": '{"maxWidth": 0}'}, "inputParameters"),
    ],
)
def test_built_in_pipelines_take_what_they_know(shows: MemoryLedger, values: dict[str, Any], field: str) -> None:
    with refused(shows, PipelineResourceInvalid, field):
        _create(shows, kind=ExecutionKind.BUILT_IN, **values)


@pytest.mark.parametrize("url", ["ftp://farm.example/", "http://127.0.0.1/", "http://localhost:9/", "farm"])
def test_endpoints_are_http_urls_beyond_this_server(shows: MemoryLedger, url: str) -> None:
    with refused(shows, PipelineResourceInvalid, "resource"):
        _create(shows, kind=ExecutionKind.HTTP, resource=url)


def test_what_is_unknown_or_outdated_is_refused(shows: MemoryLedger) -> None:
    given_pipeline(shows)
    given_workflow(shows)
    with refused(shows, PipelineNotFound, "pipelineId"):
        delete_pipeline(shows, ("shows", "none"), order=order())
    with refused(shows, PipelineNotFound, "pipelineId"):
        update_pipeline(shows, ("other", "denoise"), changes={}, policy=POLICY, order=order())
    with refused(shows, WorkflowNotFound, "workflowId"):
        delete_workflow(shows, ("shows", "none"), order=order())
    with refused(shows, WorkflowAlreadyExists, "workflowId"):
        given_workflow(shows)
    for command in (delete_pipeline, delete_workflow):
        key = DENOISE if command is delete_pipeline else CLEAN
        with refused(shows, RevisionMismatch, "expectedRevision"):
            command(shows, key, order=order(expected_revision=2))
    with refused(shows, Invalid, "pipelineId"):
        _create(shows, key=("shows", "abc"))
    with refused(shows, Invalid, "databaseId"):
        _create(shows, key=("no database", "denoise"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"pipelines": ()}, "pipelines"),
        ({"pipelines": refs_of(*["denoise"] * 51)}, "pipelines"),
        ({"auto_trigger_extensions": ("exr",)}, "autoTriggerExtensions"),
        ({"auto_trigger_extensions": tuple(f".e{n}" for n in range(101))}, "autoTriggerExtensions"),
        ({"description": ""}, "description"),
    ],
)
def test_workflows_that_cannot_be_are_refused(shows: MemoryLedger, values: dict[str, Any], field: str) -> None:
    given_pipeline(shows)
    with refused(shows, Invalid, field):
        given_workflow(shows, **values)


def test_rotating_the_secret_gives_the_next_generation(shows: MemoryLedger) -> None:
    given_pipeline(shows)
    outcome = update_pipeline(shows, DENOISE, changes={}, rotate_secret=True, policy=POLICY, order=order())
    assert outcome.result == {"secretGeneration": "2"}
