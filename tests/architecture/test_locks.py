"""The locks pin every package by hash and name no place to fetch it from."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest

from tests.architecture.checkout import ROOT

PIN = re.compile(r"^[A-Za-z0-9._-]+(?:\[[a-z,-]+\])?==[^ ;]+(?: ; [^\\]+)? \\$")
HASH = re.compile(r"^ {4}--hash=sha256:[0-9a-f]{64}(?: \\)?$")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_python_lock_is_pins_with_hashes_and_nothing_else(name: str) -> None:
    lines = (ROOT / "deploy" / name).read_text().splitlines()
    pins = [line for line in lines if not line.startswith(" ")]
    assert [line for line in pins if not PIN.match(line)] == []
    assert [line for line in lines if line.startswith(" ") and not HASH.match(line)] == []
    assert all(following.startswith("    --hash=") for line, following in pairwise(lines) if line in pins)


def test_the_development_lock_holds_the_other_at_the_same_versions() -> None:
    run, develop = (
        {line.split(" ")[0] for line in (ROOT / "deploy" / name).read_text().splitlines() if "==" in line}
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert run - develop == set()


def test_the_npm_lock_has_hashes_and_no_addresses() -> None:
    lock = json.loads((ROOT / "gateway" / "graphiql" / "package-lock.json").read_text())
    packages = {name: facts for name, facts in lock["packages"].items() if name}
    assert [name for name, facts in packages.items() if "integrity" not in facts] == []
    assert [name for name, facts in packages.items() if "resolved" in facts] == []
