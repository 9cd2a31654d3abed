"""What a process does with prints of another release when it starts."""

from __future__ import annotations

from concurrent import futures

import pytest

from gateway.consumers.contracts import Pool
from gateway.consumers.generations import ensure
from gateway.consumers.prints import Part, ensure_print
from tests.gateway.consumers.toy import TableFeed, ToyProjection, append, row_of, running
from tests.waiting import eventually

OLD, NEW = ToyProjection(), ToyProjection()
NEW.shape = 2


def _shape(pool: Pool) -> tuple[int | None, int]:
    row = row_of(pool, "toy")
    return row.shape, row.generation


@pytest.mark.parametrize("part", Part)
def test_a_print_that_nobody_follows_is_struck_again_by_whoever_comes(pool: Pool, part: Part) -> None:
    ensure(OLD, pool)
    append(pool, range(3))
    ensure_print(NEW, TableFeed(pool), pool, part=part)
    assert _shape(pool) == (2, 2)
    ensure_print(OLD, TableFeed(pool), pool, part=part)
    assert _shape(pool) == (1, 1)


def test_a_print_of_a_later_release_is_left_alone_while_somebody_follows_it(pool: Pool) -> None:
    ensure(NEW, pool)
    last = append(pool, range(3))
    with running(NEW, pool):
        eventually(lambda: row_of(pool, "toy").position == last)
        for part in Part:
            ensure_print(OLD, TableFeed(pool), pool, part=part)
    assert _shape(pool) == (2, 1)


def test_a_gateway_waits_for_a_worker_of_its_release_and_a_worker_does_not(pool: Pool) -> None:
    ensure(OLD, pool)
    last = append(pool, range(3))
    with running(OLD, pool), futures.ThreadPoolExecutor(1) as threads:
        eventually(lambda: row_of(pool, "toy").position == last)
        ensure_print(NEW, TableFeed(pool), pool, part=Part.NEITHER)
        assert _shape(pool) == (1, 1)
        gateway = threads.submit(ensure_print, NEW, TableFeed(pool), pool, part=Part.SERVES)
        with pytest.raises(futures.TimeoutError):
            gateway.result(2)
        ensure_print(NEW, TableFeed(pool), pool, part=Part.FOLLOWS)
        assert _shape(pool) == (2, 2)
        gateway.result(10)
