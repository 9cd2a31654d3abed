"""Pipelines and workflows through GraphQL: made, changed, refused, listed, and what the log holds of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.product import Product
from tests.gateway.recording import nothing_recorded, recording
from tests.system.client import Client


def _mutation(name: str, selection: str) -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"""mutation($input: {kind}!) {{ {name}(input: $input) {{
      {selection} position errors {{ code message path }} }} }}"""


PIPELINE = """pipeline { id databaseId pipelineId description pipelineType pipelineExecutionType resource assetType
  outputType waitForCallback taskTimeoutSeconds taskHeartbeatTimeoutSeconds inputParameters enabled deletedAt revision
  workflows { workflowId } }"""
WORKFLOW = """workflow { id databaseId workflowId description autoTriggerExtensions modifiedBy deletedAt revision
  pipelines { databaseId pipelineId pipeline { resource } } }"""
CREATE_PIPELINE = _mutation("createPipeline", f"signingSecret {PIPELINE}")
UPDATE_PIPELINE = _mutation("updatePipeline", f"signingSecret {PIPELINE}")
DELETE_PIPELINE = _mutation("deletePipeline", "deletedPipelineId")
CREATE_WORKFLOW = _mutation("createWorkflow", WORKFLOW)
UPDATE_WORKFLOW = _mutation("updateWorkflow", WORKFLOW)
DELETE_WORKFLOW = _mutation("deleteWorkflow", "deletedWorkflowId")
DELETE_DATABASE = _mutation("deleteDatabase", "database { archived }")
PIPELINES = """query($f: PipelineFilter, $first: Int, $after: String) { pipelines(
  filter: $f, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
  edges { node { databaseId pipelineId } } } }"""
WORKFLOWS = """query($f: WorkflowFilter) { workflows(filter: $f) { totalCount
  edges { node { databaseId workflowId } } } }"""
PROXY: Any = {"databaseId": "shows", "description": "Makes proxies", "pipelineExecutionType": "BUILT_IN"} | {
    "resource": "proxy"
}
FARM: Any = {**PROXY, "pipelineExecutionType": "HTTP", "resource": "https://farm.example/denoise"}


def _flow(*pipelines: str, **given: Any) -> dict[str, Any]:
    steps = [{"databaseId": "shows", "pipelineId": pipeline} for pipeline in pipelines]
    return {"databaseId": "shows", "description": "Ingests plates", "pipelines": steps, **given}


@pytest.fixture(scope="module")
def client(library: Product) -> Client:
    return library.client


def test_a_pipeline_is_made_changed_switched_off_and_deleted(client: Client) -> None:
    given = {"assetType": ".EXR", "outputType": ".JPG", "taskTimeoutSeconds": 60, "taskHeartbeatTimeoutSeconds": 5}
    with recording(client) as then:
        made = client.done(CREATE_PIPELINE, pipelineId="proxies", pipelineType="PREVIEW_FILE", **PROXY, **given)
        changes = {"outputType": "", "taskHeartbeatTimeoutSeconds": 0, "enabled": False, "description": "Other"}
        changed = client.done(UPDATE_PIPELINE, databaseId="shows", pipelineId="proxies", **changes)["pipeline"]
        client.done(UPDATE_PIPELINE, databaseId="shows", pipelineId="proxies", enabled=False)
        gone = client.done(DELETE_PIPELINE, databaseId="shows", pipelineId="proxies", expectedRevision=2)
    pipeline = made["pipeline"]
    identity = pipeline.pop("id")
    assert pipeline == {
        "databaseId": "shows",
        "pipelineId": "proxies",
        "description": "Makes proxies",
        "pipelineType": "PREVIEW_FILE",
        "pipelineExecutionType": "BUILT_IN",
        "resource": "proxy",
        "assetType": ".exr",
        "outputType": ".jpg",
        "waitForCallback": False,
        "taskTimeoutSeconds": 60,
        "taskHeartbeatTimeoutSeconds": 5,
        "inputParameters": "",
        "enabled": True,
        "deletedAt": None,
        "revision": 1,
        "workflows": [],
    }
    assert made["signingSecret"] is None
    assert (changed["outputType"], changed["taskHeartbeatTimeoutSeconds"], changed["enabled"]) == (None, None, False)
    assert (changed["assetType"], changed["description"], changed["revision"]) == (".exr", "Other", 2)
    assert gone["deletedPipelineId"] == "proxies"
    assert then.types == ["PipelineCreated", "PipelineRedefined", "PipelineDeleted"]
    node = client.one("query($id: ID!) { node(id: $id) { ... on Pipeline { pipelineId deletedAt } } }", id=identity)
    assert (node["pipelineId"], node["deletedAt"] is not None) == ("proxies", True)
    found = client.one('{ pipeline(databaseId: "shows", pipelineId: "proxies") { revision deletedAt } }')
    assert (found["revision"], found["deletedAt"]) == (3, node["deletedAt"])
    again = client.done(CREATE_PIPELINE, pipelineId="proxies", **PROXY)["pipeline"]
    assert (again["revision"], again["deletedAt"], again["outputType"]) == (1, None, None)


def test_an_endpoint_is_given_its_secret_when_it_is_made_and_when_it_is_rotated(client: Client) -> None:
    made = client.done(CREATE_PIPELINE, pipelineId="farm", waitForCallback=True, **FARM)
    assert made["signingSecret"].startswith("whsec_")
    changed = client.done(UPDATE_PIPELINE, databaseId="shows", pipelineId="farm", enabled=False)
    assert changed["signingSecret"] is None
    rotated = client.done(UPDATE_PIPELINE, databaseId="shows", pipelineId="farm", rotateSecret=True)
    assert rotated["signingSecret"].startswith("whsec_")
    assert rotated["signingSecret"] != made["signingSecret"]


def test_a_workflow_is_made_changed_and_deleted(client: Client) -> None:
    client.done(CREATE_PIPELINE, pipelineId="first", **PROXY)
    client.done(CREATE_PIPELINE, pipelineId="second", **{**PROXY, "resource": "metadata"})
    with recording(client) as then:
        made = client.done(
            CREATE_WORKFLOW, workflowId="ingest", **_flow("first", "second", autoTriggerExtensions=[".EXR", ".exr"])
        )["workflow"]
        steps = [{"databaseId": "shows", "pipelineId": "second"}]
        changed = client.done(UPDATE_WORKFLOW, databaseId="shows", workflowId="ingest", pipelines=steps)["workflow"]
        client.done(UPDATE_WORKFLOW, databaseId="shows", workflowId="ingest", autoTriggerExtensions=[])
        gone = client.done(DELETE_WORKFLOW, databaseId="shows", workflowId="ingest", expectedRevision=3)
    assert (made["description"], made["autoTriggerExtensions"], made["revision"]) == ("Ingests plates", [".exr"], 1)
    assert made["pipelines"] == [
        {"databaseId": "shows", "pipelineId": "first", "pipeline": {"resource": "proxy"}},
        {"databaseId": "shows", "pipelineId": "second", "pipeline": {"resource": "metadata"}},
    ]
    assert [step["pipelineId"] for step in changed["pipelines"]] == ["second"]
    assert (changed["autoTriggerExtensions"], changed["revision"]) == ([".exr"], 2)
    assert gone["deletedWorkflowId"] == "ingest"
    assert then.types == ["WorkflowCreated", "WorkflowRedefined", "WorkflowRedefined", "WorkflowDeleted"]
    query = "query($id: ID!) { node(id: $id) { ... on Workflow { workflowId deletedAt } } }"
    assert client.one(query, id=made["id"])["deletedAt"] is not None
    found = client.one('{ workflow(databaseId: "shows", workflowId: "ingest") { revision } }')
    assert found == {"revision": 4}


def test_a_pipeline_knows_the_workflows_that_use_it(client: Client) -> None:
    client.done(CREATE_PIPELINE, pipelineId="shared", **PROXY)
    for name in ("uses-b", "uses-a"):
        client.done(CREATE_WORKFLOW, workflowId=name, **_flow("shared", "shared"))
    found = client.one('{ pipeline(databaseId: "shows", pipelineId: "shared") { workflows { workflowId } } }')
    assert [one["workflowId"] for one in found["workflows"]] == ["uses-a", "uses-b"]


def test_what_is_refused_records_nothing(client: Client) -> None:
    client.done(CREATE_PIPELINE, pipelineId="taken", **PROXY)
    client.done(CREATE_WORKFLOW, workflowId="taken", **_flow("taken"))
    client.create_asset("busy", "one")
    client.done(CREATE_PIPELINE, pipelineId="busy-proxy", **{**PROXY, "databaseId": "busy"})
    global_proxy = {**PROXY, "databaseId": "GLOBAL"}
    named = {"databaseId": "shows", "pipelineId": "taken"}
    flow = {"databaseId": "shows", "workflowId": "taken"}
    unknown = {"databaseId": "shows", "pipelineId": "none"}
    foreign = [{"databaseId": "busy", "pipelineId": "busy-proxy"}]
    cases: list[tuple[str, dict[str, Any], str, list[str]]] = [
        (CREATE_PIPELINE, {**PROXY, "pipelineId": "taken"}, "ALREADY_EXISTS", ["pipelineId"]),
        (CREATE_PIPELINE, {**global_proxy, "pipelineId": "taken"}, "ALREADY_EXISTS", ["pipelineId"]),
        (CREATE_PIPELINE, {**PROXY, "pipelineId": "x"}, "INVALID", ["pipelineId"]),
        (CREATE_PIPELINE, {**PROXY, "databaseId": "none", "pipelineId": "fresh"}, "NOT_FOUND", ["databaseId"]),
        (CREATE_PIPELINE, {**PROXY, "pipelineId": "fresh", "assetType": "exr"}, "INVALID", ["assetType"]),
        (
            CREATE_PIPELINE,
            {**PROXY, "pipelineId": "fresh", "resource": "none"},
            "PIPELINE_RESOURCE_INVALID",
            ["resource"],
        ),
        (
            CREATE_PIPELINE,
            {**FARM, "pipelineId": "fresh", "resource": "http://localhost/"},
            "PIPELINE_RESOURCE_INVALID",
            ["resource"],
        ),
        (
            CREATE_PIPELINE,
            {**PROXY, "pipelineId": "fresh", "pipelineExecutionType": "PYTHON", "resource": "os:system"},
            "PIPELINE_RESOURCE_INVALID",
            ["resource"],
        ),
        (UPDATE_PIPELINE, unknown, "NOT_FOUND", ["pipelineId"]),
        (UPDATE_PIPELINE, {**named, "expectedRevision": 9}, "PRECONDITION_FAILED", ["expectedRevision"]),
        (UPDATE_PIPELINE, {**named, "taskTimeoutSeconds": 0}, "INVALID", ["taskTimeoutSeconds"]),
        (UPDATE_PIPELINE, {**named, "resource": "none"}, "PIPELINE_RESOURCE_INVALID", ["resource"]),
        (DELETE_PIPELINE, unknown, "NOT_FOUND", ["pipelineId"]),
        (DELETE_PIPELINE, {**named, "expectedRevision": 9}, "PRECONDITION_FAILED", ["expectedRevision"]),
        (DELETE_PIPELINE, named, "PIPELINE_IN_USE", ["pipelineId"]),
        (CREATE_WORKFLOW, {**_flow("taken"), "workflowId": "taken"}, "ALREADY_EXISTS", ["workflowId"]),
        (CREATE_WORKFLOW, {**_flow("taken"), "workflowId": "x"}, "INVALID", ["workflowId"]),
        (CREATE_WORKFLOW, {**_flow(), "workflowId": "fresh"}, "INVALID", ["pipelines"]),
        (CREATE_WORKFLOW, {**_flow("none"), "workflowId": "fresh"}, "NOT_FOUND", ["pipelines", "0"]),
        (
            CREATE_WORKFLOW,
            {**_flow("taken"), "databaseId": "GLOBAL", "workflowId": "fresh"},
            "PIPELINE_OUT_OF_SCOPE",
            ["pipelines", "0"],
        ),
        (UPDATE_WORKFLOW, {**flow, "workflowId": "none"}, "NOT_FOUND", ["workflowId"]),
        (UPDATE_WORKFLOW, {**flow, "expectedRevision": 9}, "PRECONDITION_FAILED", ["expectedRevision"]),
        (UPDATE_WORKFLOW, {**flow, "pipelines": foreign}, "PIPELINE_OUT_OF_SCOPE", ["pipelines", "0"]),
        (UPDATE_WORKFLOW, {**flow, "autoTriggerExtensions": ["exr"]}, "INVALID", ["autoTriggerExtensions"]),
        (DELETE_WORKFLOW, {**flow, "workflowId": "none"}, "NOT_FOUND", ["workflowId"]),
        (DELETE_WORKFLOW, {**flow, "expectedRevision": 9}, "PRECONDITION_FAILED", ["expectedRevision"]),
    ]
    with nothing_recorded(client):
        for document, given, code, path in cases:
            error = client.refused(document, **given)
            assert (error["code"], error["path"]) == (code, path), (given, error)


def test_a_database_with_pipelines_is_not_deleted(client: Client) -> None:
    document = "mutation($input: CreateDatabaseInput!) { createDatabase(input: $input) { errors { code } } }"
    client.one(document, input={"databaseId": "full", "description": "made by a test"})
    client.done(CREATE_PIPELINE, pipelineId="full-proxy", **{**PROXY, "databaseId": "full"})
    with nothing_recorded(client):
        error = client.refused(DELETE_DATABASE, databaseId="full")
        assert (error["code"], error["path"]) == ("DATABASE_HAS_PIPELINES", ["databaseId"])
    client.done(DELETE_PIPELINE, databaseId="full", pipelineId="full-proxy")
    client.done(DELETE_DATABASE, databaseId="full")
    with nothing_recorded(client):
        error = client.refused(CREATE_PIPELINE, pipelineId="full-proxy", **{**PROXY, "databaseId": "full"})
        assert error["code"] == "DATABASE_IS_DELETED"


def test_a_repeated_key_makes_one_pipeline_and_one_workflow(client: Client) -> None:
    with recording(client) as then:
        for _ in range(2):
            client.done(CREATE_PIPELINE, pipelineId="once", idempotencyKey="pipeline once", **PROXY)
            client.done(CREATE_WORKFLOW, workflowId="once", idempotencyKey="workflow once", **_flow("once"))
    assert then.types == ["PipelineCreated", "OrderAccepted", "WorkflowCreated", "OrderAccepted"]


def test_lists_are_filtered_and_paged(client: Client) -> None:
    for name in ("list-b", "list-a"):
        client.done(CREATE_PIPELINE, pipelineId=name, **{**PROXY, "databaseId": "GLOBAL"})
    client.done(CREATE_PIPELINE, pipelineId="list-c", enabled=False, **FARM)
    client.done(CREATE_PIPELINE, pipelineId="list-d", **PROXY)
    client.done(DELETE_PIPELINE, databaseId="shows", pipelineId="list-d")

    def names(**criteria: Any) -> list[str]:
        found = client.one(PIPELINES, f={"idContains": "LIST-", **criteria})
        assert found["totalCount"] == len(found["edges"])
        return [edge["node"]["pipelineId"] for edge in found["edges"]]

    assert names() == ["list-a", "list-b", "list-c"]
    assert names(includeDeleted=True) == ["list-a", "list-b", "list-c", "list-d"]
    assert names(databaseIds=["GLOBAL"]) == ["list-a", "list-b"]
    assert names(pipelineExecutionTypes=["HTTP", "PYTHON"]) == ["list-c"]
    assert names(enabled=True) == ["list-a", "list-b"]
    page = client.one(PIPELINES, f={"idContains": "list-"}, first=2)
    rest = client.one(PIPELINES, f={"idContains": "list-"}, first=2, after=page["pageInfo"]["endCursor"])
    assert [edge["node"]["pipelineId"] for edge in rest["edges"]] == ["list-c"]
    client.done(CREATE_WORKFLOW, workflowId="list-exr", **_flow("list-c", autoTriggerExtensions=[".exr"]))
    client.done(CREATE_WORKFLOW, workflowId="list-all", **_flow("list-c", autoTriggerExtensions=[".all"]))
    client.done(CREATE_WORKFLOW, workflowId="list-none", **_flow("list-c"))

    def flows(**criteria: Any) -> list[str]:
        found = client.one(WORKFLOWS, f={"idContains": "list-", **criteria})
        return [edge["node"]["workflowId"] for edge in found["edges"]]

    assert flows() == ["list-all", "list-exr", "list-none"]
    assert flows(triggeredBy=".EXR") == ["list-all", "list-exr"]
    assert flows(triggeredBy=".png", databaseIds=["shows"]) == ["list-all"]
    assert flows(databaseIds=["GLOBAL"]) == []
