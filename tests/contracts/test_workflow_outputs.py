"""Executions of workflows on a real S3 server: inputs, outputs and logs go through it, and only logs stay behind."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

from tests.contracts.object_stores import ACCESS_KEY, SECRET_KEY
from tests.doubles.endpoint import endpoint
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
