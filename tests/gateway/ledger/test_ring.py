"""Guards what the shared memory of new events keeps, drops and answers."""

from __future__ import annotations

from uuid import uuid4

from domain.event import Recorded
from gateway.ledger.ring import Ring
from tests.gateway.ledger.notes import CAUSE, NoteTaken


def _entries(*positions: int) -> list[Recorded]:
    return [Recorded(position, uuid4(), 1, CAUSE, NoteTaken(text="")) for position in positions]


def _positions(ring: Ring, after: int, limit: int = 100) -> list[int] | None:
    entries = ring.after(after, limit)
    return None if entries is None else [entry.position for entry in entries]


def test_a_ring_that_has_not_begun_knows_nothing() -> None:
    assert (_positions(Ring(), 0), Ring().head) == (None, None)


def test_positions_may_have_gaps_and_reads_start_anywhere() -> None:
    ring = Ring()
    ring.begin(10)
    ring.extend(_entries(12, 15, 16), [1, 1, 1])
    assert [_positions(ring, after) for after in (9, 10, 12, 13, 16, 99)] == [
        None,
        [12, 15, 16],
        [15, 16],
        [15, 16],
        [],
        [],
    ]
    assert _positions(ring, 10, limit=2) == [12, 15]
    assert ring.head == 16


def test_the_oldest_events_go_when_there_are_too_many() -> None:
    ring = Ring(max_events=8)
    ring.begin(0)
    ring.extend(_entries(*range(1, 10)), [1] * 9)
    assert (_positions(ring, 2), _positions(ring, 3)) == (None, [4, 5, 6, 7, 8, 9])


def test_the_oldest_events_go_when_they_are_too_large() -> None:
    ring = Ring(max_bytes=100)
    ring.begin(0)
    ring.extend(_entries(1, 2, 3, 4), [30, 30, 30, 30])
    assert (_positions(ring, 1), _positions(ring, 2)) == (None, [3, 4])


def test_one_event_larger_than_the_whole_ring_is_not_kept() -> None:
    ring = Ring(max_bytes=100)
    ring.begin(0)
    ring.extend(_entries(1), [101])
    assert (_positions(ring, 0), _positions(ring, 1), ring.head) == (None, [], 1)
