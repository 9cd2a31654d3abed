"""What a test needs from the machine: without it the test is skipped, or fails where CI insists."""

from __future__ import annotations

import os

import pytest


def require(present: bool, reason: str) -> None:
    """Skip unless `present`; with INTERNEG_REQUIRE_SERVICES=1 fail instead."""
    if present:
        return
    if os.environ.get("INTERNEG_REQUIRE_SERVICES") == "1":
        pytest.fail(f"INTERNEG_REQUIRE_SERVICES=1, but {reason}", pytrace=False)
    pytest.skip(reason)
