"""What outputs are by their names, where they may lie, and the documents of entries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.executions.convention import check_output, entries_in, kind_of, starts_workflows
from domain.executions.errors import OutputInvalid
from domain.executions.events import ExecutionFile, ExecutionStep, OutputKind, Trigger, WorkflowExecutionRequested
from domain.metadata import MetadataEntry, MetadataValueType
from tests.domain.library import ASSET, stored
from tests.domain.pipelines.scene import KIND, terms

STEP = ExecutionStep(database_id="shows", pipeline_id="denoise", execution_kind=KIND, terms=terms(output_type=".png"))


def _request(*paths: str) -> WorkflowExecutionRequested:
    return WorkflowExecutionRequested(
        **ASSET,
        execution_id="e1",
        workflow_database_id="shows",
        workflow_id="clean",
        trigger=Trigger.REQUEST,
        inputs=tuple(ExecutionFile(path=path, stored=stored(path)) for path in paths),
        steps=(STEP,),
        input_parameters="",
        lineage=(),
    )


def _document(**values: Any) -> bytes:
    entry = {"metadataKey": "noise", "metadataValue": "1", "metadataValueType": "number"}
    return json.dumps({"metadata": [entry]} | values).encode()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.exr", OutputKind.FILE),
        ("test/pump.e57.previewFile.gif", OutputKind.FILE_PREVIEW),
        ("a.exr.previewFile.exr", OutputKind.FILE),
        ("preview.jpg", OutputKind.ASSET_PREVIEW),
        ("preview.exr", OutputKind.FILE),
        ("test/preview.jpg", OutputKind.FILE),
        ("metadata.json", OutputKind.METADATA),
        ("test/metadata.json", OutputKind.METADATA),
        ("asset.metadata.json", OutputKind.METADATA),
        ("test/a.exr.metadata.json", OutputKind.METADATA),
        ("a.exr.attribute.json", OutputKind.ATTRIBUTES),
    ],
)
def test_the_name_says_what_an_output_is(path: str, kind: OutputKind) -> None:
    assert kind_of(path) is kind


@pytest.mark.parametrize(
    ("path", "starts"),
    [
        ("a.exr", True),
        ("preview_renders/a.exr", True),
        ("workspaces_old/pipeline.exr", True),
        ("previews/a.exr", False),
        ("shots/pipeline/a.exr", False),
        ("temp-uploads/a.exr", False),
        ("a.exr.previewFile.png", False),
    ],
)
def test_previews_and_reserved_folders_start_no_workflow(path: str, starts: bool) -> None:
    assert starts_workflows(path) is starts


@pytest.mark.parametrize(
    "path",
    ["plates/b.png", "plates/deep/b.png", "preview.jpg", "asset.metadata.json", "plates/a.exr.previewFile.jpg"],
)
def test_outputs_lie_with_their_inputs_or_are_about_the_asset(path: str) -> None:
    assert check_output(_request("plates/a.exr"), STEP, f"/{path}") == path


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("plates/b.exr", "is no .png file"),
        ("b.png", "lies in no folder of its inputs"),
        ("plates2/b.png", "lies in no folder of its inputs"),
        ("plates/../b.png", "has a path that no file can have"),
        (".pipelines/b.png", "has a path that no file can have"),
    ],
)
def test_an_output_elsewhere_or_of_another_kind_is_refused_by_name(path: str, words: str) -> None:
    with pytest.raises(OutputInvalid, match=words) as caught:
        check_output(_request("plates/a.exr"), STEP, path)
    assert repr(path) in caught.value.message


def test_over_the_asset_outputs_lie_anywhere() -> None:
    assert check_output(_request(), STEP, "new/folder/b.png") == "new/folder/b.png"


@pytest.mark.parametrize(
    ("inputs", "path", "owners"),
    [
        (("a.exr",), "asset.metadata.json", [""]),
        (("a.exr", "b.exr", "deep/c.exr"), "metadata.json", ["a.exr", "b.exr"]),
        (("deep/a.exr",), "deep/metadata.json", ["deep/a.exr"]),
        (("deep/a.exr",), "metadata.json", [""]),
        ((), "metadata.json", [""]),
        (("deep/a.exr",), "deep/a.exr.metadata.json", ["deep/a.exr"]),
        (("deep/a.exr",), "deep/b.exr.attribute.json", ["deep/b.exr"]),
    ],
)
def test_a_document_holds_entries_of_what_it_is_named_for(
    inputs: tuple[str, ...], path: str, owners: list[str]
) -> None:
    found = entries_in(_request(*inputs), path, _document(updateType="replace_all"))
    assert [one.owner for one in found] == owners
    entry = MetadataEntry(key="noise", value="1", value_type=MetadataValueType.NUMBER)
    assert all(one.entries == (entry,) and one.replace_all for one in found)


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("other/metadata.json", _document(), "lies beside no input"),
        ("metadata.json", b"[]", "no document of entries"),
        ("metadata.json", b"\xff", "no document of entries"),
        ("metadata.json", _document(updateType="merge"), "not update or replace_all"),
        ("metadata.json", _document(metadata=[{"metadataKey": "", "metadataValue": ""}]), "an entry that is refused"),
        ("metadata.json", _document(metadata=[{"key": "a"}]), "no document of entries"),
    ],
)
def test_a_document_that_breaks_a_rule_is_refused_by_name(path: str, content: bytes, words: str) -> None:
    with pytest.raises(OutputInvalid, match=words) as caught:
        entries_in(_request("a.exr"), path, content)
    assert repr(path) in caught.value.message
