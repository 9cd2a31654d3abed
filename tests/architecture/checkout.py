"""The files of the checkout that are committed or about to be."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("gateway", "domain", "projections", "processors")


@cache
def committed_files() -> tuple[Path, ...]:
    """What git tracks or would track; a checkout without git cannot be asked, and the test is skipped."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
    )
    if listing.returncode != 0:
        pytest.skip(f"git does not know this folder: {listing.stderr.decode().strip()}")
    names = listing.stdout.decode().split("\0")
    return tuple(path for name in names if name and (path := ROOT / name).is_file())


def python_files() -> tuple[Path, ...]:
    return tuple(path for path in committed_files() if path.suffix == ".py")


def read_text(path: Path) -> str | None:
    """The text of a file; None when it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def place(path: Path) -> str:
    """The path as a reader of a failure wants it."""
    return str(path.relative_to(ROOT))
