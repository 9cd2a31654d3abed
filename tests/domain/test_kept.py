"""Kept states: never behind what was known, never more than the capacity."""

from __future__ import annotations

from uuid import uuid4

from domain.kept import KeptStates


def test_a_state_is_found_until_it_was_not_used_for_longest() -> None:
    kept = KeptStates(capacity=2)
    first, second, third = uuid4(), uuid4(), uuid4()
    kept.keep({first: (1, "a"), second: (1, "b")})
    kept.keep({first: (2, "c")})
    kept.keep({third: (1, "d")})
    assert kept.of([first, second, third]) == {first: (2, "c"), third: (1, "d")}


def test_a_later_revision_is_not_forgotten_for_an_earlier_one() -> None:
    kept = KeptStates()
    stream = uuid4()
    kept.keep({stream: (3, "later")})
    kept.keep({stream: (2, "earlier")})
    assert kept.of([stream]) == {stream: (3, "later")}
