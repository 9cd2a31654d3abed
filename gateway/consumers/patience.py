"""Trying again what may pass by itself, for work that nobody else tries again."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from gateway.consumers.errors import is_transient

PAUSES_SECONDS = (0.1, 1.0, 5.0)

logger = logging.getLogger(__name__)

T = TypeVar("T")


def patiently(work: Callable[[], T], *, name: str) -> T:
    """What the work returns. A failure that may pass by itself is logged, and the work repeated after each pause.

    The work must be safe to repeat after it failed. Raises what the last attempt raises, and any other failure at once.
    """
    for seconds in PAUSES_SECONDS:
        try:
            return work()
        except Exception as error:
            if not is_transient(error):
                raise
            logger.warning("%s failed and is tried again: %s: %s", name, type(error).__name__, error)
            time.sleep(seconds)
    return work()
