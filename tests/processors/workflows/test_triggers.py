"""Files that start workflows, those that do not, and the guard against loops."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from domain.executions.events import WorkflowExecutionRequested
from tests.processors.workflows.studio import CREATE_PIPELINE, CREATE_WORKFLOW, Studio

UPDATE = """mutation($input: UpdateWorkflowInput!) { updateWorkflow(input: $input) {
  position errors { code message path } } }"""
UPDATE_PIPELINE = """mutation($input: UpdatePipelineInput!) { updatePipeline(input: $input) {
  position errors { code message path } } }"""
DELETE = """mutation($input: DeleteWorkflowInput!) { deleteWorkflow(input: $input) {
  position errors { code message path } } }"""
PROBLEMS = """query($d: String, $a: String, $w: String) {
  workflowTriggerProblems(databaseId: $d, assetId: $a, workflowId: $w) { edges { node {
    position workflowDatabaseId workflowId databaseId assetId path code message } } } }"""
PENDING = """SELECT count(*) FROM procrastinate_jobs
WHERE queue_name IN ('workflow-triggers', 'workflow-steps') AND status IN ('todo', 'doing') AND scheduled_at IS NULL"""


def _settled(place: Studio) -> list[Any]:
    """Every execution over the asset, once the processor has caught up and all of them have ended."""
    client, deadline = place.product.client, time.monotonic() + 60
    while time.monotonic() < deadline:
        before = client.head()
        reached = {one["name"]: int(one["position"]) for one in client.one("{ projections { name position } }")}
        with place.product.parts.pool.connection() as connection:
            (pending,) = connection.execute(PENDING).fetchone() or (0,)
        found = place.executions()
        is_quiet = all(execution["executionStatus"] not in ("NEW", "RUNNING") for execution in found)
        if reached["workflows"] >= before and not pending and is_quiet and client.head() == before:
            return found
        time.sleep(0.1)
    raise AssertionError("It never settled.")


@pytest.fixture(autouse=True)
def made(place: Studio) -> Iterator[list[str]]:
    """Workflows of the test, which are gone after it."""
    workflow_ids: list[str] = []
    yield workflow_ids
    for workflow_id in workflow_ids:
        place.product.client.done(DELETE, databaseId="shows", workflowId=workflow_id)


def _triggered(place: Studio, made: list[str], function: str, *extensions: str, **given: Any) -> str:
    workflow = place.workflow(place.pipeline(f"tests.doubles.pipelines:{function}", **given), triggers=extensions)
    made.append(workflow)
    return workflow


def test_a_new_file_starts_the_workflows_of_its_extension(place: Studio, made: list[str]) -> None:
    workflow = _triggered(place, made, "shout", ".TXT")
    place.upload({"a.txt": b"quiet", "b.exr": b"frame"})
    (execution,) = _settled(place)
    assert (execution["workflowId"], execution["inputAssetFileKey"]) == (workflow, "a.txt")
    assert (execution["trigger"], execution["executionStatus"], execution["lineage"]) == ("FILE", "SUCCEEDED", [])
    assert place.body("a.txt.loud.txt") == b"QUIET"


def test_what_a_workflow_makes_never_starts_it_again_but_starts_others(place: Studio, made: list[str]) -> None:
    first = _triggered(place, made, "shout", ".all")
    second = _triggered(place, made, "shout", ".txt")
    place.upload({"a.txt": b"quiet"})
    found = [(one["workflowId"], one["inputAssetFileKey"], tuple(one["lineage"])) for one in _settled(place)]
    assert Counter(found) == Counter(
        [
            (first, "a.txt", ()),
            (second, "a.txt", ()),
            (second, "a.txt.loud.txt", (f"shows:{first}",)),
            (first, "a.txt.loud.txt", (f"shows:{second}",)),
        ]
    )


def test_global_workflows_take_files_of_every_database(place: Studio, made: list[str]) -> None:
    client = place.product.client
    pipeline = {"pipelineExecutionType": "PYTHON", "resource": "tests.doubles.pipelines:shout", "description": "Shouts"}
    client.done(CREATE_PIPELINE, databaseId="GLOBAL", pipelineId="global-shout", **pipeline)
    steps = [{"databaseId": "GLOBAL", "pipelineId": "global-shout"}]
    given = {"databaseId": "GLOBAL", "workflowId": "everywhere", "description": "Shouts", "pipelines": steps}
    client.done(CREATE_WORKFLOW, autoTriggerExtensions=[".txt"], **given)
    try:
        place.upload({"a.txt": b"quiet"})
        (execution,) = _settled(place)
        assert (execution["workflowId"], execution["executionStatus"]) == ("everywhere", "SUCCEEDED")
    finally:
        client.done(DELETE, databaseId="GLOBAL", workflowId="everywhere")


def test_previews_and_reserved_folders_start_nothing_and_folders_named_alike_do(place: Studio, made: list[str]) -> None:
    _triggered(place, made, "preview", ".all")
    place.upload(
        {
            "previews/a.txt": b"p",
            "deep/workspace/a.txt": b"p",
            "preview_renders/a.txt": b"p",
            "pipelines.txt": b"p",
            "pipelines.txt.previewFile.png": b"p",
        }
    )
    assert sorted(one["inputAssetFileKey"] for one in _settled(place)) == ["pipelines.txt", "preview_renders/a.txt"]


def test_a_file_that_changes_while_its_workflow_runs_is_taken_up_afterwards(
    place: Studio, made: list[str], tmp_path: Any
) -> None:
    parameters = f'{{"word": "{tmp_path / "word"}", "pid": "{tmp_path / "pid"}"}}'
    _triggered(place, made, "wait_for_word", ".txt", inputParameters=parameters)
    place.upload({"a.txt": b"one"})
    while not (tmp_path / "pid").exists():
        time.sleep(0.05)
    place.upload({"a.txt": b"two"})
    time.sleep(1)
    assert len(place.executions()) == 1
    (tmp_path / "word").touch()
    deadline = time.monotonic() + 90
    while len(place.executions()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert [one["executionStatus"] for one in _settled(place)] == ["SUCCEEDED"] * 2
    requests = [entry.event for entry in place.log() if isinstance(entry.event, WorkflowExecutionRequested)]
    assert len({request.inputs[0].stored.s3_version_id for request in requests}) == 2


def test_a_workflow_without_triggers_or_with_a_disabled_pipeline_starts_nothing(place: Studio, made: list[str]) -> None:
    client = place.product.client
    resting = _triggered(place, made, "shout", ".txt")
    client.done(UPDATE, databaseId="shows", workflowId=resting, autoTriggerExtensions=[])
    pipeline = place.pipeline("tests.doubles.pipelines:shout")
    made.append(place.workflow(pipeline, triggers=(".txt",)))
    client.done(UPDATE_PIPELINE, databaseId="shows", pipelineId=pipeline, enabled=False)
    place.upload({"a.txt": b"quiet"})
    assert _settled(place) == []


def test_the_execution_of_an_event_has_the_same_id_however_often_it_is_started(place: Studio, made: list[str]) -> None:
    _triggered(place, made, "shout", ".txt")
    place.upload({"a.txt": b"quiet"})
    (execution,) = _settled(place)
    request = next(entry for entry in place.log() if isinstance(entry.event, WorkflowExecutionRequested))
    worker = place.product.parts.workflow_runs.timers._handlers["workflow-triggers"]
    worker.run(
        position=request.cause.causation_position,
        correlation_id="again",
        workflow_database_id="shows",
        workflow_id=execution["workflowId"],
        lineage=[],
    )
    assert [one["executionId"] for one in _settled(place)] == [execution["executionId"]]


def test_a_file_that_should_have_started_a_workflow_and_did_not_is_shown(place: Studio, made: list[str]) -> None:
    _triggered(place, made, "shout", ".txt")
    place.upload({"a.txt": b"quiet"})
    _settled(place)
    request = next(entry for entry in place.log() if isinstance(entry.event, WorkflowExecutionRequested))
    position = request.cause.causation_position
    client = place.product.client
    worker = place.product.parts.workflow_runs.timers._handlers["workflow-triggers"]
    asked = {"position": position, "correlation_id": "late", "workflow_database_id": "shows", "workflow_id": "gone"}
    worker.run(**asked, lineage=["shows:another"])
    found = client.one(PROBLEMS, d="shows", a=place.asset_id, w="gone")
    expected = {
        "position": str(position),
        "workflowDatabaseId": "shows",
        "workflowId": "gone",
        "databaseId": "shows",
        "assetId": place.asset_id,
        "path": "a.txt",
        "code": "NOT_FOUND",
        "message": "There is no workflow 'shows/gone'.",
    }
    assert [edge["node"] for edge in found["edges"]] == [expected]
    worker.give_up(RuntimeError("the store was away"), **asked, lineage=[])
    (told,) = client.one(PROBLEMS, d="shows", a=place.asset_id, w="gone")["edges"]
    assert (told["node"]["code"], told["node"]["message"]) == (
        "UNAVAILABLE",
        "A service failed in every attempt, last with: the store was away",
    )
    assert client.one(PROBLEMS, d="shows", a=place.asset_id, w="another")["edges"] == []
