"""Tags that are deleted, moved and required while assets take them up, on the memory ledger."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from domain.assets.asset import ASSETS
from domain.assets.events import AssetCreated
from domain.errors import DomainError
from domain.stream import Decision
from domain.tags.commands import create_tag, delete_tag, delete_tag_type, update_tag_type
from domain.tags.events import TagCreated
from domain.tags.use import Tagging, change_tags, load_vocabulary, uses_of
from tests.domain.library import given_asset, given_tags, log, order
from tests.doubles.memory_ledger import MemoryLedger

ROUNDS = 20


def _at_once(*commands: Callable[[], object]) -> list[str | None]:
    """The name of each command's refusal, None for one that was carried out."""
    start = Barrier(len(commands))

    def give(command: Callable[[], object]) -> str | None:
        start.wait()
        try:
            command()
        except DomainError as error:
            return type(error).__name__
        return None

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(give, commands))


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_a_tag_is_either_deleted_or_used(shows: MemoryLedger, round_number: int) -> None:
    given_tags(shows, "hero", "night")
    answers = _at_once(lambda: delete_tag(shows, "hero", order=order()), lambda: given_asset(shows, tags=("hero",)))
    assert answers in ([None, "TagNotFound"], ["TagInUse", None])
    asset = shows.load(ASSETS, "shows", "shot_010").state
    assert ("hero" in load_vocabulary(shows)[1].tags) is (asset is not None)


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_free_text_is_taken_up_before_the_first_tag_or_refused(shows: MemoryLedger, round_number: int) -> None:
    given_tags(shows)
    answers = _at_once(
        lambda: create_tag(shows, "hero", tag_type_name="look", order=order()),
        lambda: given_asset(shows, tags=("free",)),
    )
    words = [type(entry.event) for entry in log(shows) if isinstance(entry.event, TagCreated | AssetCreated)]
    assert (answers, words) in (
        ([None, None], [AssetCreated, TagCreated]),
        ([None, "TagNotFound"], [TagCreated]),
    )


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_a_type_is_either_deleted_or_has_the_tag(shows: MemoryLedger, round_number: int) -> None:
    given_tags(shows)
    answers = _at_once(
        lambda: delete_tag_type(shows, "look", order=order()),
        lambda: create_tag(shows, "hero", tag_type_name="look", order=order()),
    )
    assert answers in ([None, "TagTypeNotFound"], ["TagTypeInUse", None])


def test_what_became_required_is_asked_for_though_the_decision_began_before(shows: MemoryLedger) -> None:
    given_tags(shows, "hero")
    given_tags(shows, "anim", tag_type_name="department")
    seen: list[Tagging] = []

    def decide() -> Decision:
        tagging = change_tags(shows, "asset:x:y", before=(), after=("hero",), are_types_required=True)
        if not seen:
            update_tag_type(shows, "department", is_required=True, order=order())
        seen.append(tagging)
        return Decision(tagging.changes, held=tagging.held)

    with pytest.raises(DomainError, match="'department'"):
        shows.carry_out(order(), decide)
    assert len(seen) == 1
    assert uses_of(shows, "hero")[0] == 0
