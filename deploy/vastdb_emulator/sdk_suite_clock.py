"""A pytest plugin for the SDK's suite: waits for background work are cut short, as the emulator has none.

The suite waits up to 300 seconds for sorting and projections; here both are done when a transaction commits.
"""

from __future__ import annotations

import time

import pytest

LONGEST_SECONDS = 1.0


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `time.sleep` return after a second at most."""
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, LONGEST_SECONDS)))
