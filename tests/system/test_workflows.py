"""Workflows of a real server: started by an upload, followed live, guarded against loops, resumed after a kill."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from random import Random
from typing import Any

import psutil
import pytest
from PIL import Image

from tests.system import pictures
from tests.system.accounts import client_of
from tests.system.client import Client
from tests.system.loading import every_event
from tests.system.server import start

CREATE_PIPELINE = """mutation($input: CreatePipelineInput!) { createPipeline(input: $input) {
  position errors { code message path } } }"""
CREATE_WORKFLOW = """mutation($input: CreateWorkflowInput!) { createWorkflow(input: $input) {
  position errors { code message path } } }"""
RUN = """mutation($input: RunWorkflowInput!) { runWorkflow(input: $input) {
  workflowExecution { executionId } position errors { code message path } } }"""
EXECUTIONS = """query($a: String!) { workflowExecutions(filter: { databaseId: "shows", assetId: $a }) { edges { node {
  executionId executionStatus workflowId failure steps { status attempts } outputs { kind path } } } } }"""
CHANGED = """subscription($id: ID!) { workflowExecutionChanged(executionId: $id) {
  executionStatus steps { status } } }"""
FILES = """query($a: String!) { asset(databaseId: "shows", assetId: $a) {
  files { edges { node { path downloadUrl attributes { key value } } } } } }"""
FUNCTION = "tests.doubles.pipelines:wait_for_word"


def _pipeline(client: Client, name: str, resource: str, kind: str = "BUILT_IN", **given: Any) -> dict[str, str]:
    terms = {"pipelineExecutionType": kind, "resource": resource, "description": "of a test", **given}
    client.done(CREATE_PIPELINE, databaseId="GLOBAL", pipelineId=name, **terms)
    return {"databaseId": "GLOBAL", "pipelineId": name}


def _workflow(client: Client, name: str, *steps: dict[str, str], triggers: tuple[str, ...] = ()) -> None:
    given = {"databaseId": "GLOBAL", "description": "of a test", "pipelines": steps}
    client.done(CREATE_WORKFLOW, workflowId=name, autoTriggerExtensions=triggers, **given)


def _executions(client: Client, asset_id: str, *, ended: int) -> list[Any]:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        found = [edge["node"] for edge in client.one(EXECUTIONS, a=asset_id)["edges"]]
        if sum(one["executionStatus"] not in ("NEW", "RUNNING") for one in found) >= ended:
            return found
        time.sleep(0.2)
    raise AssertionError(found)


def test_an_uploaded_frame_starts_a_workflow_whose_outputs_are_files_and_start_it_no_more(data_dir: Path) -> None:
    server = start(data_dir)
    with client_of(server) as client:
        client.create_asset("shows", "shot_010")
        steps = (
            _pipeline(client, "attributes", "metadata"),
            _pipeline(client, "preview", "file-preview"),
            _pipeline(client, "png-of-exr", "convert", outputType=".png", inputParameters='{"maxWidth": 24}'),
        )
        _workflow(client, "ingest", *steps, triggers=(".all",))
        client.upload(("shows", "shot_010"), {"plates/a.0001.exr": pictures.exr(Random(1))})
        (execution,) = _executions(client, "shot_010", ended=1)
        assert execution["executionStatus"] == "SUCCEEDED", execution
        files = {edge["node"]["path"]: edge["node"] for edge in client.one(FILES, a="shot_010")["files"]["edges"]}
        assert sorted(files) == ["plates/a.0001.exr", "plates/a.0001.exr.previewFile.jpg", "plates/a.0001.png"]
        made = Image.open(io.BytesIO(client.http.get(files["plates/a.0001.png"]["downloadUrl"]).content))
        assert made.size == (24, 16)
        attributes = {one["key"]: one["value"] for one in files["plates/a.0001.exr"]["attributes"]}
        assert (attributes["frameNumber"], attributes["width"]) == ("1", "48")
        time.sleep(2)
        assert len(_executions(client, "shot_010", ended=1)) == 1
        assert client.http.get(f"{server.url}/readyz").status_code == 200
        wrong = {"query": CHANGED, "variables": {"id": "none"}}
        told = client.http.post(f"{server.url}/graphql", json=wrong, headers={"accept": "text/event-stream"}).text
        assert "There is no workflow execution 'none'." in told
    server.stop()


@pytest.mark.timeout(240)
def test_a_step_whose_server_was_killed_is_run_again_and_recorded_once(data_dir: Path, tmp_path: Path) -> None:
    word, pid = tmp_path / "word", tmp_path / "pid"
    parameters = json.dumps({"word": str(word), "pid": str(pid)})
    server = start(data_dir, python_pipelines=FUNCTION)
    with client_of(server) as client:
        client.create_asset("shows", "shot_010")
        client.upload(("shows", "shot_010"), {"a.txt": b"quiet"})
        _workflow(client, "waiting", _pipeline(client, "waits", FUNCTION, "PYTHON", inputParameters=parameters))
        given = {"workflowDatabaseId": "GLOBAL", "workflowId": "waiting", "databaseId": "shows", "assetId": "shot_010"}
        execution_id = client.done(RUN, paths=["a.txt"], **given)["workflowExecution"]["executionId"]
        while not pid.exists() or not pid.read_text():
            time.sleep(0.05)
        process = psutil.Process(int(pid.read_text()))
    server.kill()
    process.wait(60)
    pid.unlink()
    server = start(data_dir, port=server.port, python_pipelines=FUNCTION)
    with (
        client_of(server) as client,
        client.subscribe(CHANGED, over="websocket", id=execution_id) as changes,
    ):
        assert next(changes)["workflowExecutionChanged"]["executionStatus"] == "RUNNING"
        while not pid.exists():
            time.sleep(0.1)
        word.touch()
        seen = [change["workflowExecutionChanged"]["executionStatus"] for change in changes]
        assert (seen[-1], set(seen) <= {"RUNNING", "SUCCEEDED"}) == ("SUCCEEDED", True)
        (execution,) = _executions(client, "shot_010", ended=1)
        assert execution["steps"] == [{"status": "SUCCEEDED", "attempts": 1}]
        assert execution["outputs"] == [{"kind": "FILE", "path": "a.txt.done"}]
        for event_type in ("WorkflowStepStarted", "WorkflowStepSucceeded", "WorkflowExecutionSucceeded"):
            assert len(list(every_event(client, event_type))) == 1
    server.stop()
    assert list((data_dir / "scratch").iterdir()) == []
