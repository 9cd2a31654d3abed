"""Reads the next page of the log while the present one is written: a rebuild knows what it will ask for."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from domain.event import Recorded
from gateway.consumers.contracts import Feed

Page = tuple[int, int]
"""After which position, and at most how many events."""


class ReadAhead:
    """A feed for one reader that goes forward; a context manager with one thread. Holds two pages at most."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
        self._next: tuple[Page, Future[Sequence[Recorded]]] | None = None

    def __enter__(self) -> ReadAhead:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        """See Feed; raises what reading raised, only when the page is asked for."""
        # A page that was empty when it was read ahead may have events by now.
        events = self._taken((after, limit)) or self._feed.read(after, limit)
        if events:
            page = (events[-1].position, limit)
            self._next = (page, self._thread.submit(self._feed.read, *page))
        return events

    def head(self) -> int:
        """See Feed."""
        return self._feed.head()

    def wait(self, after: int, timeout_seconds: float) -> bool:
        """See Feed."""
        return self._feed.wait(after, timeout_seconds)

    def _taken(self, page: Page) -> Sequence[Recorded] | None:
        read_ahead, self._next = self._next, None
        if read_ahead is None or read_ahead[0] != page:
            return None
        return read_ahead[1].result()
