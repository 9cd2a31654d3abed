"""Rows of tag types and tags."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from domain.tags.events import (
    TagCreated,
    TagDeleted,
    TagDescribed,
    TagRetyped,
    TagTypeCreated,
    TagTypeDeleted,
    TagTypeDescribed,
    TagTypeRequirementSet,
)
from projections.vams.rows import TagRow, TagTypeRow
from projections.vams.sheets import TAG_TYPES, TAGS
from tests.projections.vams.tape import Tape, rows

LOOK = TagTypeCreated(tag_type_name="look", description="How it looks", is_required=True)
HERO = TagCreated(tag_name="hero", tag_type_name="look", description="Main")


def test_a_type_and_its_tag_have_rows(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(LOOK, HERO)
    tape.fold(tables)
    assert rows(tables, TAG_TYPES) == [TagTypeRow("look", "How it looks", True, 1, 1)]
    assert rows(tables, TAGS) == [TagRow("hero", "look", "Main", 1, 2)]


def test_changes_move_the_revision_of_what_they_change(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(LOOK, HERO, TagTypeCreated(tag_type_name="mood", description=""))
    tape.add(TagTypeDescribed(tag_type_name="look", description="Look"))
    tape.add(TagTypeRequirementSet(tag_type_name="look", is_required=False))
    tape.add(TagDescribed(tag_name="hero", description="Lead"), TagRetyped(tag_name="hero", tag_type_name="mood"))
    tape.fold(tables)
    assert rows(tables, TAG_TYPES) == [TagTypeRow("look", "Look", False, 3, 5), TagTypeRow("mood", "", False, 1, 3)]
    assert rows(tables, TAGS) == [TagRow("hero", "mood", "Lead", 3, 7)]


def test_what_is_deleted_is_gone_and_starts_anew(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(LOOK, HERO, TagDescribed(tag_name="hero", description="Lead"))
    tape.add(TagDeleted(tag_name="hero"), TagTypeDeleted(tag_type_name="look"))
    with tables.transaction(force_rollback=True):
        tape.fold(tables)
        assert rows(tables, TAG_TYPES) == []
        assert rows(tables, TAGS) == []
    tape.add(LOOK, HERO)
    tape.fold(tables)
    assert rows(tables, TAG_TYPES) == [TagTypeRow("look", "How it looks", True, 1, 6)]
    assert rows(tables, TAGS) == [TagRow("hero", "look", "Main", 1, 7)]
