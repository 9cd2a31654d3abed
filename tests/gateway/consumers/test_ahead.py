"""Reading ahead gives what the feed gives, in its order, and fails where the feed fails."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import Any, cast

import pytest

from domain.event import Recorded
from gateway.consumers.ahead import ReadAhead


class Poison(Exception):
    """The log cannot be read on."""


class NumberFeed:
    """Positions up to a head, where only the position of an event matters."""

    def __init__(self, head: int) -> None:
        self.last = head
        self.poison: int | None = None
        self.asked: list[tuple[int, int]] = []
        self.ahead = Event()

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        self.asked.append((after, limit))
        if after == self.poison:
            raise Poison
        if len(self.asked) > 1:
            self.ahead.set()
        found: list[Any] = [_At(position) for position in range(after + 1, min(after + limit, self.last) + 1)]
        return cast("Sequence[Recorded]", found)

    def head(self) -> int:
        return self.last

    def wait(self, after: int, timeout_seconds: float) -> bool:
        return self.last > after


class _At:
    def __init__(self, position: int) -> None:
        self.position = position


def _positions(events: Sequence[Recorded]) -> list[int]:
    return [event.position for event in events]


def test_the_next_page_is_read_before_it_is_asked_for_and_only_once() -> None:
    feed = NumberFeed(5)
    with ReadAhead(feed) as ahead:
        assert _positions(ahead.read(0, 2)) == [1, 2]
        assert feed.ahead.wait(60)
        assert feed.asked == [(0, 2), (2, 2)]
        assert _positions(ahead.read(2, 2)) == [3, 4]
        assert _positions(ahead.read(4, 2)) == [5]
    assert feed.asked[:3] == [(0, 2), (2, 2), (4, 2)]


def test_another_page_than_the_one_that_was_read_ahead_is_read_when_asked_for() -> None:
    with ReadAhead(NumberFeed(10)) as ahead:
        assert _positions(ahead.read(0, 4)) == [1, 2, 3, 4]
        assert _positions(ahead.read(0, 2)) == [1, 2]
        assert _positions(ahead.read(2, 1)) == [3]


def test_a_page_that_was_empty_ahead_of_time_is_read_again() -> None:
    feed = NumberFeed(2)
    with ReadAhead(feed) as ahead:
        assert _positions(ahead.read(0, 2)) == [1, 2]
        assert feed.ahead.wait(60)
        feed.last = 3
        assert _positions(ahead.read(2, 2)) == [3]


def test_an_event_that_cannot_be_read_fails_where_it_is_asked_for_and_can_be_asked_for_again() -> None:
    feed = NumberFeed(4)
    feed.poison = 2
    with ReadAhead(feed) as ahead:
        assert _positions(ahead.read(0, 2)) == [1, 2]
        with pytest.raises(Poison):
            ahead.read(2, 2)
        feed.poison = None
        assert _positions(ahead.read(2, 2)) == [3, 4]
