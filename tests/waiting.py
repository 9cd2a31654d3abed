"""Wait for what happens by itself: look again and again, and fail with what was seen when it was not in time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

SECONDS = 120.0
"""Only a guard against hanging: what is waited for takes a fraction of it on any machine."""
PAUSE_SECONDS = 0.05


def until(look: Callable[[], Any], is_right: Callable[[Any], bool]) -> Any:
    """What `look` gives as soon as it is right."""
    deadline = time.monotonic() + SECONDS
    while not is_right(found := look()):
        assert time.monotonic() < deadline, found
        time.sleep(PAUSE_SECONDS)
    return found


def eventually(is_so: Callable[[], bool]) -> None:
    """Return when it is so."""
    until(is_so, bool)
