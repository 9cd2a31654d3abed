"""Executions of workflows on a real S3 server: inputs, outputs and logs go through it, and only logs stay behind."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx

from domain.cause import ActorKind
from domain.executions.events import WorkflowExecutionFailed, WorkflowExecutionSucceeded
from domain.files.events import FileVersionObserved
from domain.ledger import recorded
from domain.sync.homes import Homes
from processors.bucket_sync.looking import no_markers
from processors.bucket_sync.sync import BucketSync
from processors.objects.store import ObjectStore
from tests.contracts.object_stores import ACCESS_KEY, SECRET_KEY
from tests.doubles.endpoint import endpoint
from tests.gateway.product import Product, order_of, product
from tests.processors.workflows.studio import Studio, studio

REGISTER = """mutation($input: RegisterFilesInput!) { registerFiles(input: $input) {
  position errors { code message path } } }"""


def test_outputs_of_functions_and_endpoints_become_files_on_s3(
    s3_endpoint_url: str, database_url: str, tmp_path: Path
) -> None:
    s3 = {"s3_endpoint_url": s3_endpoint_url, "s3_access_key": ACCESS_KEY, "s3_secret_key": SECRET_KEY}
    bucket = "workflows"
    with studio(database_url, tmp_path, bucket=bucket, **s3) as product, endpoint() as farm:
        place = Studio(product, "shot_010")
        product.client.create_asset("shows", "shot_010")
        store = product.parts.objects
        store.put(bucket, "shot_010/a.txt", b"quiet", content_type="text/plain", metadata={})
        product.client.done(REGISTER, databaseId="shows", assetId="shot_010", files=[{"path": "a.txt"}])
        shout = place.pipeline("tests.doubles.pipelines:shout")
        place.secret("farm", farm.url, waitForCallback=True)
        execution_id = place.run(place.workflow(shout, "farm"), "a.txt")
        payload = json.loads(farm.told.get(timeout=60).body)
        with httpx.Client(timeout=30) as http:
            assert http.get(payload["inputUrls"]["a.txt.loud.txt"]).text == "QUIET"
            wanted = {"files": [{"path": "clean.txt", "sizeBytes": 5}]}
            (upload,) = product.client.http.post(payload["uploadsUrl"], json=wanted).json()["uploads"]
            (part,) = upload["parts"]
            assert http.put(part["url"], content=b"clean", headers=part["headers"]).status_code == 200
            assert product.client.http.post(payload["callbackUrl"], json={"type": "success"}).status_code == 200
            execution = place.ended(execution_id)
            assert execution["executionStatus"] == "SUCCEEDED", execution
            assert http.get(execution["steps"][0]["logUrl"]).text == "Shouted 1 files of shot_010\n"
        found = {one.key for one in store.objects(bucket, "shot_010/")}
        log = f"shot_010/.pipelines/{execution_id}/1/0.log"
        assert found == {"shot_010/a.txt", "shot_010/a.txt.loud.txt", "shot_010/clean.txt", log}
        files = {output["path"]: output["s3VersionId"] for output in execution["outputs"] if output["s3VersionId"]}
        assert files == {path: store.head(bucket, f"shot_010/{path}").version_id for path in files}
        assert sorted(files) == ["a.txt.loud.txt", "clean.txt"]


class Telling:
    """A store that notifies of a copy before whoever made it goes on."""

    def __init__(self, objects: ObjectStore, tell: Callable[[str], None]) -> None:
        self._objects, self._tell = objects, tell

    def __getattr__(self, name: str) -> Any:
        return getattr(self._objects, name)

    def copy(self, *arguments: Any, **options: Any) -> Any:
        made = self._objects.copy(*arguments, **options)
        self._tell(made.key)
        return made


def _run_steps(running: Product, worker: Any) -> None:
    """Do every step that is due, and those that follow from it."""
    deadline = time.monotonic() + 60
    ended: list[Any] = []
    while not ended:
        assert time.monotonic() < deadline
        with running.parts.pool.connection() as connection:
            rows = connection.execute(
                "DELETE FROM procrastinate_jobs WHERE queue_name = 'workflow-steps' RETURNING args"
            ).fetchall()
        for (arguments,) in rows:
            worker.run(**arguments)
        log = [recorded(one).event for one in running.parts.log.recorder.select_notifications(None, 100_000)]
        ended = [event for event in log if isinstance(event, WorkflowExecutionSucceeded | WorkflowExecutionFailed)]
        time.sleep(0.05)


def test_a_notification_before_the_outputs_are_recorded_leaves_them_to_the_execution(
    s3_endpoint_url: str, database_url: str, tmp_path: Path
) -> None:
    s3 = {"s3_endpoint_url": s3_endpoint_url, "s3_access_key": ACCESS_KEY, "s3_secret_key": SECRET_KEY}
    functions = tuple(f"tests.doubles.pipelines:{name}" for name in ("shout", "preview"))
    given: dict[str, Any] = {"bucket": "told", "python_pipelines": functions, "pipeline_memory_mib": 512, **s3}
    with product(database_url, tmp_path, "workflows", **given) as running:
        place, parts = Studio(running, "shot_010"), running.parts
        running.client.create_asset("shows", "shot_010")
        parts.objects.put("told", "shot_010/a.txt", b"quiet", content_type="text/plain", metadata={})
        running.client.done(REGISTER, databaseId="shows", assetId="shot_010", files=[{"path": "a.txt"}])
        sync = BucketSync(running.ledger, parts.objects, parts.pool, own_markers=no_markers)
        told: list[str] = []

        def tell(*keys: str) -> None:
            told.extend(keys)
            sync.sync([("told", key) for key in keys], homes=Homes(named="shows"), order=order_of("notification"))

        worker: Any = parts.workflow_runs.steps._handlers["workflow-steps"]
        store = cast(ObjectStore, Telling(parts.objects, tell))
        worker = replace(worker, finishing=replace(worker.finishing, objects=store))
        shout, preview = (place.pipeline(name) for name in functions)
        place.run(place.workflow(shout, preview), "a.txt")
        _run_steps(running, worker)
        files = {"a.txt.loud.txt", "a.txt.loud.txt.previewFile.png"}
        assert set(told) == {f"shot_010/{path}" for path in {*files, "preview.png"}}
        tell(*told)
        seen = [(e.event.path, e.cause.actor_kind) for e in place.log() if isinstance(e.event, FileVersionObserved)]
        assert sorted(seen[1:]) == sorted((path, ActorKind.PROCESSOR) for path in files)
