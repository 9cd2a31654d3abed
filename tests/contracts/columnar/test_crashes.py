"""kill -9 at random moments: what was acknowledged is there, what was not is there whole or not at all."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest

from projections.columnar.store import ColumnarStore
from tests.contracts.columnar.backends import Backend
from tests.contracts.columnar.drill import DRILL, PARTITIONS, ROWS

ROUNDS = [pytest.param(2, id="2-rounds"), pytest.param(20, id="20-rounds", marks=pytest.mark.soak)]


@pytest.fixture
def drill(store: ColumnarStore) -> ColumnarStore:
    store.create_table("drill", DRILL, partition_by=["k"])
    return store


def killed(backend: Backend, action: str, start: int) -> int:
    """Run the action from this step, kill it in the midst of a later one; the first step not acknowledged."""
    process = backend.process(action, start)
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline()) for _ in range(random.randint(1, 4))]
    began = time.monotonic()
    acknowledged.append(int(process.stdout.readline()))
    time.sleep(random.uniform(0, time.monotonic() - began))
    process.kill()
    acknowledged += [int(line) for line in process.stdout.read().split()]
    process.wait()
    process.stdout.close()
    assert process.returncode == -9
    assert acknowledged == list(range(start, start + len(acknowledged)))
    return acknowledged[-1] + 1


def steps_in(backend: Backend) -> Counter[int]:
    """Rows of each step, as a process sees them that starts now."""
    store = backend.open()
    found = Counter(row["step"] for row in store.read("drill", columns=["step"]))
    assert store.count("drill") == sum(found.values())
    return found


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("action", ["append", "compact"])
def test_killed_appends_and_compactions_lose_and_repeat_nothing(
    drill: ColumnarStore, backend: Backend, action: str, rounds: int
) -> None:
    upcoming = 0
    for _ in range(rounds):
        upcoming = killed(backend, action, upcoming)
        found = steps_in(backend)
        in_doubt = found.pop(upcoming, ROWS)
        assert in_doubt == ROWS
        assert found == Counter(dict.fromkeys(range(upcoming), ROWS))
    # The step in doubt is written again under its write id, which settles it.
    drill.write("drill", [{"k": 0, "step": upcoming}] * ROWS, write_id=f"step {upcoming}")
    assert steps_in(backend) == Counter(dict.fromkeys(range(upcoming + 1), ROWS))


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("action", ["overwrite", "replace"])
def test_killed_overwrites_leave_the_old_or_the_new_rows(
    drill: ColumnarStore, backend: Backend, action: str, rounds: int
) -> None:
    for step in range(PARTITIONS):
        drill.write("drill", [{"k": step, "step": step}] * ROWS)
    upcoming = PARTITIONS
    for _ in range(rounds):
        upcoming = killed(backend, action, upcoming)
        found = steps_in(backend)
        old = range(upcoming - PARTITIONS, upcoming)
        new = range(upcoming - PARTITIONS + 1, upcoming + 1)
        assert found in (Counter(dict.fromkeys(old, ROWS)), Counter(dict.fromkeys(new, ROWS)))
        upcoming = max(found) + 1
