"""Turns for commands that lost a race: in one process, those that want the same streams try again one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from threading import RLock
from uuid import UUID

STRIPES = 64


class Turns:
    """Fairness only: the store's revisions decide who wins, whether or not anybody waited here.

    Without turns each of N writers of one stream can lose N - 1 times in a row; with them a writer that lost once has
    the stream to itself, but for other processes.
    """

    def __init__(self) -> None:
        self._locks = tuple(RLock() for _ in range(STRIPES))

    def are_wanted(self, streams: Iterable[UUID]) -> bool:
        """Whether another thread that lost a race for one of these streams has its turn now."""
        return not all(map(self._is_free, _stripes(streams)))

    @contextmanager
    def taken(self, streams: Iterable[UUID]) -> Iterator[None]:
        """Hold the turns of these streams; always taken in one order, so that no two commands wait for each other."""
        with ExitStack() as stack:
            for stripe in _stripes(streams):
                stack.enter_context(self._locks[stripe])
            yield

    def _is_free(self, stripe: int) -> bool:
        is_free = self._locks[stripe].acquire(blocking=False)
        if is_free:
            self._locks[stripe].release()
        return is_free


def _stripes(streams: Iterable[UUID]) -> list[int]:
    return sorted({stream.int % STRIPES for stream in streams})
