"""The pipelines that come with the product, and what they can be told."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from domain.json import JsonValue
from domain.pipelines.errors import PipelineResourceInvalid
from domain.pipelines.events import PipelineTerms

CONVERTIBLE_TO = (".png", ".jpg", ".tif")
LARGEST_SIDE_PX = 32_768


class BuiltIn(StrEnum):
    """Names of built-in pipelines."""

    FILE_PREVIEW = "file-preview"
    """`{path}.previewFile.jpg` beside each input."""
    ASSET_PREVIEW = "asset-preview"
    """`preview.jpg` of the asset, from the first input."""
    PROXY = "proxy"
    """`{stem}_proxy.jpg` beside each input."""
    CONVERT = "convert"
    """`{stem}{outputType}` beside each input."""
    METADATA = "metadata"
    """`{path}.attribute.json` of each input: size, channels, compression, colour space."""


def check_built_in(terms: PipelineTerms, parameters: Mapping[str, JsonValue]) -> None:
    """Raise PipelineResourceInvalid for a name, output type or parameter that no built-in pipeline has."""
    if terms.resource not in set(BuiltIn):
        known = ", ".join(BuiltIn)
        raise PipelineResourceInvalid(f"There is no built-in pipeline {terms.resource[:80]!r}: there are {known}.")
    allowed = {"maxWidth", "maxHeight"} if terms.resource == BuiltIn.CONVERT else set()
    unknown = sorted(set(parameters) - allowed)
    if unknown:
        known = " and ".join(sorted(allowed)) or "none"
        raise PipelineResourceInvalid(
            f"{terms.resource} has no parameter {unknown[0]!r}: it takes {known}.", field="inputParameters"
        )
    for name, value in parameters.items():
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LARGEST_SIDE_PX:
            raise PipelineResourceInvalid(
                f"{name} is a whole number of pixels from 1 to {LARGEST_SIDE_PX}.", field="inputParameters"
            )
    if terms.resource == BuiltIn.CONVERT and terms.output_type not in CONVERTIBLE_TO:
        raise PipelineResourceInvalid(
            f"convert needs an outputType of {', '.join(CONVERTIBLE_TO)}.", field="outputType"
        )
