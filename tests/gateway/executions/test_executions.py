"""Executions through GraphQL: asked for, cancelled, retried, refused, listed and followed. No step is run here."""

from __future__ import annotations

from typing import Any

import pytest

from domain.executions.execution import Attempt
from domain.executions.reports import record_step_started
from tests.gateway.product import Product, order_of
from tests.gateway.recording import nothing_recorded, recording
from tests.system.client import Client


def _mutation(name: str, selection: str) -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"""mutation($input: {kind}!) {{ {name}(input: $input) {{
      {selection} position errors {{ code message path }} }} }}"""


SHOWN = """workflowExecution { id executionId databaseId assetId workflowDatabaseId workflowId trigger executionStatus
  attempt inputAssetFileKey inputs { path s3Bucket s3Key s3VersionId sizeBytes } inputParameters lineage requestedBy
  startDate stopDate failureCode failure reason revision outputs { path } asset { assetName }
  workflow { description } steps { step pipelineDatabaseId pipelineId pipelineExecutionType resource inputParameters
  status attempts startedAt percent logUrl lastContact { calls } } }"""
RUN = _mutation("runWorkflow", SHOWN)
CANCEL = _mutation("cancelWorkflowExecution", "workflowExecution { executionStatus reason stopDate steps { status } }")
RETRY = _mutation("retryWorkflowExecution", "workflowExecution { executionStatus attempt reason stopDate }")
CREATE_PIPELINE = _mutation("createPipeline", "pipeline { id }")
UPDATE_PIPELINE = _mutation("updatePipeline", "pipeline { id }")
CREATE_WORKFLOW = _mutation("createWorkflow", "workflow { id }")
ARCHIVE = _mutation("archiveAsset", "asset { archived }")
EXECUTIONS = """query($f: WorkflowExecutionFilter, $first: Int, $after: String) { workflowExecutions(
  filter: $f, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
  edges { node { executionId workflowId } } } }"""
ONE = "query($id: ID!) { workflowExecution(executionId: $id) { executionStatus steps { logUrl } } }"
PROXY: Any = {"databaseId": "shows", "description": "Makes proxies", "pipelineExecutionType": "BUILT_IN"} | {
    "resource": "proxy",
    "assetType": ".exr",
}
ASKED: Any = {"workflowDatabaseId": "shows", "workflowId": "ingest", "databaseId": "shows", "assetId": "shot_010"}


@pytest.fixture(scope="module", autouse=True)
def workflow(library: Product) -> None:
    """The workflow `ingest`, and files to run it over."""
    client = library.client
    client.done(CREATE_PIPELINE, pipelineId="proxies", **PROXY)
    steps = [{"databaseId": "shows", "pipelineId": "proxies"}]
    client.done(CREATE_WORKFLOW, databaseId="shows", workflowId="ingest", description="Ingests", pipelines=steps)
    client.upload(("shows", "shot_010"), {f"{name}.exr": name.encode() for name in "abcdefgh"} | {"notes.txt": b"n"})


def _run(client: Client, *paths: str, **given: Any) -> Any:
    return client.done(RUN, paths=paths, **{**ASKED, **given})["workflowExecution"]


def test_an_execution_is_asked_for_cancelled_and_retried(library: Product) -> None:
    client = library.client
    with recording(client) as then:
        made = _run(client, "/a.exr", inputParameters='{"b": 2}')
        record_step_started(library.ledger, made["executionId"], Attempt(1, 0), order=order_of("worker"))
        cancelled = client.done(CANCEL, executionId=made["executionId"], reason="wrong shot")["workflowExecution"]
        retried = client.done(RETRY, executionId=made["executionId"])["workflowExecution"]
    assert then.types == [
        "WorkflowExecutionRequested",
        "WorkflowRunClaimed",
        "WorkflowStepStarted",
        "WorkflowExecutionAborted",
        "WorkflowRunReleased",
        "WorkflowExecutionRetried",
        "WorkflowRunClaimed",
    ]
    (given,) = made["inputs"]
    assert (given["path"], given["s3Bucket"], given["s3Key"]) == ("a.exr", "assets", "shot_010/a.exr")
    assert given["sizeBytes"] == 1
    names = ("databaseId", "assetId", "workflowId", "trigger", "executionStatus", "attempt", "inputAssetFileKey")
    assert [made[name] for name in names] == ["shows", "shot_010", "ingest", "REQUEST", "NEW", 1, "a.exr"]
    assert (made["inputParameters"], made["lineage"], made["outputs"], made["revision"]) == ('{"b": 2}', [], [], 1)
    assert (made["startDate"], made["stopDate"], made["failure"], made["reason"]) == (None, None, None, None)
    assert (made["asset"], made["workflow"]) == ({"assetName": "shot_010"}, {"description": "Ingests"})
    assert made["steps"] == [
        {
            "step": 0,
            "pipelineDatabaseId": "shows",
            "pipelineId": "proxies",
            "pipelineExecutionType": "BUILT_IN",
            "resource": "proxy",
            "inputParameters": "",
            "status": "NEW",
            "attempts": 0,
            "startedAt": None,
            "percent": None,
            "logUrl": None,
            "lastContact": None,
        }
    ]
    assert (cancelled["executionStatus"], cancelled["reason"], cancelled["steps"]) == (
        "ABORTED",
        "wrong shot",
        [{"status": "ABORTED"}],
    )
    assert retried == {"executionStatus": "NEW", "attempt": 2, "reason": None, "stopDate": None}
    node = "query($id: ID!) { node(id: $id) { ... on WorkflowExecution { executionId } } }"
    assert client.one(node, id=made["id"]) == {"executionId": made["executionId"]}


def test_what_is_refused_records_nothing(library: Product) -> None:
    client = library.client
    running = _run(client, "b.exr")["executionId"]
    client.done(CANCEL, executionId=_run(client, "c.exr")["executionId"])
    client.create_asset("other", "far")
    client.create_asset("shows", "archived")
    client.done(ARCHIVE, databaseId="shows", assetId="archived")
    client.done(CREATE_PIPELINE, pipelineId="resting", enabled=False, **{**PROXY, "assetType": ".all"})
    steps = [{"databaseId": "shows", "pipelineId": "resting"}]
    client.done(CREATE_WORKFLOW, databaseId="shows", workflowId="rests", description="Rests", pipelines=steps)
    cases: list[tuple[str, dict[str, Any], str, list[str]]] = [
        (RUN, {**ASKED, "workflowId": "none"}, "NOT_FOUND", ["workflowId"]),
        (RUN, {**ASKED, "databaseId": "other", "assetId": "far"}, "WORKFLOW_OUT_OF_SCOPE", ["workflowDatabaseId"]),
        (RUN, {**ASKED, "assetId": "none"}, "NOT_FOUND", ["assetId"]),
        (RUN, {**ASKED, "assetId": "archived"}, "ASSET_ALREADY_ARCHIVED", ["assetId"]),
        (RUN, {**ASKED, "paths": ["a.exr", "none.exr"]}, "NOT_FOUND", ["paths", "1"]),
        (RUN, {**ASKED, "paths": ["../a.exr"]}, "PATH_INVALID", ["paths", "0"]),
        (RUN, {**ASKED, "paths": ["notes.txt"]}, "WORKFLOW_INPUT_REFUSED", ["paths", "0"]),
        (RUN, {**ASKED, "paths": ["b.exr"]}, "WORKFLOW_ALREADY_RUNNING", ["paths", "0"]),
        (RUN, {**ASKED, "paths": [f"{n}.exr" for n in range(1001)]}, "LIMIT_EXCEEDED", ["paths"]),
        (RUN, {**ASKED, "paths": ["c.exr"], "inputParameters": "1"}, "INVALID", ["inputParameters"]),
        (RUN, {**ASKED, "workflowId": "rests"}, "PIPELINE_DISABLED", ["workflowId"]),
        (CANCEL, {"executionId": "none"}, "NOT_FOUND", ["executionId"]),
        (CANCEL, {"executionId": running, "expectedRevision": 9}, "PRECONDITION_FAILED", ["expectedRevision"]),
        (CANCEL, {"executionId": running, "reason": "x" * 257}, "INVALID", ["reason"]),
        (RETRY, {"executionId": "none"}, "NOT_FOUND", ["executionId"]),
        (RETRY, {"executionId": running}, "WORKFLOW_EXECUTION_NOT_RETRIABLE", ["executionId"]),
    ]
    with nothing_recorded(client):
        for document, given, code, path in cases:
            error = client.refused(document, **given)
            assert (error["code"], error["path"]) == (code, path), (given, error)
    client.done(CANCEL, executionId=running)
    with nothing_recorded(client):
        error = client.refused(CANCEL, executionId=running)
        assert (error["code"], error["path"]) == ("WORKFLOW_EXECUTION_ENDED", ["executionId"])
        error = client.refused(RETRY, executionId=running, expectedRevision=1)
        assert error["code"] == "PRECONDITION_FAILED"


def test_a_retry_of_an_execution_whose_file_is_taken_is_refused(library: Product) -> None:
    client = library.client
    first = _run(client, "d.exr")["executionId"]
    client.done(CANCEL, executionId=first)
    second = _run(client, "d.exr")["executionId"]
    with nothing_recorded(client):
        error = client.refused(RETRY, executionId=first)
        assert error["code"] == "WORKFLOW_ALREADY_RUNNING"
        assert second in error["message"]


def test_a_repeated_key_asks_once(library: Product) -> None:
    client = library.client
    with recording(client) as then:
        found = {_run(client, "e.exr", idempotencyKey="run once")["executionId"] for _ in range(2)}
    assert len(found) == 1
    assert then.types == ["WorkflowExecutionRequested", "WorkflowRunClaimed", "OrderAccepted"]


def test_executions_are_listed_the_latest_first_and_filtered(library: Product) -> None:
    client = library.client
    first = _run(client, "f.exr")["executionId"]
    second = _run(client, "g.exr", "h.exr")["executionId"]
    client.done(CANCEL, executionId=second)

    def ids(**criteria: Any) -> list[str]:
        found = client.one(EXECUTIONS, f=criteria)
        assert found["totalCount"] == len(found["edges"])
        return [edge["node"]["executionId"] for edge in found["edges"]]

    assert ids(databaseId="shows", assetId="shot_010")[:2] == [second, first]
    assert ids(path="/h.exr") == [second]
    assert ids(path="f.exr", workflowDatabaseId="shows", workflowId="ingest", trigger="REQUEST") == [first]
    assert ids(path="f.exr", executionStatuses=["ABORTED", "FAILED"]) == []
    assert ids(path="g.exr", executionStatuses=["ABORTED"]) == [second]
    assert ids(trigger="FILE") == ids(outputPath="f.exr") == ids(assetId="far") == []
    page = client.one(EXECUTIONS, f={"assetId": "shot_010"}, first=1)
    rest = client.one(EXECUTIONS, f={"assetId": "shot_010"}, first=1, after=page["pageInfo"]["endCursor"])
    assert [found["edges"][0]["node"]["executionId"] for found in (page, rest)] == [second, first]
    assert client.one(ONE, id=first) == {"executionStatus": "NEW", "steps": [{"logUrl": None}]}
    assert client.one(ONE, id="none") is None
