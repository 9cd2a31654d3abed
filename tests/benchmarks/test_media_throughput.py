"""Reports what making pictures costs beside decoding alone; prints ratios and asserts no speed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import OpenImageIO as oiio
import pytest

from processors.media.render import render, warm
from processors.media.sandbox import MediaSandbox

ROUNDS = 5
WIDTH, HEIGHT = 4096, 2160


@pytest.fixture(scope="module", params=["exr", "dpx", "jpg", "png"])
def plate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A soft 4K picture with grain."""
    random = np.random.default_rng(7)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    soft = np.stack([np.sin(rows / 300), np.cos(columns / 500), np.sin((rows + columns) / 700)], -1) * 0.4 + 0.5
    path: Path = tmp_path_factory.mktemp("plates") / f"plate.{request.param}"
    spec = oiio.ImageSpec(WIDTH, HEIGHT, 3, "half" if request.param == "exr" else "uint8")
    spec.attribute("compression", "zip")
    output = oiio.ImageOutput.create(str(path))
    assert output is not None, oiio.geterror()
    assert output.open(str(path), spec), output.geterror()
    grain = random.normal(0, 0.01, soft.shape).astype(np.float32)
    assert output.write_image(np.clip(soft + grain, 0, 1)), output.geterror()
    output.close()
    return path


@pytest.mark.benchmark
def test_media_files_a_second_beside_decoding_alone(
    plate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warm()
    seconds = {"decode": [], "render": []}  # type: dict[str, list[float]]
    for _ in range(ROUNDS):
        seconds["decode"].append(processor_seconds(lambda: decode(plate)))
        seconds["render"].append(processor_seconds(lambda: render(plate, tmp_path, name=plate.name)))
    decoding, rendering = (float(np.median(seconds[kind])) for kind in ("decode", "render"))
    with MediaSandbox() as sandbox:
        sandbox.run(plate, tmp_path, name=plate.name)
        started = time.perf_counter()
        for _ in range(ROUNDS):
            sandbox.run(plate, tmp_path, name=plate.name)
        job_seconds = (time.perf_counter() - started) / ROUNDS
    with capsys.disabled():
        print(  # noqa: T201 - the report is what this benchmark is for
            f"\n{plate.suffix[1:]} {WIDTH}x{HEIGHT}: decode {decoding * 1000:.0f} ms CPU, "
            f"pictures {rendering * 1000:.0f} ms CPU, ratio {rendering / decoding:.2f}; "
            f"sandboxed {1 / job_seconds:.1f} files/s on one thread"
        )


def decode(path: Path) -> None:
    image = oiio.ImageInput.open(str(path))
    assert image is not None
    assert image.read_image(0, 0, 0, 3, image.spec().format) is not None


def processor_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
