"""Links made by many at once, on real Postgres: no cycle, no repeated link, whoever is first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from graphlib import TopologicalSorter
from random import Random
from uuid import uuid4

import pytest

from domain.assets.commands import archive_asset
from domain.errors import DomainError
from domain.ledger import Ledger
from domain.links.commands import create_asset_link, delete_asset_link, update_asset_link
from domain.links.events import AssetLinkCreated, AssetLinkDeleted, RelationshipType
from domain.links.link import AssetKey
from tests.domain.library import given_asset, given_database, order
from tests.gateway.racing import Racers, racers

WRITERS = 32
PARENT_CHILD, RELATED = RelationshipType.PARENT_CHILD, RelationshipType.RELATED


@pytest.fixture
def racing(database_url: str) -> Iterator[Racers]:
    """Two ledgers over a library of 33 assets, a0 to a32."""
    with racers(database_url) as racing:
        given_database(racing.ledger)
        for number in range(WRITERS + 1):
            given_asset(racing.ledger, f"a{number}")
        yield racing


def _link(
    ledger: Ledger, start: int, end: int, *, kind: RelationshipType = PARENT_CHILD, alias: str | None = None
) -> None:
    ends = [AssetKey("shows", f"a{number}") for number in (start, end)]
    create_asset_link(
        ledger,
        str(uuid4()),
        from_asset=ends[0],
        to_asset=ends[1],
        relationship_type=kind,
        alias=alias,
        order=order(),
    )


def _present(racing: Racers) -> list[AssetLinkCreated]:
    """The links that the log leaves."""
    links: dict[str, AssetLinkCreated] = {}
    for entry in racing.log():
        if isinstance(entry.event, AssetLinkCreated):
            links[entry.event.asset_link_id] = entry.event
        elif isinstance(entry.event, AssetLinkDeleted):
            del links[entry.event.asset_link_id]
    return list(links.values())


def _require_no_cycle(links: list[AssetLinkCreated]) -> None:
    graph: TopologicalSorter[str] = TopologicalSorter()
    for link in links:
        if link.relationship_type is PARENT_CHILD:
            graph.add(link.to_asset_id, link.from_asset_id)
    graph.prepare()


@pytest.mark.parametrize("round_number", range(5))
def test_links_that_together_close_a_ring_leave_it_open(racing: Racers, round_number: int) -> None:
    answers = racing.at_once([partial(_link, start=n, end=(n + 1) % WRITERS) for n in range(WRITERS)])
    assert sorted(answers, key=str) == ["LinkWouldCycle"] + [None] * (WRITERS - 1)
    assert len(_present(racing)) == WRITERS - 1
    _require_no_cycle(_present(racing))


def test_both_directions_of_sixteen_pairs_leave_one_each(racing: Racers) -> None:
    commands: list[Callable[[Ledger], None]] = []
    for number in range(0, WRITERS, 2):
        commands += [partial(_link, start=number, end=number + 1), partial(_link, start=number + 1, end=number)]
    answers = racing.at_once(commands)
    assert sorted(answers, key=str) == ["LinkReversed"] * 16 + [None] * 16


@pytest.mark.parametrize("seed", range(5))
def test_random_links_and_deletions_leave_no_cycle(racing: Racers, seed: int) -> None:
    def work(ledger: Ledger, number: int) -> None:
        random = Random(seed * WRITERS + number)
        for _ in range(8):
            start, end = random.sample(range(8), 2)
            with suppress(DomainError):
                if number % 4 == 0 and (present := _present(racing)):
                    delete_asset_link(ledger, random.choice(present).asset_link_id, order=order())
                else:
                    _link(ledger, start, end, alias=random.choice([None, "x"]))

    racing.at_once([partial(work, number=number) for number in range(WRITERS)])
    links = _present(racing)
    assert links
    _require_no_cycle(links)
    taken = [(link.from_asset_id, link.to_asset_id, link.asset_link_alias_id) for link in links]
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize("kind", RelationshipType)
def test_one_link_wanted_by_all_is_made_once(racing: Racers, kind: RelationshipType) -> None:
    flipped = kind is RELATED
    ends = [(0, 1) if number % 2 or not flipped else (1, 0) for number in range(WRITERS)]
    answers = racing.at_once([partial(_link, start=start, end=end, kind=kind) for start, end in ends])
    assert sorted(answers, key=str) == ["LinkAlreadyExists"] * (WRITERS - 1) + [None]
    assert len(_present(racing)) == 1


def test_one_alias_wanted_by_all_is_had_by_one(racing: Racers) -> None:
    for number in range(WRITERS):
        _link(racing.ledger, 0, 1, alias=f"alias {number}")
    ids = [link.asset_link_id for link in _present(racing)]
    answers = racing.at_once([partial(_rename, identity=identity) for identity in ids])
    assert sorted(answers, key=str) == ["LinkAlreadyExists"] * (WRITERS - 1) + [None]


def _rename(ledger: Ledger, identity: str) -> None:
    update_asset_link(ledger, identity, alias="wanted", order=order())


def test_children_of_one_parent_are_added_without_a_conflict(racing: Racers) -> None:
    answers = racing.at_once([partial(_link, start=0, end=number) for number in range(1, WRITERS + 1)])
    assert answers == [None] * WRITERS
    assert racing.conflicts == 0


@pytest.mark.parametrize("round_number", range(5))
def test_a_link_is_made_before_its_end_is_archived_or_not_at_all(racing: Racers, round_number: int) -> None:
    answers = racing.at_once(
        [
            *(partial(_link, start=0, end=number) for number in range(1, 16)),
            lambda ledger: archive_asset(ledger, "shows", "a0", order=order()),
            *(partial(_link, start=number, end=0) for number in range(16, WRITERS)),
        ]
    )
    assert set(answers) <= {None, "LinkEndArchived"}
    names = [type(entry.event).__name__ for entry in racing.log()]
    assert "AssetLinkCreated" not in names[names.index("AssetArchived") :]
    assert names.count("AssetLinkCreated") == answers.count(None) - 1
