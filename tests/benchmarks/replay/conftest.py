"""One large log for every benchmark of this folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.benchmarks.replay.installation import KEPT, Installation
from tests.benchmarks.replay.installation import installation as installed

Say = Callable[[str], None]


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The installation in INTERNEG_BENCH_DIR, made there if need be; or one that is gone after the run."""
    with installed(Path(KEPT) if KEPT else tmp_path_factory.mktemp("replay")) as found:
        yield found


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Write a line to the terminal, past the capture."""

    def write(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n  {line}")

    return write
