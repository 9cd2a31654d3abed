"""Commands on tag types and tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from domain.cause import Order
from domain.event import Event
from domain.ledger import Ledger
from domain.stream import Decision, Outcome
from domain.tags.errors import TagAlreadyExists, TagInUse, TagTypeAlreadyExists
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
from domain.tags.rules import check_description, check_name
from domain.tags.use import load_vocabulary, uses_of
from domain.tags.vocabulary import Vocabulary, expect


def create_tag_type(
    ledger: Ledger, tag_type_name: str, *, description: str = "", is_required: bool = False, order: Order
) -> Outcome:
    """Create a type without tags. Raises TagTypeAlreadyExists, Invalid."""
    check_name(tag_type_name, field="tagTypeName")
    check_description(description)

    def change(vocabulary: Vocabulary) -> Iterable[Event]:
        if tag_type_name in vocabulary.types:
            raise TagTypeAlreadyExists(tag_type_name)
        yield TagTypeCreated(tag_type_name=tag_type_name, description=description, is_required=is_required)

    return _change(ledger, change, order=order)


def update_tag_type(
    ledger: Ledger,
    tag_type_name: str,
    *,
    description: str | None = None,
    is_required: bool | None = None,
    order: Order,
) -> Outcome:
    """Change what is given and differs; None leaves a value. Raises TagTypeNotFound, Invalid."""
    check_description(description)

    def change(vocabulary: Vocabulary) -> Iterable[Event]:
        tag_type = vocabulary.type(tag_type_name)
        expect(order, tag_type.revision)
        if description not in (None, tag_type.description):
            yield TagTypeDescribed(tag_type_name=tag_type_name, description=description)
        if is_required not in (None, tag_type.is_required):
            yield TagTypeRequirementSet(tag_type_name=tag_type_name, is_required=is_required)

    return _change(ledger, change, order=order)


def delete_tag_type(ledger: Ledger, tag_type_name: str, *, order: Order) -> Outcome:
    """Delete a type that has no tags. Raises TagTypeNotFound, TagTypeInUse."""

    def change(vocabulary: Vocabulary) -> Iterable[Event]:
        expect(order, vocabulary.type(tag_type_name).revision)
        vocabulary.require_empty(tag_type_name)
        yield TagTypeDeleted(tag_type_name=tag_type_name)

    return _change(ledger, change, order=order)


def create_tag(ledger: Ledger, tag_name: str, *, tag_type_name: str, description: str = "", order: Order) -> Outcome:
    """Create a tag of an existing type. Raises TagAlreadyExists, TagTypeNotFound, Invalid."""
    check_name(tag_name, field="tagName")
    check_description(description)

    def change(vocabulary: Vocabulary) -> Iterable[Event]:
        vocabulary.type(tag_type_name)
        if tag_name in vocabulary.tags:
            raise TagAlreadyExists(tag_name)
        yield TagCreated(tag_name=tag_name, tag_type_name=tag_type_name, description=description)

    return _change(ledger, change, order=order)


def update_tag(
    ledger: Ledger, tag_name: str, *, tag_type_name: str | None = None, description: str | None = None, order: Order
) -> Outcome:
    """Change what is given and differs; None leaves a value. Raises TagNotFound, TagTypeNotFound, Invalid."""
    check_description(description)

    def change(vocabulary: Vocabulary) -> Iterable[Event]:
        tag = vocabulary.tag(tag_name)
        expect(order, tag.revision)
        if description not in (None, tag.description):
            yield TagDescribed(tag_name=tag_name, description=description)
        if tag_type_name not in (None, tag.tag_type_name):
            vocabulary.type(tag_type_name)
            yield TagRetyped(tag_name=tag_name, tag_type_name=tag_type_name)

    return _change(ledger, change, order=order)


def delete_tag(ledger: Ledger, tag_name: str, *, order: Order) -> Outcome:
    """Delete a tag that nothing is tagged with. Raises TagNotFound, TagInUse."""

    def decide() -> Decision:
        stream, vocabulary = load_vocabulary(ledger)
        expect(order, vocabulary.tag(tag_name).revision)
        uses, held = uses_of(ledger, tag_name)
        if uses:
            raise TagInUse(tag_name, uses)
        return Decision((stream.then(TagDeleted(tag_name=tag_name)),), held=held)

    return ledger.carry_out(order, decide)


def _change(ledger: Ledger, change: Callable[[Vocabulary], Iterable[Event]], *, order: Order) -> Outcome:
    def decide() -> Decision:
        stream, vocabulary = load_vocabulary(ledger)
        return Decision((stream.then(*change(vocabulary)),))

    return ledger.carry_out(order, decide)
