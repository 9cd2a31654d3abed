"""Whether the SDK is there that the other tests of this folder talk to the emulator with."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest


def test_the_sdk_is_installed() -> None:
    if find_spec("vastdb") is not None:
        return
    reason = "the VAST SDK is not installed here: make test-vast runs the tests of the emulator"
    if os.environ.get("INTERNEG_REQUIRE_VAST") == "1":
        pytest.fail(f"INTERNEG_REQUIRE_VAST=1, but {reason}", pytrace=False)
    pytest.skip(reason)
