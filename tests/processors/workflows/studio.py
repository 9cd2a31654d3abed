"""A product that runs workflows, and short words for what its tests ask of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from domain.event import Recorded
from domain.executions.events import WorkflowExecutionEvent
from domain.files.events import FileEvent
from domain.ledger import recorded
from tests.gateway.product import Product, product

WORKING = ("workflows", "workflow-steps", "workflow-timers")
FUNCTIONS = ("shout", "many", "explode", "die", "hoard", "hang", "wait_for_word", "stray", "preview")
NUMBERS = count(1)
SECONDS = 60.0

CREATE_PIPELINE = """mutation($input: CreatePipelineInput!) { createPipeline(input: $input) {
  signingSecret position errors { code message path } } }"""
CREATE_WORKFLOW = """mutation($input: CreateWorkflowInput!) { createWorkflow(input: $input) {
  position errors { code message path } } }"""
RUN = """mutation($input: RunWorkflowInput!) { runWorkflow(input: $input) {
  workflowExecution { executionId executionStatus } position errors { code message path } } }"""
CANCEL = """mutation($input: CancelWorkflowExecutionInput!) { cancelWorkflowExecution(input: $input) {
  workflowExecution { executionStatus reason } position errors { code message path } } }"""
RETRY = """mutation($input: RetryWorkflowExecutionInput!) { retryWorkflowExecution(input: $input) {
  workflowExecution { executionStatus attempt } position errors { code message path } } }"""
EXECUTION = """query($id: ID!, $at: Position) { workflowExecution(executionId: $id, atLeast: $at) {
  executionId executionStatus attempt trigger lineage failureCode failure startDate stopDate
  steps { step status attempts percent message failureCode failure logUrl outputCount lastContact { calls message } }
  outputs { kind path s3VersionId file { path sizeBytes } } } }"""
EXECUTIONS = """query($f: WorkflowExecutionFilter, $at: Position) {
  workflowExecutions(filter: $f, atLeast: $at) { totalCount edges { node {
    executionId executionStatus trigger lineage inputAssetFileKey workflowId } } } }"""
FILE = """query($p: String!, $a: String!) { file(databaseId: "shows", assetId: $a, path: $p) {
  path metadata { key value valueType } attributes { key value } } }"""
ENDED = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")


@dataclass(frozen=True)
class Studio:
    """The product and an asset of its own for each test."""

    product: Product
    asset_id: str

    @property
    def asset(self) -> tuple[str, str]:
        return ("shows", self.asset_id)

    def upload(self, files: Mapping[str, bytes]) -> None:
        self.product.client.upload(self.asset, files)

    def pipeline(self, resource: str, kind: str = "PYTHON", **given: Any) -> str:
        """A new pipeline of `shows`; gives its id."""
        name = f"pipe-{next(NUMBERS)}"
        terms = {"databaseId": "shows", "description": "of a test", "pipelineExecutionType": kind, "resource": resource}
        self.product.client.done(CREATE_PIPELINE, pipelineId=name, **{**terms, **given})
        return name

    def secret(self, pipeline_id: str, url: str, **given: Any) -> str:
        """A new HTTP pipeline of `shows`; gives its signing secret."""
        terms = {"databaseId": "shows", "description": "of a test", "pipelineExecutionType": "HTTP", "resource": url}
        done = self.product.client.done(CREATE_PIPELINE, pipelineId=pipeline_id, **{**terms, **given})
        return str(done["signingSecret"])

    def workflow(self, *pipelines: str, triggers: tuple[str, ...] = ()) -> str:
        """A new workflow of these pipelines of `shows`; gives its id."""
        name = f"flow-{next(NUMBERS)}"
        steps = [{"databaseId": "shows", "pipelineId": pipeline} for pipeline in pipelines]
        given = {"databaseId": "shows", "description": "of a test", "pipelines": steps}
        self.product.client.done(CREATE_WORKFLOW, workflowId=name, autoTriggerExtensions=list(triggers), **given)
        return name

    def function(self, name: str, **given: Any) -> str:
        """A new workflow of one function of tests.doubles.pipelines."""
        return self.workflow(self.pipeline(f"tests.doubles.pipelines:{name}", **given))

    def run(self, workflow_id: str, *paths: str, **given: Any) -> str:
        """Ask for an execution; gives its id."""
        wanted = {"workflowDatabaseId": "shows", "databaseId": "shows", "assetId": self.asset_id, "paths": paths}
        done = self.product.client.done(RUN, workflowId=workflow_id, **{**wanted, **given})
        return str(done["workflowExecution"]["executionId"])

    def execution(self, execution_id: str) -> Any:
        client = self.product.client
        return client.one(EXECUTION, id=execution_id, at=str(client.head()))

    def ended(self, execution_id: str) -> Any:
        """The execution once it has ended."""
        return self.until(execution_id, *ENDED)

    def until(self, execution_id: str, *statuses: str) -> Any:
        """The execution once it stands at one of these."""
        deadline = time.monotonic() + SECONDS
        while (found := self.execution(execution_id))["executionStatus"] not in statuses:
            assert time.monotonic() < deadline, found
            time.sleep(0.1)
        return found

    def executions(self, **criteria: Any) -> list[Any]:
        given = {"databaseId": "shows", "assetId": self.asset_id, **criteria}
        client = self.product.client
        return [edge["node"] for edge in client.one(EXECUTIONS, f=given, at=str(client.head()))["edges"]]

    def file(self, path: str) -> Any:
        return self.product.client.one(FILE, p=path, a=self.asset_id)

    def body(self, path: str) -> bytes:
        """What is on top in the store at a file's key."""
        store = self.product.parts.objects
        return store.open_range("assets", f"{self.asset_id}/{path}", version_id=None, start=0, length=1 << 20)

    def log(self) -> list[Recorded]:
        """What happened to executions and files of the asset."""
        notifications = self.product.parts.log.recorder.select_notifications(None, 100_000)
        entries = [recorded(notification) for notification in notifications]
        return [
            entry
            for entry in entries
            if isinstance(entry.event, WorkflowExecutionEvent | FileEvent) and entry.event.asset_id == self.asset_id
        ]

    def text(self, url: str) -> str:
        """What is behind a signed URL."""
        return self.product.client.http.get(url).text

    def waiting(self) -> list[str]:
        """Keys below the asset's working folder."""
        found = self.product.parts.objects.objects("assets", f"{self.asset_id}/.pipelines/")
        return [one.key for one in found]


@contextmanager
def studio(database_url: str, directory: Path, *working: str, **settings: Any) -> Iterator[Product]:
    """A product in this process that runs workflows with the functions of tests.doubles.pipelines."""
    functions = tuple(f"tests.doubles.pipelines:{name}" for name in FUNCTIONS)
    given = {"python_pipelines": functions, "local_webhooks": True, "pipeline_memory_mib": 512, **settings}
    with product(database_url, directory, *WORKING, *working, **given) as running:
        yield running
