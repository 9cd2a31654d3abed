"""Making, changing and deleting tag types and tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.assets.commands import archive_asset, update_asset
from domain.errors import Invalid, RevisionMismatch
from domain.tags.commands import (
    create_tag,
    create_tag_type,
    delete_tag,
    delete_tag_type,
    update_tag,
    update_tag_type,
)
from domain.tags.errors import (
    RequiredTagTypeMissing,
    TagAlreadyExists,
    TagInUse,
    TagNotFound,
    TagTypeAlreadyExists,
    TagTypeInUse,
    TagTypeNotFound,
)
from domain.tags.events import (
    TagApplied,
    TagCreated,
    TagDeleted,
    TagDescribed,
    TagRetyped,
    TagTakenOff,
    TagTypeCreated,
    TagTypeDeleted,
    TagTypeDescribed,
    TagTypeRequirementSet,
)
from tests.domain.library import given_asset, given_tags, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger

HOLDER = "asset:shows:shot_010"
BAD_NAMES = ["", " a", "a ", "a\n", "a" * 257, "a\x00", "a\ud800"]
CHANGES: dict[str, Callable[[MemoryLedger, Any], object]] = {
    "type": lambda ledger, o: update_tag_type(ledger, "look", description="Other", order=o),
    "delete type": lambda ledger, o: delete_tag_type(ledger, "empty", order=o),
    "tag": lambda ledger, o: update_tag(ledger, "hero", description="Other", order=o),
    "delete tag": lambda ledger, o: delete_tag(ledger, "hero", order=o),
}


def _retag(ledger: MemoryLedger, *tags: str, asset_id: str = "shot_010") -> None:
    update_asset(ledger, "shows", asset_id, tags=tags, order=order())


def test_a_type_is_created_with_its_requirement(ledger: MemoryLedger) -> None:
    with recording(ledger) as then:
        create_tag_type(ledger, "department", description="Who", is_required=True, order=order())
    assert then.events == [TagTypeCreated(tag_type_name="department", description="Who", is_required=True)]


def test_a_taken_type_name_is_refused(ledger: MemoryLedger) -> None:
    given_tags(ledger)
    with refused(ledger, TagTypeAlreadyExists, "tagTypeName"):
        create_tag_type(ledger, "look", order=order())


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_bad_name_is_refused(ledger: MemoryLedger, name: str) -> None:
    given_tags(ledger)
    with refused(ledger, Invalid, "tagTypeName"):
        create_tag_type(ledger, name, order=order())
    with refused(ledger, Invalid, "tagName"):
        create_tag(ledger, name, tag_type_name="look", order=order())


def test_a_bad_description_is_refused(ledger: MemoryLedger) -> None:
    given_tags(ledger, "hero")
    for description in ("a" * 257, "a\x00"):
        with refused(ledger, Invalid, "description"):
            create_tag_type(ledger, "other", description=description, order=order())
        with refused(ledger, Invalid, "description"):
            update_tag_type(ledger, "look", description=description, order=order())
        with refused(ledger, Invalid, "description"):
            create_tag(ledger, "other", tag_type_name="look", description=description, order=order())
        with refused(ledger, Invalid, "description"):
            update_tag(ledger, "hero", description=description, order=order())


def test_an_updated_type_records_what_differs(ledger: MemoryLedger) -> None:
    given_tags(ledger)
    with recording(ledger) as then:
        update_tag_type(ledger, "look", description="Light", is_required=True, order=order())
        update_tag_type(ledger, "look", description="Light", is_required=True, order=order())
        update_tag_type(ledger, "look", order=order())
    assert then.events == [
        TagTypeDescribed(tag_type_name="look", description="Light"),
        TagTypeRequirementSet(tag_type_name="look", is_required=True),
    ]


def test_a_type_without_tags_is_deleted_and_its_name_is_free(ledger: MemoryLedger) -> None:
    given_tags(ledger)
    with recording(ledger) as then:
        delete_tag_type(ledger, "look", order=order())
    assert then.events == [TagTypeDeleted(tag_type_name="look")]
    given_tags(ledger)


def test_a_type_with_tags_is_not_deleted(ledger: MemoryLedger) -> None:
    given_tags(ledger, "hero", "night")
    with refused(ledger, TagTypeInUse, "tagTypeName"):
        delete_tag_type(ledger, "look", order=order())
    given_tags(ledger, tag_type_name="mood")
    for tag in ("hero", "night"):
        update_tag(ledger, tag, tag_type_name="mood", order=order())
    delete_tag_type(ledger, "look", order=order())


def test_an_unknown_type_is_refused(ledger: MemoryLedger) -> None:
    given_tags(ledger, "hero")
    with refused(ledger, TagTypeNotFound, "tagTypeName"):
        update_tag_type(ledger, "none", order=order())
    with refused(ledger, TagTypeNotFound, "tagTypeName"):
        delete_tag_type(ledger, "none", order=order())
    with refused(ledger, TagTypeNotFound, "tagTypeName"):
        create_tag(ledger, "night", tag_type_name="none", order=order())
    with refused(ledger, TagTypeNotFound, "tagTypeName"):
        update_tag(ledger, "hero", tag_type_name="none", order=order())


def test_a_tag_is_created_in_its_type(ledger: MemoryLedger) -> None:
    given_tags(ledger)
    with recording(ledger) as then:
        create_tag(ledger, "hero", tag_type_name="look", description="Main", order=order())
    assert then.events == [TagCreated(tag_name="hero", tag_type_name="look", description="Main")]


def test_a_tag_name_is_taken_whatever_its_type(ledger: MemoryLedger) -> None:
    given_tags(ledger, "hero")
    given_tags(ledger, tag_type_name="mood")
    with refused(ledger, TagAlreadyExists, "tagName"):
        create_tag(ledger, "hero", tag_type_name="mood", order=order())


def test_an_updated_tag_records_what_differs(ledger: MemoryLedger) -> None:
    given_tags(ledger, "hero")
    given_tags(ledger, tag_type_name="mood")
    with recording(ledger) as then:
        update_tag(ledger, "hero", tag_type_name="mood", description="Main", order=order())
        update_tag(ledger, "hero", tag_type_name="mood", description="Main", order=order())
    assert then.events == [
        TagDescribed(tag_name="hero", description="Main"),
        TagRetyped(tag_name="hero", tag_type_name="mood"),
    ]


def test_an_unused_tag_is_deleted_and_its_name_is_free(ledger: MemoryLedger) -> None:
    given_tags(ledger, "hero")
    with recording(ledger) as then:
        delete_tag(ledger, "hero", order=order())
    assert then.events == [TagDeleted(tag_name="hero")]
    create_tag(ledger, "hero", tag_type_name="look", order=order())


def test_an_unknown_tag_is_refused(ledger: MemoryLedger) -> None:
    with refused(ledger, TagNotFound, "tagName"):
        update_tag(ledger, "none", order=order())
    with refused(ledger, TagNotFound, "tagName"):
        delete_tag(ledger, "none", order=order())


@pytest.mark.parametrize("name", CHANGES)
def test_a_revision_that_is_past_is_refused(ledger: MemoryLedger, name: str) -> None:
    given_tags(ledger, "hero")
    given_tags(ledger, tag_type_name="empty")
    with refused(ledger, RevisionMismatch, "expectedRevision"):
        CHANGES[name](ledger, order(expected_revision=2))
    CHANGES[name](ledger, order(expected_revision=1))


def test_a_used_tag_is_not_deleted_until_nothing_has_it(shows: MemoryLedger) -> None:
    given_tags(shows, "hero")
    for number in range(100):
        given_asset(shows, f"a{number}", tags=("hero",))
    with pytest.raises(TagInUse, match="on 100 assets or links"):
        delete_tag(shows, "hero", order=order())
    for number in range(100):
        with refused(shows, TagInUse, "tagName"):
            delete_tag(shows, "hero", order=order())
        _retag(shows, asset_id=f"a{number}")
    delete_tag(shows, "hero", order=order())


def test_an_archived_asset_keeps_its_tags(shot: MemoryLedger) -> None:
    given_tags(shot, "hero")
    _retag(shot, "hero")
    archive_asset(shot, "shows", "shot_010", order=order())
    with refused(shot, TagInUse, "tagName"):
        delete_tag(shot, "hero", order=order())


def test_retagging_counts_what_changes(shot: MemoryLedger) -> None:
    given_tags(shot, "hero", "night", "rain")
    _retag(shot, "hero", "night")
    with recording(shot) as then:
        _retag(shot, "rain", "night")
    assert then.events[1:] == [
        TagApplied(tag_name="rain", holder=HOLDER),
        TagTakenOff(tag_name="hero", holder=HOLDER),
    ]
    with recording(shot) as then:
        _retag(shot, "night", "rain")
    assert len(then.events) == 1


def test_an_asset_takes_no_tag_that_does_not_exist(shot: MemoryLedger) -> None:
    given_tags(shot, "hero")
    with refused(shot, TagNotFound, "tags"):
        given_asset(shot, "shot_020", tags=("hero", "none"))
    with refused(shot, TagNotFound, "tags"):
        _retag(shot, "hero", "none")


def test_tags_of_assets_are_free_text_while_the_vocabulary_has_none(shows: MemoryLedger) -> None:
    given_tags(shows, tag_type_name="department", is_required=True)
    given_asset(shows, tags=("hero",))
    with recording(shows) as then:
        _retag(shows, "hero", "rain")
    assert then.events[1:] == [TagApplied(tag_name="rain", holder=HOLDER)]


def test_with_the_first_tag_only_those_newly_put_on_must_exist(shot: MemoryLedger) -> None:
    _retag(shot, "free", "rain")
    given_tags(shot, "hero")
    with refused(shot, TagNotFound, "tags"):
        _retag(shot, "free", "none")
    with recording(shot) as then:
        _retag(shot, "free", "hero")
    assert then.events[1:] == [
        TagApplied(tag_name="hero", holder=HOLDER),
        TagTakenOff(tag_name="rain", holder=HOLDER),
    ]
    with refused(shot, TagNotFound, "tags"):
        _retag(shot, "rain")


def test_a_tag_that_was_free_text_is_in_use_from_its_creation(shot: MemoryLedger) -> None:
    _retag(shot, "hero")
    given_tags(shot, "hero")
    with refused(shot, TagInUse, "tagName"):
        delete_tag(shot, "hero", order=order())


def test_without_its_last_tag_the_vocabulary_leaves_text_free_again(shot: MemoryLedger) -> None:
    given_tags(shot, "hero")
    with refused(shot, TagNotFound, "tags"):
        _retag(shot, "free")
    delete_tag(shot, "hero", order=order())
    _retag(shot, "free")


def test_a_required_type_is_asked_for_at_every_change_of_tags(shot: MemoryLedger) -> None:
    given_tags(shot, "hero", "night")
    given_tags(shot, "anim", "comp", tag_type_name="department", is_required=True)
    for tags in ((), ("hero",)):
        with refused(shot, RequiredTagTypeMissing, "tags"):
            given_asset(shot, "shot_020", tags=tags)
    with refused(shot, RequiredTagTypeMissing, "tags"):
        _retag(shot, "hero")
    _retag(shot, "anim", "hero")
    with refused(shot, RequiredTagTypeMissing, "tags"):
        _retag(shot)
    _retag(shot, "comp")


def test_other_changes_do_not_ask_for_required_types(shot: MemoryLedger) -> None:
    given_tags(shot, "anim", tag_type_name="department", is_required=True)
    with recording(shot) as then:
        update_asset(shot, "shows", "shot_010", asset_name="Opening", tags=(), order=order())
    assert len(then.events) == 1


def test_a_required_type_without_tags_asks_for_nothing(shot: MemoryLedger) -> None:
    given_tags(shot, tag_type_name="department", is_required=True)
    given_tags(shot, "hero")
    _retag(shot, "hero")
    create_tag(shot, "anim", tag_type_name="department", order=order())
    with refused(shot, RequiredTagTypeMissing, "tags"):
        _retag(shot)
    update_tag_type(shot, "department", is_required=False, order=order())
    _retag(shot)
