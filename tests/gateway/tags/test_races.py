"""Tags deleted while many take them up, on real Postgres: none is left dangling, whoever is first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from random import Random

import pytest

from domain.assets.asset import ASSETS, Asset
from domain.assets.commands import update_asset
from domain.assets.events import AssetEvent
from domain.errors import DomainError
from domain.ledger import Ledger
from domain.tags.commands import create_tag, delete_tag, delete_tag_type
from domain.tags.use import load_vocabulary, uses_of
from tests.domain.library import given_asset, given_database, given_tags, order
from tests.gateway.racing import Racers, racers

WRITERS = 32
DUELS = 100


@pytest.fixture
def racing(database_url: str) -> Iterator[Racers]:
    """Two ledgers over a library with the tags hero, night and rain, and one that nothing touches."""
    with racers(database_url) as racing:
        given_database(racing.ledger)
        given_tags(racing.ledger, "hero", "night", "rain", "spare")
        yield racing


def _assets(racing: Racers) -> list[Asset]:
    states: dict[tuple[str, str], Asset] = {}
    for entry in racing.log():
        if isinstance(entry.event, AssetEvent):
            key = (entry.event.database_id, entry.event.asset_id)
            states[key] = ASSETS.evolve(states.get(key), entry.event)
    return list(states.values())


def _create(number: int, ledger: Ledger) -> None:
    given_asset(ledger, f"a{number}", tags=("hero",))


def _delete(ledger: Ledger) -> None:
    delete_tag(ledger, "hero", order=order())


@pytest.mark.parametrize("place", range(0, WRITERS, 4))
def test_a_deletion_among_creators_leaves_no_dangling_tag(racing: Racers, place: int) -> None:
    commands = [partial(_create, number) for number in range(WRITERS - 1)]
    answers = racing.at_once([*commands[:place], _delete, *commands[place:]])
    if "hero" in load_vocabulary(racing.ledger)[1].tags:
        assert sorted(answers, key=str) == [None] * (WRITERS - 1) + ["TagInUse"]
        assert [asset.tags for asset in _assets(racing)] == [("hero",)] * (WRITERS - 1)
    else:
        assert sorted(answers, key=str) == [None] + ["TagNotFound"] * (WRITERS - 1)
        assert _assets(racing) == []


def test_of_a_deletion_and_a_use_at_the_same_moment_one_is_refused(racing: Racers) -> None:
    given_asset(racing.ledger, "plain")

    def drop(tag: str, ledger: Ledger) -> None:
        delete_tag(ledger, tag, order=order())

    def take(tag: str, ledger: Ledger) -> None:
        update_asset(ledger, "shows", "plain", tags=(tag,), order=order())

    for tag in (f"duel {number}" for number in range(DUELS)):
        create_tag(racing.ledger, tag, tag_type_name="look", order=order())
        update_asset(racing.ledger, "shows", "plain", tags=(), order=order())
        answers = racing.at_once([partial(drop, tag), partial(take, tag)])
        assert answers in ([None, "TagNotFound"], ["TagInUse", None])


def test_assets_are_tagged_alike_at_once_and_counted(racing: Racers) -> None:
    assert racing.at_once([partial(_create, number) for number in range(WRITERS)]) == [None] * WRITERS
    assert uses_of(racing.ledger, "hero")[0] == WRITERS


def test_edits_that_are_not_about_tags_meet_no_writer_of_them(racing: Racers) -> None:
    for number in range(WRITERS):
        given_asset(racing.ledger, f"plain {number}")

    def coin(ledger: Ledger) -> None:
        for number in range(10):
            create_tag(ledger, f"tag {number}", tag_type_name="look", order=order())

    def rename(number: int, ledger: Ledger) -> None:
        for name in ("one", "two", "three"):
            update_asset(ledger, "shows", f"plain {number}", asset_name=name, order=order())

    answers = racing.at_once([coin, *(partial(rename, number) for number in range(WRITERS))])
    assert (answers, racing.conflicts) == ([None] * (WRITERS + 1), 0)


@pytest.mark.parametrize("seed", range(4))
def test_storms_of_every_command_leave_each_tag_counted_and_none_dangling(racing: Racers, seed: int) -> None:
    def work(number: int, ledger: Ledger) -> None:
        random = Random(seed * WRITERS + number)
        given_asset(ledger, f"a{number}")
        for _ in range(12):
            tag = random.choice(["hero", "night", "rain"])
            with suppress(DomainError):
                match random.randrange(4):
                    case 0:
                        delete_tag(ledger, tag, order=order())
                    case 1:
                        create_tag(ledger, tag, tag_type_name="look", order=order())
                    case 2:
                        update_asset(ledger, "shows", f"a{number}", tags=(tag,), order=order())
                    case 3:
                        update_asset(ledger, "shows", f"a{number}", tags=(), order=order())

    assert racing.at_once([partial(work, number) for number in range(WRITERS)]) == [None] * WRITERS
    used = Counter(tag for asset in _assets(racing) for tag in asset.tags)
    assert set(used) <= set(load_vocabulary(racing.ledger)[1].tags)
    assert {tag: uses_of(racing.ledger, tag)[0] for tag in used} == dict(used)


@pytest.mark.parametrize("round_number", range(4))
def test_a_type_is_deleted_or_has_tags_and_never_both(racing: Racers, round_number: int) -> None:
    given_tags(racing.ledger, tag_type_name="empty")

    def coin(number: int, ledger: Ledger) -> None:
        create_tag(ledger, f"tag {number}", tag_type_name="empty", order=order())

    def drop(ledger: Ledger) -> None:
        delete_tag_type(ledger, "empty", order=order())

    answers = racing.at_once([*(partial(coin, number) for number in range(7)), drop])
    vocabulary = load_vocabulary(racing.ledger)[1]
    if "empty" in vocabulary.types:
        assert sorted(answers, key=str) == [None] * 7 + ["TagTypeInUse"]
    else:
        assert sorted(answers, key=str) == [None] + ["TagTypeNotFound"] * 7
    assert {tag.tag_type_name for tag in vocabulary.tags.values()} <= set(vocabulary.types)
