"""The built-in pipelines: pictures, conversions and attributes of image files, made in the media sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from domain.executions.events import ExecutionFile
from domain.executions.execution import Execution
from domain.json import JsonValue
from domain.pipelines.built_ins import LARGEST_SIDE_PX, BuiltIn
from processors.media.conversion import converted
from processors.media.rejections import MediaRejected
from processors.media.results import MediaResult
from processors.media.sandbox import MediaSandbox
from processors.media.settings import Conversion, RenderSettings
from processors.workflows.errors import StepClosed, StepFailed
from processors.workflows.payload import input_parameters


@dataclass(frozen=True)
class BuiltInRunner:
    """Runs built-in pipelines over the inputs, one after the other."""

    pictures: MediaSandbox
    conversions: MediaSandbox
    """Forks jobs whose entry is processors.media.conversion."""

    def run(
        self,
        execution: Execution,
        sources: Callable[[ExecutionFile], Path],
        folder: Path,
        *,
        is_wanted: Callable[[], bool],
    ) -> tuple[dict[str, Path | bytes], bytes]:
        """The outputs by path, and a line about each input for the log. Raises StepFailed, StepClosed."""
        assert execution.step is not None
        if not execution.inputs:
            raise StepFailed("INPUT_MISSING", f"{execution.step.terms.resource} works on files: run it over some.")
        outputs: dict[str, Path | bytes] = {}
        log: list[str] = []
        for number, file in enumerate(execution.inputs):
            if not is_wanted():
                raise StepClosed
            out_dir = folder / "built-in" / str(number)
            out_dir.mkdir(parents=True)
            source = sources(file)
            try:
                outputs |= self._outputs(execution, file, source, out_dir)
            except MediaRejected as rejected:
                text = "\n".join([*log, rejected.message]).encode()
                raise StepFailed(rejected.code, rejected.message, log=text) from rejected
            source.unlink()
            log.append(f"{file.path}: done")
            if execution.step.terms.resource == BuiltIn.ASSET_PREVIEW:
                break
        return outputs, "\n".join(log).encode()

    def _outputs(
        self, execution: Execution, file: ExecutionFile, source: Path, out_dir: Path
    ) -> dict[str, Path | bytes]:
        assert execution.step is not None
        terms = execution.step.terms
        match BuiltIn(terms.resource):
            case BuiltIn.CONVERT:
                wanted = _conversion(terms.output_type or "", input_parameters(execution))
                settings = RenderSettings(conversion=wanted)
                self.conversions.run(source, out_dir, name=file.path, settings=settings)
                path = f"{_stem(file.path)}{wanted.extension}"
                if path == file.path:
                    raise StepFailed("OUTPUT_IS_INPUT", f"{path} would be converted into itself.")
                return {path: converted(out_dir, wanted)}
            case BuiltIn.METADATA:
                result = self.pictures.run(source, out_dir, name=file.path)
                return {f"{file.path}.attribute.json": _document(result)}
            case BuiltIn.FILE_PREVIEW:
                return {f"{file.path}.previewFile.jpg": self._picture(file, source, out_dir, kind="THUMBNAIL")}
            case BuiltIn.ASSET_PREVIEW:
                return {"preview.jpg": self._picture(file, source, out_dir, kind="PROXY")}
            case BuiltIn.PROXY:
                return {f"{_stem(file.path)}_proxy.jpg": self._picture(file, source, out_dir, kind="PROXY")}

    def _picture(self, file: ExecutionFile, source: Path, out_dir: Path, *, kind: str) -> Path:
        result = self.pictures.run(source, out_dir, name=file.path)
        return next(rendition.path for rendition in result.renditions if rendition.kind == kind)


def _conversion(extension: str, parameters: dict[str, JsonValue]) -> Conversion:
    given = {name: parameters.get(name, LARGEST_SIDE_PX) for name in ("maxWidth", "maxHeight")}
    return Conversion(extension=extension, max_width=int(given["maxWidth"]), max_height=int(given["maxHeight"]))


def _document(result: MediaResult) -> bytes:
    entries = [{"metadataKey": key, "metadataValue": value} for key, value in _attributes(result)]
    return msgspec.json.encode({"type": "attribute", "updateType": "update", "metadata": entries})


def _attributes(result: MediaResult) -> Iterator[tuple[str, str]]:
    """Keys and values; attributes of files are texts, as in VAMS."""
    inspection, decision = result.inspection, result.decision
    part = inspection.parts[decision.part_index]
    numbers: dict[str, Any] = {
        "width": part.width,
        "height": part.height,
        "displayWidth": part.display_width,
        "displayHeight": part.display_height,
        "pixelAspectRatio": part.pixel_aspect_ratio,
        "partCount": len(inspection.parts),
        "frameNumber": inspection.frame_number,
        "nonFinitePixels": inspection.non_finite_pixels,
    }
    texts = {
        "formatName": inspection.format_name,
        "compression": part.compression,
        "channels": ", ".join(channel.channel_name for channel in part.channels),
        "sourceColorSpace": decision.source_color_space,
        "colorRule": decision.color_rule,
    }
    yield from ((key, f"{value:.10g}") for key, value in numbers.items() if value is not None)
    yield from ((key, str(value)) for key, value in texts.items() if value is not None)
    yield "isDeep", "true" if inspection.is_deep else "false"


def _stem(path: str) -> str:
    suffix = PurePosixPath(path).suffix
    return path[: len(path) - len(suffix)] if suffix else path
