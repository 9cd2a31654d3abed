"""The SDK leaves the sockets of failed requests to the garbage collector."""

from __future__ import annotations

import gc
import warnings


def collect_sockets() -> None:
    """Let it come for them now, or the warning would be that of a later test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
