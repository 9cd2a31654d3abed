"""Python pipelines of the tests: good, slow, broken and hungry ones."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from processors.workflows.step import Step


def shout(step: Step) -> None:
    """Each input in capitals beside it, with entries for it and for the asset."""
    for file in step.inputs:
        step.progress(50, f"Shouting {file.path}")
        step.output(f"{file.path}.loud.txt").write_text(file.file.read_text().upper())
        entry = {"metadataKey": "loudness", "metadataValue": str(step.parameters.get("loudness", 11))}
        document = {"metadata": [{**entry, "metadataValueType": "number"}]}
        step.output(f"{file.path}.metadata.json").write_text(json.dumps(document))
    sys.stdout.write(f"Shouted {len(step.inputs)} files of {step.metadata['assetData']['assetName']}\n")


def many(step: Step) -> None:
    """As many small files as the parameters say."""
    for number in range(step.parameters["count"]):
        step.output(f"many/{number:05}.txt").write_bytes(b"x")


def explode(step: Step) -> None:
    """An exception."""
    sys.stdout.write("before the end\n")
    raise RuntimeError(f"no {step.parameters.get('what', 'way')}")


def die(step: Step) -> None:
    """An end without an exception."""
    os.abort()


def hoard(step: Step) -> None:
    """More memory than there is."""
    kept = []
    while True:
        kept.append(bytearray(64 << 20))


def hang(step: Step) -> None:
    """Never ends, and says nothing."""
    time.sleep(600)


def wait_for_word(step: Step) -> None:
    """Ends when a file that the parameters name exists; tells its process id in another."""
    Path(step.parameters["pid"]).write_text(str(os.getpid()))
    while not Path(step.parameters["word"]).exists():
        step.heartbeat()
        time.sleep(0.05)
    for file in step.inputs:
        step.output(f"{file.path}.done").write_bytes(b"done")


def stray(step: Step) -> None:
    """An output where no input lies."""
    step.output("elsewhere/out.txt").write_bytes(b"x")


def preview(step: Step) -> None:
    """A preview of the asset and one of each input."""
    step.output("preview.png").write_bytes(b"not really a picture")
    for file in step.inputs:
        step.output(f"{file.path}.previewFile.png").write_bytes(b"nor this")
