"""At the end of a whole run: every row of tests/OPERATIONS.md was shown by the test that it names."""

from __future__ import annotations

import pytest

from tests.operations import report
from tests.operations.observing import OBSERVED


@pytest.mark.observed
def test_every_row_was_shown_by_its_test(pytestconfig: pytest.Config) -> None:
    observed = pytestconfig.stash[OBSERVED]
    unshown = [
        f"{name} {outcome}: {test}"
        for (name, outcome), test in report.read().items()
        if test not in observed.shown.get((name, outcome), set())
    ]
    advice = "These tests no longer show it, or did not pass: mend them, or run: make operations"
    assert not unshown, "\n".join((advice, *unshown))
