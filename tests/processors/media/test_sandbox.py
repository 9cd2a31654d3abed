"""Jobs in their own processes: what ends a job ends nothing else."""

from __future__ import annotations

import os
import signal
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from processors.media.limits import MEBIBYTE, Limits
from processors.media.rejections import MediaRejected, RejectionCode
from processors.media.sandbox import MediaSandbox

WALL_SECONDS = 4.0
ROGUE = '''
import ctypes, os, threading
import numpy
from processors.media.render import render


def perform(source, out_dir, *, name, limits, settings):
    """Does what the file says a hostile file might make a decoder do."""
    match source.read_text(errors="replace"):
        case "segfault":
            ctypes.string_at(0)
        case "abort":
            os.abort()
        case "exit":
            os._exit(7)
        case "hang":
            threading.Event().wait()
        case "spin":
            while True:
                pass
        case "hog":
            hog = []
            while True:
                hog.append(numpy.empty(16 << 20))
        case "fill the disk":
            (out_dir / "big").write_bytes(bytes(2 << 20))
        case "raise":
            raise ZeroDivisionError("a bug of ours")
        case "environment":
            raise RuntimeError(",".join(sorted(os.environ)))
    return render(source, out_dir, name=name, limits=limits, settings=settings)
'''

RunHere = Callable[..., Any]


@pytest.fixture(scope="module")
def rogue_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rogue")
    (folder / "rogue_job.py").write_text(ROGUE)
    return folder


@pytest.fixture(scope="module")
def rogue(rogue_folder: Path) -> Iterator[MediaSandbox]:
    limits = Limits(wall_seconds=WALL_SECONDS, memory_bytes=512 * MEBIBYTE, output_bytes=MEBIBYTE)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(rogue_folder))
        patch.setenv("INTERNEG_S3_SECRET_KEY", "do not pass on")
        with MediaSandbox(limits=limits, entry="rogue_job:perform") as sandbox:
            yield sandbox


@pytest.fixture
def run_text(tmp_path: Path, rogue: MediaSandbox) -> RunHere:
    def run(text: str) -> Any:
        return run_in(rogue, written(tmp_path, text), tmp_path)

    return run


def written(folder: Path, text: str) -> Path:
    source = folder / text.replace(" ", "_")
    source.write_text(text)
    return source


def run_in(sandbox: MediaSandbox, source: Path, folder: Path) -> Any:
    out = folder / f"out-{source.name}-{time.monotonic_ns()}"
    out.mkdir()
    return sandbox.run(source, out, name=source.name)


@pytest.mark.parametrize(
    ("deed", "code", "told"),
    [
        ("segfault", RejectionCode.CRASHED, "SIGSEGV"),
        ("abort", RejectionCode.CRASHED, "SIGABRT"),
        ("exit", RejectionCode.CRASHED, "exit code 7"),
        ("hang", RejectionCode.TIMED_OUT, "4 seconds a job has"),
        ("hog", RejectionCode.OUT_OF_MEMORY, "536870912 bytes"),
        ("fill the disk", RejectionCode.CRASHED, "File too large"),
        ("raise", RejectionCode.CRASHED, "ZeroDivisionError: a bug of ours"),
    ],
)
def test_a_jobs_end_is_told_and_the_next_job_runs(
    run_text: RunHere,
    rogue: MediaSandbox,
    samples: Path,
    tmp_path: Path,
    deed: str,
    code: RejectionCode,
    told: str,
) -> None:
    with pytest.raises(MediaRejected) as refused:
        run_text(deed)
    assert refused.value.code is code
    assert told in refused.value.message
    assert len(run_in(rogue, samples / "exr/t01.exr", tmp_path).renditions) == 2


def test_a_job_that_only_burns_time_is_stopped_by_its_processor_limit(
    rogue_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(rogue_folder))
    sandbox = MediaSandbox(limits=Limits(cpu_seconds=1), entry="rogue_job:perform")
    with sandbox, pytest.raises(MediaRejected) as refused:
        run_in(sandbox, written(tmp_path, "spin"), tmp_path)
    assert refused.value.code is RejectionCode.TIMED_OUT
    assert "1 seconds of processor time" in refused.value.message


def test_a_job_sees_no_credentials(run_text: RunHere) -> None:
    with pytest.raises(MediaRejected) as refused:
        run_text("environment")
    assert "INTERNEG" not in refused.value.message
    assert "PYTHONPATH" in refused.value.message


def test_jobs_of_several_threads_run_at_once_and_a_crash_is_its_own(
    rogue: MediaSandbox, samples: Path, tmp_path: Path
) -> None:
    crash = tmp_path / "crash.exr"
    crash.write_text("segfault")
    sources = [samples / "exr/t01.exr", crash, samples / "exr/t08.exr", samples / "malformed/zero.exr"] * 4

    def attempt(source: Path) -> Any:
        try:
            return run_in(rogue, source, tmp_path).renditions[1].width
        except MediaRejected as refused:
            return refused.code.value

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(attempt, sources)) == [400, "CRASHED", 501, "EMPTY"] * 4


def test_two_hanging_jobs_wait_side_by_side(run_text: RunHere) -> None:
    def ended(_: int) -> float:
        with pytest.raises(MediaRejected) as refused:
            run_text("hang")
        assert refused.value.code is RejectionCode.TIMED_OUT
        return time.monotonic()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(ended, range(2))
    assert abs(second - first) < WALL_SECONDS


def test_a_dead_fork_server_is_started_again(rogue: MediaSandbox, samples: Path, tmp_path: Path) -> None:
    run_in(rogue, samples / "exr/t01.exr", tmp_path)
    assert rogue._server is not None
    os.kill(rogue._server.pid, signal.SIGKILL)
    rogue._server.wait()
    assert run_in(rogue, samples / "exr/t01.exr", tmp_path).renditions[1].width == 400


def test_closing_ends_the_server_and_its_jobs(samples: Path, tmp_path: Path) -> None:
    sandbox = MediaSandbox()
    run_in(sandbox, samples / "exr/t01.exr", tmp_path)
    server = sandbox._server
    assert server is not None
    sandbox.close()
    assert server.returncode == 0


def write_grey_png(path: Path, rows: NDArray[np.uint8]) -> None:
    """A square 8-bit grey PNG whose every row has one value, made without holding its pixels."""
    side = len(rows)
    deflate = zlib.compressobj(1)
    # Filter 1 stores differences from the left neighbour: the value, then zeros.
    packed = b"".join(deflate.compress(bytes([1, value]) + bytes(side - 1)) for value in rows) + deflate.flush()
    header = struct.pack("!IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", packed), (b"IEND", b"")]
    framed = (struct.pack("!I", len(b)) + k + b + struct.pack("!I", zlib.crc32(k + b)) for k, b in chunks)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(framed))


def test_a_real_picture_of_900_million_pixels_is_read_within_the_limits(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    write_grey_png(path, np.linspace(0, 255, 30000).astype(np.uint8))
    with MediaSandbox() as sandbox:
        proxy = run_in(sandbox, path, tmp_path).renditions[1]
    assert (proxy.width, proxy.height) == (1080, 1080)
    with Image.open(proxy.path) as image:
        shown = np.asarray(image.convert("L")).astype(int)
    assert np.abs(shown[:, 540] - np.linspace(0, 255, 1080)).max() <= 2


def test_a_picture_over_the_byte_limit_is_refused_on_opening(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    Image.new("L", (4096, 4096)).save(path, compress_level=1)
    sandbox = MediaSandbox(limits=Limits(image_bytes=15 * MEBIBYTE))
    with sandbox, pytest.raises(MediaRejected) as refused:
        run_in(sandbox, path, tmp_path)
    assert refused.value.code is RejectionCode.TOO_LARGE


def test_a_refusal_in_the_job_brings_its_header_along(rogue: MediaSandbox, samples: Path, tmp_path: Path) -> None:
    with pytest.raises(MediaRejected) as refused:
        run_in(rogue, samples / "malformed/trunc50.exr", tmp_path)
    assert refused.value.code is RejectionCode.TRUNCATED
    assert refused.value.inspection is not None
    assert refused.value.inspection.parts[0].width == 400
