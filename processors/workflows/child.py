"""The process of one Python step: keeps to its limits, calls the function, and ends."""

from __future__ import annotations

import ctypes
import importlib
import json
import resource
import signal
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from processors.workflows.step import Step, StepInput

GROUP = "interneg.pipelines"
"""Packages declare pipelines in this group of entry points."""
OUT_OF_MEMORY = 77
"""Exit status of a step whose memory was not enough."""
LARGEST_OUTPUT_BYTES = 5 << 30
PR_SET_PDEATHSIG = 1


def main() -> int:
    """Arguments: the step's folder, its entry point, its memory in bytes, and the descriptor of its reports."""
    folder, entry, memory_bytes, report_fd = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    die_with_parent()
    confine(memory_bytes)
    payload = json.loads((folder / "payload.json").read_text("utf-8"))
    paths = [given["inputAssetFileKey"] for given in payload["inputs"]]
    inputs = tuple(StepInput(path, folder / "inputs" / path) for path in paths)
    try:
        function_of(entry)(Step(payload, inputs, folder / "outputs", report_fd))
    except MemoryError:
        sys.stderr.write(f"The step needs more than the {memory_bytes} bytes of memory that it has.\n")
        return OUT_OF_MEMORY
    return 0


def die_with_parent() -> None:
    """A step whose worker was killed is run again by another; nobody would hear of this one."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def confine(memory_bytes: int) -> None:
    """Set this process's limits for good. `memory_bytes` is of address space beyond what it has mapped already."""
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for kind, limit in (
        (resource.RLIMIT_AS, mapped + memory_bytes),
        (resource.RLIMIT_FSIZE, LARGEST_OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def function_of(entry: str) -> Any:
    """The function behind `module:function`, or behind the name that an installed package declares."""
    declared = entry_points(group=GROUP, name=entry)
    if declared:
        return next(iter(declared)).load()
    module, _, name = entry.partition(":")
    return getattr(importlib.import_module(module), name)


if __name__ == "__main__":
    sys.exit(main())
