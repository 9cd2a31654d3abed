"""Guards that subscribers get every event once and in order, however slow they are and wherever they start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import closing

import pytest

from domain.event import Recorded
from gateway.ledger.broadcast import PAGE_EVENTS, Broadcast
from gateway.ledger.errors import PoisonEvent
from gateway.ledger.feed import Feed
from gateway.ledger.recorder import LedgerRecorder
from gateway.ledger.ring import Ring
from tests.gateway.ledger.notes import DEADLINE_SECONDS, TOPICS, note, notes, texts
from tests.gateway.ledger.test_feed import UNKNOWN
from tests.waiting import eventually


def _run(feed: Feed, scene: Callable[[Broadcast], Awaitable[None]]) -> None:
    async def within_the_deadline() -> None:
        broadcast = Broadcast(feed)
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                await scene(broadcast)
        finally:
            broadcast.close()

    asyncio.run(within_the_deadline())


async def _take(follower: AsyncIterator[Sequence[Recorded]], count: int) -> list[Recorded]:
    taken: list[Recorded] = []
    while len(taken) < count:
        taken += await anext(follower)
    return taken


def test_a_follower_gets_what_was_and_then_what_comes(recorder: LedgerRecorder) -> None:
    recorder.insert_events(notes("1", "2", "3"))
    with closing(Feed(recorder, TOPICS)) as feed:
        feed.start()
        eventually(lambda: feed.healthy)

        async def scene(broadcast: Broadcast) -> None:
            late, early = broadcast.follow(1), broadcast.follow(0)
            assert texts(await _take(late, 2)) == ["2", "3"]
            waiting = asyncio.ensure_future(_take(late, 2))
            await asyncio.to_thread(recorder.insert_events, notes("4", "5"))
            assert texts(await waiting) == ["4", "5"]
            assert texts(await _take(early, 5)) == ["1", "2", "3", "4", "5"]

        _run(feed, scene)


def test_followers_that_come_and_go_during_a_storm_miss_and_repeat_nothing(
    recorder: LedgerRecorder, feed: Feed
) -> None:
    total = 60

    async def append() -> None:
        for number in range(total // 2):
            await asyncio.to_thread(recorder.insert_events, notes(str(2 * number), str(2 * number + 1)))

    async def reconnecting(broadcast: Broadcast, every: int) -> list[int]:
        positions: list[int] = []
        while len(positions) < total:
            async for page in broadcast.follow(positions[-1] if positions else 0):
                positions += [event.position for event in page]
                if len(positions) >= total or len(positions) % every == 0:
                    break
        return positions

    async def scene(broadcast: Broadcast) -> None:
        *followers, _ = await asyncio.gather(*(reconnecting(broadcast, every) for every in (2, 4, 1_000)), append())
        assert followers == [list(range(1, total + 1))] * 3

    _run(feed, scene)


def test_a_follower_slower_than_the_memory_reads_on_from_the_database(recorder: LedgerRecorder) -> None:
    with closing(Feed(recorder, TOPICS, ring=Ring(max_events=10))) as feed:
        feed.start()
        eventually(lambda: feed.healthy)

        async def scene(broadcast: Broadcast) -> None:
            follower = broadcast.follow(0)
            await asyncio.to_thread(recorder.insert_events, notes("0"))
            assert texts(await anext(follower)) == ["0"]
            later = [str(number) for number in range(1, PAGE_EVENTS + 100)]
            await asyncio.to_thread(recorder.insert_events, notes(*later))
            assert await asyncio.to_thread(feed.wait, len(later), DEADLINE_SECONDS)
            assert feed.recent(1, 1) is None
            assert texts(await _take(follower, len(later))) == later

        _run(feed, scene)


def test_a_cancelled_follower_takes_no_other_along(recorder: LedgerRecorder, feed: Feed) -> None:
    async def scene(broadcast: Broadcast) -> None:
        leaving, staying = (asyncio.ensure_future(_take(broadcast.follow(0), 1)) for _ in range(2))
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.to_thread(recorder.insert_events, notes("a"))
        assert texts(await staying) == ["a"]
        with pytest.raises(asyncio.CancelledError):
            await leaving

    _run(feed, scene)


def test_a_poison_event_ends_the_follower_that_meets_it_alone(recorder: LedgerRecorder, feed: Feed) -> None:
    async def scene(broadcast: Broadcast) -> None:
        meeting, past = broadcast.follow(0), broadcast.follow(2)
        await asyncio.to_thread(recorder.insert_events, [note(text="a"), UNKNOWN, note(text="b")])
        assert texts(await anext(meeting)) == ["a"]
        with pytest.raises(PoisonEvent):
            await anext(meeting)
        assert texts(await anext(past)) == ["b"]

    _run(feed, scene)


def test_closing_ends_every_follower(feed: Feed) -> None:
    async def scene(broadcast: Broadcast) -> None:
        followers = [asyncio.ensure_future(_all(broadcast.follow(0))) for _ in range(3)]
        await asyncio.sleep(0)
        Broadcast(feed).close()
        assert not any(follower.done() for follower in followers)
        broadcast.close()
        assert await asyncio.gather(*followers) == [[], [], []]

    _run(feed, scene)


async def _all(follower: AsyncIterator[Sequence[Recorded]]) -> list[Recorded]:
    return [event async for page in follower for event in page]
