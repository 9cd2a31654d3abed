"""Python pipelines in processes of their own: what they make, print and say, and how they fail."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
import pytest

from domain.executions.events import WorkflowExecutionRequested, WorkflowExecutionSucceeded
from domain.files.events import FileMetadataSet, FileVersionObserved
from tests.processors.workflows.studio import CANCEL, RETRY, Studio

CREATE_SCHEMA = """mutation($input: CreateMetadataSchemaInput!) { createMetadataSchema(input: $input) {
  metadataSchema { metadataSchemaId } position errors { code message path } } }"""
DELETE_SCHEMA = """mutation($input: DeleteMetadataSchemaInput!) { deleteMetadataSchema(input: $input) {
  position errors { code message path } } }"""


def test_outputs_become_files_and_entries_in_one_transaction(place: Studio) -> None:
    place.upload({"notes/a.txt": b"quiet"})
    workflow = place.function("shout", assetType=".txt", inputParameters='{"loudness": 3, "other": 1}')
    execution = place.ended(place.run(workflow, "notes/a.txt", inputParameters='{"loudness": 7}'))
    assert execution["executionStatus"] == "SUCCEEDED", execution
    assert place.body("notes/a.txt.loud.txt") == b"QUIET"
    assert place.file("notes/a.txt")["metadata"] == [{"key": "loudness", "value": "7", "valueType": "NUMBER"}]
    (step,) = execution["steps"]
    assert (step["status"], step["attempts"], step["outputCount"]) == ("SUCCEEDED", 1, 2)
    assert (step["percent"], step["message"]) == (50, "Shouting notes/a.txt")
    assert place.text(step["logUrl"]) == "Shouted 1 files of Shot 10\n"
    made = [(output["kind"], output["path"], (output["file"] or {}).get("path")) for output in execution["outputs"]]
    assert made == [
        ("FILE", "notes/a.txt.loud.txt", "notes/a.txt.loud.txt"),
        ("METADATA", "notes/a.txt", "notes/a.txt"),
    ]
    log = place.log()
    request = next(entry for entry in log if isinstance(entry.event, WorkflowExecutionRequested))
    made_by = [entry for entry in log if isinstance(entry.event, FileVersionObserved | FileMetadataSet)]
    ended = next(entry for entry in log if isinstance(entry.event, WorkflowExecutionSucceeded))
    assert [entry.cause for entry in made_by] == [ended.cause] * 2
    assert (ended.cause.actor, ended.cause.causation_position) == ("processor:workflows", request.position)
    assert ended.cause.correlation_id == request.cause.correlation_id
    assert [key.rpartition("/")[2] for key in place.waiting()] == ["0.log"]


def test_a_second_step_works_on_the_files_of_the_first(place: Studio) -> None:
    place.upload({"a.txt": b"quiet"})
    shout = place.pipeline("tests.doubles.pipelines:shout")
    workflow = place.workflow(shout, shout)
    execution = place.ended(place.run(workflow, "a.txt"))
    assert execution["executionStatus"] == "SUCCEEDED", execution
    files = [output["path"] for output in execution["outputs"] if output["kind"] == "FILE"]
    assert files == ["a.txt.loud.txt", "a.txt.loud.txt.loud.txt"]
    owners = [output["path"] for output in execution["outputs"] if output["kind"] == "METADATA"]
    assert owners == ["a.txt", "a.txt.loud.txt"]


def test_previews_become_the_previews_of_file_and_asset(place: Studio) -> None:
    place.upload({"a.txt": b"quiet"})
    execution = place.ended(place.run(place.function("preview"), "a.txt"))
    assert execution["executionStatus"] == "SUCCEEDED", execution
    assert [(output["kind"], output["path"]) for output in execution["outputs"]] == [
        ("ASSET_PREVIEW", ""),
        ("FILE_PREVIEW", "a.txt.previewFile.png"),
    ]
    assert place.body("preview.png") == b"not really a picture"


def test_more_than_a_thousand_outputs_are_recorded(place: Studio) -> None:
    workflow = place.function("many", inputParameters='{"count": 1010}')
    execution = place.ended(place.run(workflow))
    assert execution["executionStatus"] == "SUCCEEDED", execution
    assert len(execution["outputs"]) == 1010
    assert place.file("many/01009.txt")["path"] == "many/01009.txt"


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("explode", "CRASHED", "RuntimeError: no way"),
        ("die", "CRASHED", "SIGABRT"),
        ("hoard", "OUT_OF_MEMORY", "536870912 bytes of memory"),
    ],
)
def test_a_broken_function_fails_the_execution_and_records_nothing_else(
    place: Studio, name: str, code: str, words: str
) -> None:
    place.upload({"a.txt": b"quiet"})
    execution = place.ended(place.run(place.function(name), "a.txt"))
    assert (execution["executionStatus"], execution["failureCode"]) == ("FAILED", code)
    assert words in execution["failure"]
    assert execution["steps"][0]["failure"] == execution["failure"]
    assert execution["outputs"] == []
    assert [type(entry.event).__name__ for entry in place.log()] == [
        "FileUploaded",
        "WorkflowExecutionRequested",
        "WorkflowStepStarted",
        "WorkflowExecutionFailed",
    ]


def test_what_a_failed_function_printed_is_kept(place: Studio) -> None:
    execution = place.ended(place.run(place.function("explode")))
    printed = place.text(execution["steps"][0]["logUrl"])
    assert printed.startswith("before the end\n")
    assert "RuntimeError: no way" in printed


def test_a_hanging_function_is_ended_by_its_timeout(place: Studio) -> None:
    started = time.monotonic()
    execution = place.ended(place.run(place.function("hang", taskTimeoutSeconds=2)))
    assert (execution["executionStatus"], execution["failureCode"]) == ("TIMED_OUT", "TIMED_OUT")
    assert "longer than its 2 seconds" in execution["failure"]
    assert time.monotonic() - started < 30


def test_a_silent_function_is_ended_by_its_heartbeat_timeout_and_one_that_speaks_is_not(
    place: Studio, tmp_path: Path
) -> None:
    silent = place.run(place.function("hang", taskTimeoutSeconds=60, taskHeartbeatTimeoutSeconds=1))
    place.upload({"a.txt": b"quiet"})
    parameters = f'{{"word": "{tmp_path / "word"}", "pid": "{tmp_path / "pid"}"}}'
    times = {"taskTimeoutSeconds": 60, "taskHeartbeatTimeoutSeconds": 2}
    speaking = place.run(place.function("wait_for_word", inputParameters=parameters, **times), "a.txt")
    execution = place.ended(silent)
    assert execution["executionStatus"] == "TIMED_OUT"
    assert "silent for longer than its 1 seconds" in execution["failure"]
    time.sleep(3)
    assert place.execution(speaking)["executionStatus"] == "RUNNING"
    (tmp_path / "word").touch()
    assert place.ended(speaking)["executionStatus"] == "SUCCEEDED"


def test_a_cancelled_function_is_killed_and_retried_from_its_step(place: Studio, tmp_path: Path) -> None:
    place.upload({"a.txt": b"quiet"})
    parameters = f'{{"word": "{tmp_path / "word"}", "pid": "{tmp_path / "pid"}"}}'
    shout = place.pipeline("tests.doubles.pipelines:shout")
    wait = place.pipeline("tests.doubles.pipelines:wait_for_word", inputParameters=parameters)
    execution_id = place.run(place.workflow(shout, wait), "a.txt")
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        time.sleep(0.05)
    process = psutil.Process(int((tmp_path / "pid").read_text()))
    cancelled = place.product.client.done(CANCEL, executionId=execution_id, reason="wrong shot")
    assert cancelled["workflowExecution"] == {"executionStatus": "ABORTED", "reason": "wrong shot"}
    process.wait(60)
    (tmp_path / "word").touch()
    retried = place.product.client.done(RETRY, executionId=execution_id)
    assert retried["workflowExecution"] == {"executionStatus": "NEW", "attempt": 2}
    execution = place.ended(execution_id)
    assert execution["executionStatus"] == "SUCCEEDED", execution
    assert [step["attempts"] for step in execution["steps"]] == [1, 2]
    files = [output["path"] for output in execution["outputs"] if output["kind"] == "FILE"]
    assert files == ["a.txt.loud.txt", "a.txt.loud.txt.done"]


def test_an_output_that_lies_with_no_input_fails_the_execution_naming_it(place: Studio) -> None:
    place.upload({"deep/a.txt": b"quiet"})
    execution = place.ended(place.run(place.function("stray"), "deep/a.txt"))
    assert (execution["executionStatus"], execution["failureCode"]) == ("FAILED", "OUTPUT_INVALID")
    assert "'elsewhere/out.txt' lies in no folder of its inputs, which are in deep/" in execution["failure"]
    assert execution["outputs"] == []


def test_an_output_of_another_extension_than_promised_fails_the_execution(place: Studio) -> None:
    place.upload({"a.txt": b"quiet"})
    execution = place.ended(place.run(place.function("shout", outputType=".exr"), "a.txt"))
    assert (execution["executionStatus"], execution["failureCode"]) == ("FAILED", "OUTPUT_INVALID")
    assert "'a.txt.loud.txt' is no .exr file" in execution["failure"]


def test_entries_that_a_schema_refuses_fail_the_execution_and_leave_the_bucket_as_it_was(place: Studio) -> None:
    client = place.product.client
    schema = {"databaseId": "shows", "entityType": "FILE_METADATA", "schemaName": "Loudness"}
    fields = [{"key": "loudness", "valueType": "DATE"}]
    made = client.done(CREATE_SCHEMA, fields=fields, **schema)["metadataSchema"]
    try:
        place.upload({"a.txt": b"quiet"})
        execution_id = place.run(place.function("shout"), "a.txt")
        execution = place.ended(execution_id)
        assert (execution["executionStatus"], execution["failureCode"]) == ("FAILED", "OUTPUT_INVALID")
        assert "'a.txt.metadata.json' has entries that are refused" in execution["failure"]
        assert place.file("a.txt.loud.txt") is None
        found = place.product.parts.objects.versions("assets", f"{place.asset_id}/a.txt.loud.txt")
        assert list(found) == []
        assert place.file("a.txt")["metadata"] == []
    finally:
        client.done(DELETE_SCHEMA, metadataSchemaId=made["metadataSchemaId"], confirm=True)
    client.done(RETRY, executionId=execution_id)
    execution = place.ended(execution_id)
    assert (execution["executionStatus"], execution["attempt"]) == ("SUCCEEDED", 2)
    assert [step["attempts"] for step in execution["steps"]] == [1]
