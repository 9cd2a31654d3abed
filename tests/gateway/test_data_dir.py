"""Guards who may use a data directory, and that a killed process leaves no temporary files in it for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.data_dir import DataDirInUse, owned, scratch

HOLD_SCRATCH = """
import sys
from pathlib import Path
from gateway.data_dir import scratch
with scratch(Path(sys.argv[1])) as folder:
    (folder / "half.exr").write_bytes(b"half")
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_a_second_owner_is_told_who_the_first_is(tmp_path: Path) -> None:
    with (
        owned(tmp_path),
        pytest.raises(DataDirInUse, match=rf"\(process {os.getpid()}\) runs on .* stop it"),
        owned(tmp_path),
    ):
        pass
    with owned(tmp_path):
        pass


def test_scratch_space_ends_with_its_process(tmp_path: Path) -> None:
    with scratch(tmp_path) as folder:
        (folder / "picture").write_bytes(b"whole")
    assert list((tmp_path / "scratch").iterdir()) == []


def test_scratch_space_of_a_killed_process_is_removed_and_that_of_a_living_one_is_kept(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD_SCRATCH, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        theirs = Path(other.stdout.readline().strip())
        with scratch(tmp_path):
            assert (theirs / "half.exr").exists()
        other.kill()
    with scratch(tmp_path) as ours:
        assert list((tmp_path / "scratch").iterdir()) == [ours]
