"""HTTP pipelines: signed calls of a real endpoint, its callbacks and uploads, and what goes wrong with it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.doubles.endpoint import Endpoint, Told, endpoint
from tests.processors.workflows.studio import CANCEL, RETRY, Studio

NAMES = count(1)
CALLBACK: Any = {"waitForCallback": True, "taskTimeoutSeconds": 60}


@pytest.fixture
def farm() -> Iterator[Endpoint]:
    """An endpoint of a render farm."""
    with endpoint() as running:
        yield running


def _workflow(place: Studio, farm: Endpoint, **given: Any) -> tuple[str, str]:
    """A workflow of one pipeline of the farm, and the pipeline's secret."""
    name = f"farm-{next(NAMES)}"
    secret = place.secret(name, f"{farm.url}/denoise?level=2", **given)
    return place.workflow(name), secret


def _told(farm: Endpoint) -> tuple[Told, dict[str, Any]]:
    told = farm.told.get(timeout=90)
    return told, json.loads(told.body)


def _post(place: Studio, url: str, **document: Any) -> tuple[int, dict[str, Any]]:
    answer = place.product.client.http.post(url, json=document)
    return answer.status_code, answer.json()


def _send(place: Studio, payload: dict[str, Any], files: dict[str, bytes]) -> None:
    """Announce files and send every part of them."""
    announced = [{"path": path, "sizeBytes": len(body)} for path, body in files.items()]
    status, answer = _post(place, payload["uploadsUrl"], files=announced)
    assert status == 200, answer
    for upload in answer["uploads"]:
        for part in upload["parts"]:
            body = files[upload["path"]][part["offset"] : part["offset"] + part["sizeBytes"]]
            sent = place.product.client.http.request(part["method"], part["url"], content=body, headers=part["headers"])
            assert sent.status_code == 200, sent.text


def test_an_endpoint_is_told_everything_signed_and_reports_back(place: Studio, farm: Endpoint) -> None:
    place.upload({"plates/a.txt": b"noise"})
    workflow, secret = _workflow(place, farm, assetType=".txt", inputParameters='{"strength": 1}', **CALLBACK)
    execution_id = place.run(workflow, "plates/a.txt", inputParameters='{"strength": 2}')
    told, payload = _told(farm)
    assert told.path == "/denoise?level=2"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{told.headers['webhook-id']}.{told.headers['webhook-timestamp']}.".encode() + told.body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert told.headers["webhook-signature"] == f"v1,{expected}"
    assert told.headers["webhook-id"] == f"{execution_id}.1.0"
    assert (payload["version"], payload["executionId"], payload["attempt"], payload["step"]) == (1, execution_id, 1, 0)
    assert (payload["databaseId"], payload["assetId"], payload["workflowId"]) == ("shows", place.asset_id, workflow)
    assert payload["inputParameters"] == {"strength": 2}
    assert payload["inputMetadata"]["VAMS"]["assetData"] == {
        "assetName": "Shot 10",
        "description": "made by a test",
        "tags": [],
    }
    (given,) = payload["inputs"]
    assert (given["inputAssetFileKey"], given["inputS3AssetFilePath"], given["sizeBytes"]) == (
        "plates/a.txt",
        f"{place.asset_id}/plates/a.txt",
        5,
    )
    assert place.text(payload["inputUrls"]["plates/a.txt"]) == "noise"

    assert _post(place, payload["callbackUrl"], type="heartbeat") == (200, {"status": "accepted"})
    assert _post(place, payload["callbackUrl"], type="progress", percent=40, message="Frame 4")[0] == 200
    (step,) = place.execution(execution_id)["steps"]
    assert (step["status"], step["percent"], step["message"]) == ("RUNNING", 40, "Frame 4")
    place.product.client.done(CANCEL, executionId=execution_id)


def test_what_an_endpoint_sends_becomes_files_and_entries(place: Studio, farm: Endpoint) -> None:
    place.upload({"plates/a.txt": b"noise"})
    workflow, _ = _workflow(place, farm, **CALLBACK)
    execution_id = place.run(workflow, "plates/a.txt")
    _, payload = _told(farm)
    _send(place, payload, {"plates/a.clean.txt": b"clean", "plates/empty.txt": b""})
    entry = {"metadataKey": "noise", "metadataValue": "0.1", "metadataValueType": "number"}
    status, answer = _post(
        place,
        payload["callbackUrl"],
        type="success",
        log="Denoised 1 frame.",
        metadata=[
            {"path": "plates/a.clean.txt", "type": "attribute", "metadata": [entry]},
            {"metadata": [entry], "updateType": "replace_all"},
        ],
    )
    assert (status, answer) == (200, {"status": "accepted"})
    execution = place.ended(execution_id)
    assert execution["executionStatus"] == "SUCCEEDED", execution
    assert [(output["kind"], output["path"]) for output in execution["outputs"]] == [
        ("ATTRIBUTES", "plates/a.clean.txt"),
        ("FILE", "plates/a.clean.txt"),
        ("FILE", "plates/empty.txt"),
        ("METADATA", ""),
    ]
    assert place.body("plates/a.clean.txt") == b"clean"
    assert place.file("plates/a.clean.txt")["attributes"] == [{"key": "noise", "value": "0.1"}]
    assert place.text(execution["steps"][0]["logUrl"]) == "Denoised 1 frame."
    assert execution["steps"][0]["lastContact"] == {"calls": 1, "message": None}


def test_an_endpoint_may_answer_at_once(place: Studio, farm: Endpoint) -> None:
    place.upload({"a.txt": b"noise"})
    entry = {"metadataKey": "mood", "metadataValue": "dark"}
    answer = {"type": "success", "metadata": [{"path": "a.txt", "metadata": [entry]}]}
    farm.answer = json.dumps(answer).encode()
    workflow, _ = _workflow(place, farm)
    execution = place.ended(place.run(workflow, "a.txt"))
    assert execution["executionStatus"] == "SUCCEEDED", execution
    assert place.file("a.txt")["metadata"] == [{"key": "mood", "value": "dark", "valueType": "STRING"}]


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (b'{"type": "failure", "code": "NO_LICENCE", "message": "No licence is free."}', "NO_LICENCE", "No licence"),
        (b"<html>It works!</html>", "ANSWER_INVALID", "no success or failure"),
        (b'{"type": "success", "metadata": [{"path": "b.txt", "metadata": []}]}', "OUTPUT_INVALID", "'b.txt'"),
    ],
)
def test_a_bad_answer_fails_the_execution(place: Studio, farm: Endpoint, answer: bytes, code: str, words: str) -> None:
    place.upload({"a.txt": b"noise"})
    farm.answer = answer
    workflow, _ = _workflow(place, farm)
    execution = place.ended(place.run(workflow, "a.txt"))
    assert (execution["executionStatus"], execution["failureCode"]) == ("FAILED", code)
    assert words in execution["failure"]
    assert execution["outputs"] == []


def test_an_endpoint_that_is_down_is_called_again_and_that_shows(place: Studio, farm: Endpoint) -> None:
    place.upload({"a.txt": b"noise"})
    farm.statuses = [503, 500]
    farm.answer = b'{"type": "success"}'
    workflow, _ = _workflow(place, farm)
    execution_id = place.run(workflow, "a.txt")
    first, _ = _told(farm)
    second, _ = _told(farm)
    contact = place.execution(execution_id)["steps"][0]["lastContact"]
    assert contact["calls"] in (1, 2)
    assert "answered with status 50" in contact["message"]
    third, _ = _told(farm)
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == third.headers["webhook-id"]
    execution = place.ended(execution_id)
    assert execution["executionStatus"] == "SUCCEEDED", execution
    assert execution["steps"][0]["lastContact"] == {"calls": 3, "message": None}


def test_an_endpoint_that_refuses_is_not_called_again(place: Studio, farm: Endpoint) -> None:
    place.upload({"a.txt": b"noise"})
    farm.statuses = [403]
    workflow, _ = _workflow(place, farm)
    execution = place.ended(place.run(workflow, "a.txt"))
    assert (execution["executionStatus"], execution["failureCode"]) == ("FAILED", "ENDPOINT_REFUSED")
    assert "status 403" in execution["failure"]
    assert farm.told.qsize() == 1


def test_an_endpoint_that_never_calls_back_is_timed_out_and_its_late_report_counts_for_nothing(
    place: Studio, farm: Endpoint
) -> None:
    place.upload({"a.txt": b"noise"})
    workflow, _ = _workflow(place, farm, waitForCallback=True, taskTimeoutSeconds=1)
    execution_id = place.run(workflow, "a.txt")
    _, payload = _told(farm)
    execution = place.ended(execution_id)
    assert execution["executionStatus"] == "TIMED_OUT"
    before = place.product.client.head()
    status, answer = _post(place, payload["callbackUrl"], type="success")
    assert (status, answer["status"]) == (410, "refused")
    assert "TIMED_OUT" in answer["message"]
    assert _post(place, payload["uploadsUrl"], files=[{"path": "b.txt", "sizeBytes": 1}])[0] == 410
    assert place.product.client.head() == before


def test_reports_of_an_attempt_that_was_cancelled_and_retried_count_for_nothing(place: Studio, farm: Endpoint) -> None:
    place.upload({"a.txt": b"noise"})
    workflow, _ = _workflow(place, farm, **CALLBACK)
    execution_id = place.run(workflow, "a.txt")
    _, old = _told(farm)
    place.product.client.done(CANCEL, executionId=execution_id)
    assert _post(place, old["callbackUrl"], type="heartbeat")[0] == 410
    place.product.client.done(RETRY, executionId=execution_id)
    told, new = _told(farm)
    assert (new["attempt"], told.headers["webhook-id"]) == (2, f"{execution_id}.2.0")
    assert _post(place, old["callbackUrl"], type="success")[0] == 410
    assert _post(place, new["callbackUrl"], type="success")[0] == 200
    execution = place.ended(execution_id)
    assert (execution["executionStatus"], execution["attempt"]) == ("SUCCEEDED", 2)


def test_callbacks_that_are_forged_or_malformed_record_nothing(place: Studio, farm: Endpoint) -> None:
    place.upload({"deep/a.txt": b"noise"})
    workflow, _ = _workflow(place, farm, outputType=".txt", **CALLBACK)
    execution_id = place.run(workflow, "deep/a.txt")
    _, payload = _told(farm)
    url = payload["callbackUrl"]
    before = place.product.client.head()
    forged = f"{url[:-1]}{'0' if url[-1] != '0' else '1'}"
    assert _post(place, forged, type="success")[0] == 401
    assert _post(place, url.replace(execution_id, "f" * 36), type="success")[0] == 401
    assert _post(place, url, type="applause")[0] == 400
    assert _post(place, url, type="progress", percent=101)[0] == 400
    for path, words in (("../a.txt", "'..'"), ("b.txt", "in no folder"), ("deep/a.png", "no .txt file")):
        status, answer = _post(place, payload["uploadsUrl"], files=[{"path": path, "sizeBytes": 1}])
        assert status == 400
        assert words in answer["message"]
    assert place.product.client.http.post(url, content=b"x" * (17 << 20)).status_code == 413
    assert place.product.client.head() == before
    place.product.client.done(CANCEL, executionId=execution_id)


def test_a_file_that_was_announced_and_not_sent_fails_the_execution(place: Studio, farm: Endpoint) -> None:
    place.upload({"a.txt": b"noise"})
    workflow, _ = _workflow(place, farm, **CALLBACK)
    execution_id = place.run(workflow, "a.txt")
    _, payload = _told(farm)
    assert _post(place, payload["uploadsUrl"], files=[{"path": "b.txt", "sizeBytes": 9}])[0] == 200
    status, answer = _post(place, payload["callbackUrl"], type="success")
    assert (status, "9 bytes, and 0 were sent" in answer["message"]) == (422, True)
    assert place.ended(execution_id)["failureCode"] == "OUTPUT_INVALID"
