"""Built-in pipelines over real pictures, in the media sandbox."""

from __future__ import annotations

import io
from random import Random
from typing import Any

import pytest
from PIL import Image

from tests.processors.workflows.studio import Studio
from tests.system import pictures


def _run(place: Studio, resource: str, *paths: str, **given: Any) -> Any:
    workflow = place.workflow(place.pipeline(resource, kind="BUILT_IN", **given))
    return place.ended(place.run(workflow, *paths))


def _picture(body: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(body))
    picture.load()
    return picture


@pytest.mark.parametrize(("extension", "kind"), [(".png", "PNG"), (".jpg", "JPEG"), (".tif", "TIFF")])
def test_a_file_is_converted_to_another_format_and_size(place: Studio, extension: str, kind: str) -> None:
    place.upload({"plates/a.exr": pictures.exr(Random(1), width=2400, height=1600)})
    execution = _run(
        place, "convert", "plates/a.exr", outputType=extension, inputParameters='{"maxWidth": 600}', assetType=".exr"
    )
    assert execution["executionStatus"] == "SUCCEEDED", execution
    made = _picture(place.body(f"plates/a{extension}"))
    assert (made.format, made.size, made.mode) == (kind, (600, 400), "RGB")


def test_a_conversion_without_a_size_keeps_the_size(place: Studio) -> None:
    place.upload({"a.exr": pictures.exr(Random(1), width=2400, height=1600)})
    assert _run(place, "convert", "a.exr", outputType=".png")["executionStatus"] == "SUCCEEDED"
    assert _picture(place.body("a.png")).size == (2400, 1600)


def test_previews_proxies_and_attributes_are_made_beside_their_files(place: Studio) -> None:
    place.upload({"plates/a.exr": pictures.exr(Random(1)), "plates/b.png": pictures.png(Random(2))})
    steps = [place.pipeline(name, kind="BUILT_IN") for name in ("file-preview", "asset-preview", "metadata")]
    workflow = place.workflow(*steps)
    execution = place.ended(place.run(workflow, "plates/a.exr", "plates/b.png"))
    assert execution["executionStatus"] == "SUCCEEDED", execution
    assert [(output["kind"], output["path"]) for output in execution["outputs"]] == [
        ("ASSET_PREVIEW", ""),
        ("ATTRIBUTES", "plates/a.exr"),
        ("ATTRIBUTES", "plates/b.png"),
        ("FILE_PREVIEW", "plates/a.exr.previewFile.jpg"),
        ("FILE_PREVIEW", "plates/b.png.previewFile.jpg"),
    ]
    assert _picture(place.body("plates/a.exr.previewFile.jpg")).format == "JPEG"
    assert _picture(place.body("preview.jpg")).size == (48, 32)
    found = {one["key"]: one["value"] for one in place.file("plates/a.exr")["attributes"]}
    assert {name: found[name] for name in ("width", "height", "formatName", "channels", "isDeep")} == {
        "width": "48",
        "height": "32",
        "formatName": "openexr",
        "channels": "R, G, B",
        "isDeep": "false",
    }
    assert place.text(execution["steps"][0]["logUrl"]) == "plates/a.exr: done\nplates/b.png: done"


def test_a_proxy_has_a_name_of_its_own(place: Studio) -> None:
    place.upload({"a.exr": pictures.exr(Random(1))})
    execution = _run(place, "proxy", "a.exr")
    assert [output["path"] for output in execution["outputs"]] == ["a_proxy.jpg"]


@pytest.mark.parametrize("body", [b"no picture at all", pictures.truncated_exr(Random(3))])
def test_a_file_that_is_no_picture_fails_the_execution_naming_it(place: Studio, body: bytes) -> None:
    place.upload({"bad.exr": body})
    execution = _run(place, "file-preview", "bad.exr")
    assert (execution["executionStatus"], execution["failureCode"]) == ("FAILED", "UNREADABLE")
    assert "bad.exr" in execution["failure"]
    assert execution["outputs"] == []


def test_a_file_is_not_converted_into_itself(place: Studio) -> None:
    place.upload({"a.png": pictures.png(Random(1))})
    execution = _run(place, "convert", "a.png", outputType=".png")
    assert (execution["executionStatus"], execution["failureCode"]) == ("FAILED", "OUTPUT_IS_INPUT")


def test_a_pipeline_for_files_fails_over_the_asset_alone(place: Studio) -> None:
    assert _run(place, "file-preview")["failureCode"] == "INPUT_MISSING"
