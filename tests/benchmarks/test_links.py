"""Reports what guarding tags and links costs as they become many, each beside the same command on a small library."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from time import perf_counter
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import StoredEvent

from domain.assets.events import AssetCreated
from domain.cause import Cause
from domain.event import Event, encode, stored_topic, stream_id
from domain.links.commands import create_asset_link
from domain.links.events import AssetParentAttached, RelationshipType
from domain.links.link import AssetKey
from domain.tags.commands import create_tag
from domain.tags.events import TagCreated
from gateway.ledger.opening import OpenLedger, open_ledger
from tests.domain.library import BUCKET_ID, given_asset, given_database, given_tags, order

pytestmark = pytest.mark.benchmark
LINKS = 100_000
FANOUT = 10
PARENTS = 10_000
TAGS = 1_000
SECONDS = 2.0
NUMBERS = count()

Report = Callable[[str], object]


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Report:
    """Writes a line to the terminal, past the capture."""

    def write(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n  {line}")

    return write


@pytest.fixture
def opened(database_url: str) -> Iterator[OpenLedger]:
    with open_ledger(database_url) as opened:
        given_database(opened.ledger)
        yield opened


def _stored(cause: Cause, stream: UUID, revision: int, event: Event) -> StoredEvent:
    return StoredEvent(stream, revision, stored_topic(type(event)), encode(cause, event))


def _grow(opened: OpenLedger, prefix: str, links: int) -> None:
    """A tree of this many links, ten children to a parent, straight into the log: asset 0 is its root."""
    cause = order().cause
    events = []
    for number in range(links + 1):
        name = f"{prefix}{number}"
        created = AssetCreated(
            database_id="shows",
            asset_id=name,
            asset_name=name,
            description="grown",
            is_distributable=True,
            tags=(),
            bucket_id=BUCKET_ID,
            s3_bucket="media",
            asset_location=f"{name}/",
        )
        events.append(_stored(cause, stream_id("asset", "shows", name), 1, created))
        if number:
            events.append(_attached(cause, name, f"{prefix}{(number - 1) // FANOUT}", 1))
    opened.recorder.insert_events(events)


def _attached(cause: Cause, child: str, parent: str, revision: int) -> StoredEvent:
    event = AssetParentAttached(
        child_database_id="shows", child_asset_id=child, parent_database_id="shows", parent_asset_id=parent
    )
    return _stored(cause, stream_id("asset-parents", "shows", child), revision, event)


def _link(opened: OpenLedger, parent: str, child: str) -> None:
    create_asset_link(
        opened.ledger,
        str(uuid4()),
        from_asset=AssetKey("shows", parent),
        to_asset=AssetKey("shows", child),
        relationship_type=RelationshipType.PARENT_CHILD,
        order=order(),
    )


def _rate(threads: int, act: Callable[[], object]) -> float:
    def run(end: float) -> int:
        done = 0
        while perf_counter() < end:
            act()
            done += 1
        return done

    start = perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        total = sum(pool.map(run, [start + SECONDS] * threads))
    return total / (perf_counter() - start)


def _linking(opened: OpenLedger, parent: str) -> Callable[[], None]:
    def add() -> None:
        child = f"new{next(NUMBERS)}"
        given_asset(opened.ledger, child)
        _link(opened, parent, child)

    return add


def test_a_link_costs_what_its_ancestors_cost(opened: OpenLedger, report: Report) -> None:
    _grow(opened, "small", FANOUT)
    _grow(opened, "large", LINKS)
    deep = f"large{LINKS}"
    for threads in (1, 16):
        created = _rate(threads, lambda: given_asset(opened.ledger, f"alone{next(NUMBERS)}"))
        small = _rate(threads, _linking(opened, "small1"))
        large = _rate(threads, _linking(opened, deep))
        report(
            f"{threads:2} threads: an asset alone {created:.0f}/s; with a link among {FANOUT} links {small:.0f}/s,"
            f" among {LINKS} links {large:.0f}/s ({large / small:.2f} of it)"
        )


def test_a_child_of_ten_thousand_parents_is_linked(opened: OpenLedger, report: Report) -> None:
    cause = order().cause
    for name in ("chair", "set", "leg"):
        given_asset(opened.ledger, name)
    attached = [_attached(cause, "chair", f"set{number}", number + 1) for number in range(PARENTS)]
    opened.recorder.insert_events(attached)
    start = perf_counter()
    _link(opened, "set", "chair")
    first = perf_counter() - start
    start = perf_counter()
    _link(opened, "chair", "leg")
    report(
        f"one more parent of {PARENTS}: {first * 1000:.0f} ms at first;"
        f" a child below them all: {(perf_counter() - start) * 1000:.0f} ms"
    )


def test_an_asset_is_tagged_among_a_thousand_tags(opened: OpenLedger, report: Report) -> None:
    given_tags(opened.ledger, "hero", "night")
    small = _rate(16, lambda: given_asset(opened.ledger, f"a{next(NUMBERS)}", tags=("hero", "night")))
    bare = _rate(16, lambda: given_asset(opened.ledger, f"a{next(NUMBERS)}"))
    cause, stream = order().cause, stream_id("tag-vocabulary")
    opened.recorder.insert_events(
        [
            _stored(cause, stream, n + 4, TagCreated(tag_name=f"t{n}", tag_type_name="look", description=""))
            for n in range(TAGS)
        ]
    )
    start = perf_counter()
    create_tag(opened.ledger, "last", tag_type_name="look", order=order())
    first = perf_counter() - start
    large = _rate(16, lambda: given_asset(opened.ledger, f"a{next(NUMBERS)}", tags=("hero", "night")))
    report(
        f"16 threads: assets without tags {bare:.0f}/s, with two tags {small:.0f}/s ({small / bare:.2f} of it),"
        f" with two of {TAGS} tags {large:.0f}/s; reading {TAGS} new tags once {first * 1000:.0f} ms"
    )
