"""What a Python pipeline is given: `def pipeline(step: Step) -> None`, run in a process of its own."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class StepInput:
    """A file to work on."""

    path: str
    """Inside the asset."""
    file: Path
    """A copy of the object version that the execution began with."""


@dataclass(frozen=True)
class Step:
    """One step of an execution. What is written below `output_folder` becomes files and entries of the asset.

    Outputs keep the relative folder of an input; names follow the conventions of domain/executions/convention.py. What
    is printed becomes the step's log. An exception fails the execution.
    """

    payload: dict[str, Any]
    """The whole document that HTTP pipelines are sent."""
    inputs: tuple[StepInput, ...]
    output_folder: Path
    report_fd: int = field(repr=False)

    @property
    def parameters(self) -> dict[str, Any]:
        """The pipeline's parameters with those of the execution over them."""
        found: dict[str, Any] = self.payload["inputParameters"]
        return found

    @property
    def metadata(self) -> dict[str, Any]:
        """assetData, assetMetadata, fileMetadata and fileAttributes of the inputs."""
        found: dict[str, Any] = self.payload["inputMetadata"]["VAMS"]
        return found

    def output(self, path: str) -> Path:
        """Where the output at this path of the asset is to be written; its folder exists."""
        wanted = self.output_folder / path
        wanted.parent.mkdir(parents=True, exist_ok=True)
        return wanted

    def heartbeat(self) -> None:
        """Say that the work goes on; needed where the pipeline has a heartbeat timeout."""
        self._say({})

    def progress(self, percent: int | None = None, message: str | None = None) -> None:
        """Say how far the work is; this is a heartbeat too."""
        self._say({"percent": percent, "message": message})

    def _say(self, report: dict[str, Any]) -> None:
        os.write(self.report_fd, json.dumps(report).encode() + b"\n")
