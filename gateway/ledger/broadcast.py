"""Fans the feed out to the subscribers of an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from domain.event import Recorded
from gateway.ledger.feed import Feed

PAGE_EVENTS = 500


class Broadcast:
    """Lets any number of coroutines of the running loop follow the feed, each from its own position.

    There is no queue to overflow: a subscriber keeps a position, reads the feed's memory of new events while it
    keeps up, and the database when it has fallen further behind than that.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._loop = asyncio.get_running_loop()
        self._moved = asyncio.Event()
        self.is_closed = False
        """True once the server is ending; subscriptions that do not follow the log look at it themselves."""
        self.followers = 0
        """How many follow the feed now, each past the choice of its first position."""
        feed.on_change(self._call)

    async def follow(self, after: int) -> AsyncIterator[Sequence[Recorded]]:
        """Every event with a position over `after`, in order and once, in pages: what was, then what comes.

        Ends when the broadcast is closed. Raises PoisonEvent at an event that cannot be decoded, and
        LedgerUnavailable when old events cannot be read; follow again from the last position received.
        """
        self.followers += 1
        try:
            while not self.is_closed:
                moved = self._moved
                page = self._feed.recent(after, PAGE_EVENTS)
                if page is None:
                    page = await asyncio.to_thread(self._feed.read, after, PAGE_EVENTS)
                if page:
                    after = page[-1].position
                    yield page
                else:
                    await moved.wait()
        finally:
            self.followers -= 1

    def close(self) -> None:
        """End every subscription; call it on the loop, before the loop ends. Closing again does nothing."""
        if self.is_closed:
            return
        self._feed.off_change(self._call)
        self.is_closed = True
        self._wake()

    def _call(self) -> None:
        self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
