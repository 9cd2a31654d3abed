"""At the end of a whole run: every row of tests/OPERATIONS.md was shown by the test that it names.

Works in one process, and in the workers of pytest-xdist, which hand what they saw to the process that started them.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.operations import report
from tests.operations.observing import OBSERVED, Observations

ADVICE = "These tests no longer show what tests/OPERATIONS.md says: mend them, or run: make operations"
HANDED = "operations"
"""The key under which a worker hands over what its tests have shown."""
UNSHOWN = pytest.StashKey[list[str]]()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over or compare; a row that no test has shown fails the run."""
    config = session.config
    observed = config.stash[OBSERVED]
    if hasattr(config, "workeroutput"):
        config.workeroutput[HANDED] = observed.handed()
    elif session.exitstatus == pytest.ExitCode.OK and _is_of_everything(config):
        config.stash[UNSHOWN] = _unshown(observed)
        if config.stash[UNSHOWN]:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker hands over; one that crashed hands over nothing, and its test has failed."""
    handed = getattr(node, "workeroutput", {}).get(HANDED)
    if handed:
        node.config.stash[OBSERVED].take(handed)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    observed = config.stash[OBSERVED]
    unshown = config.stash.get(UNSHOWN, None)
    if config.getoption("--write-operations"):
        written = report.write(observed.shown, observed.ran)
        terminalreporter.write_line(f"{report.PATH.name} has {written} rows.")
    elif unshown is None:
        terminalreporter.write_line("Not every test ran and passed, so the table of operations was not compared.")
    elif unshown:
        terminalreporter.section("operations that no test has shown", red=True)
        terminalreporter.write_line("\n".join((ADVICE, *unshown)))


def _is_of_everything(config: pytest.Config) -> bool:
    """Whether neither a path nor a word of the command line chose among the tests of the default run."""
    chosen = config.args_source is pytest.Config.ArgsSource.ARGS or config.option.keyword
    return not chosen and not config.getoption("--write-operations") and "not soak" in config.option.markexpr


def _unshown(observed: Observations) -> list[str]:
    return [
        f"{name} {outcome}: {test}"
        for (name, outcome), test in report.read().items()
        if test not in observed.shown.get((name, outcome), set())
    ]
