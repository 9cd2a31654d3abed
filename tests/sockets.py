"""Clients whose server is ended under them leave sockets to the garbage collector, which comes for them in time."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator

import pytest


def collect_sockets() -> None:
    """Let it come for them now, or the warning would be that of a later test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """It may come while a test that leaves sockets runs."""
    for item in items:
        if item.get_closest_marker("leaves_sockets"):
            item.add_marker(
                pytest.mark.filterwarnings(
                    "ignore:unclosed <socket:ResourceWarning",
                    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning",
                )
            )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """It comes once nothing refers to the test's failures any more: records of its log do until its very end."""
    result = yield
    if item.get_closest_marker("leaves_sockets"):
        collect_sockets()
    return result
