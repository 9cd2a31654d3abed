"""The vocabulary: every tag type and tag of the library, in one stream, as its rules are about all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.cause import Order
from domain.errors import RevisionMismatch
from domain.stream import Aggregate
from domain.tags.errors import RequiredTagTypeMissing, TagNotFound, TagTypeInUse, TagTypeNotFound
from domain.tags.events import (
    TagCreated,
    TagDeleted,
    TagDescribed,
    TagEvent,
    TagRetyped,
    TagTypeCreated,
    TagTypeDeleted,
    TagTypeDescribed,
    TagTypeEvent,
    TagTypeRequirementSet,
)


@dataclass(frozen=True)
class TagType:
    """A group of tags."""

    description: str
    is_required: bool
    tags: frozenset[str] = frozenset()
    revision: int = 1
    """The number of the type's own events since it was created."""


@dataclass(frozen=True)
class Tag:
    """A word that assets and links can be tagged with."""

    tag_type_name: str
    description: str
    revision: int = 1


@dataclass(frozen=True)
class Vocabulary:
    """All types and tags by name."""

    types: Mapping[str, TagType] = field(default_factory=dict)
    tags: Mapping[str, Tag] = field(default_factory=dict)

    def type(self, tag_type_name: str) -> TagType:
        """The type of this name. Raises TagTypeNotFound."""
        if tag_type_name not in self.types:
            raise TagTypeNotFound(tag_type_name)
        return self.types[tag_type_name]

    def tag(self, tag_name: str) -> Tag:
        """The tag of this name. Raises TagNotFound."""
        if tag_name not in self.tags:
            raise TagNotFound(tag_name)
        return self.tags[tag_name]

    def require_tags(self, tags: tuple[str, ...]) -> None:
        """Raise TagNotFound for the first that does not exist."""
        for tag in tags:
            if tag not in self.tags:
                raise TagNotFound(tag, field="tags")

    def require_types(self, tags: tuple[str, ...]) -> None:
        """Raise RequiredTagTypeMissing for the first required type that has tags, but none of these."""
        for name, tag_type in self.types.items():
            if tag_type.is_required and tag_type.tags and not tag_type.tags.intersection(tags):
                raise RequiredTagTypeMissing(name)

    def require_empty(self, tag_type_name: str) -> None:
        """Raise TagTypeNotFound or, while the type has tags, TagTypeInUse."""
        tags = self.type(tag_type_name).tags
        if tags:
            raise TagTypeInUse(tag_type_name, len(tags))


def expect(order: Order, revision: int) -> None:
    """Raise RevisionMismatch unless the order accepts this revision of a type or tag."""
    if order.expected_revision not in (None, revision):
        raise RevisionMismatch(expected=order.expected_revision or 0, actual=revision)


def evolve(vocabulary: Vocabulary | None, event: TagTypeEvent | TagEvent) -> Vocabulary:
    """The vocabulary after the event."""
    before = vocabulary or Vocabulary()
    if isinstance(event, TagTypeEvent):
        return _evolve_type(before, event)
    return _evolve_tag(before, event)


def _evolve_type(vocabulary: Vocabulary, event: TagTypeEvent) -> Vocabulary:
    types, name = dict(vocabulary.types), event.tag_type_name
    match event:
        case TagTypeCreated():
            types[name] = TagType(event.description, event.is_required)
        case TagTypeDescribed():
            types[name] = replace(types[name], description=event.description, revision=types[name].revision + 1)
        case TagTypeRequirementSet():
            types[name] = replace(types[name], is_required=event.is_required, revision=types[name].revision + 1)
        case TagTypeDeleted():
            del types[name]
    return replace(vocabulary, types=types)


def _evolve_tag(vocabulary: Vocabulary, event: TagEvent) -> Vocabulary:
    tags, name = dict(vocabulary.tags), event.tag_name
    before = tags.get(name)
    if isinstance(event, TagCreated):
        tags[name] = Tag(event.tag_type_name, event.description)
        return Vocabulary(_moved(vocabulary, name, to=event.tag_type_name), tags)
    assert before is not None
    match event:
        case TagDescribed():
            tags[name] = replace(before, description=event.description, revision=before.revision + 1)
            return replace(vocabulary, tags=tags)
        case TagRetyped():
            tags[name] = replace(before, tag_type_name=event.tag_type_name, revision=before.revision + 1)
            return Vocabulary(_moved(vocabulary, name, to=event.tag_type_name), tags)
        case TagDeleted():
            del tags[name]
            return Vocabulary(_moved(vocabulary, name, to=None), tags)
    raise TypeError(f"{type(event).__name__} is not an event of the vocabulary")


def _moved(vocabulary: Vocabulary, tag_name: str, *, to: str | None) -> dict[str, TagType]:
    """The types after the tag left its type, if it has one, for this one, if any."""
    types = dict(vocabulary.types)
    before = vocabulary.tags.get(tag_name)
    if before is not None:
        left = types[before.tag_type_name]
        types[before.tag_type_name] = replace(left, tags=left.tags - {tag_name})
    if to is not None:
        types[to] = replace(types[to], tags=types[to].tags | {tag_name})
    return types


VOCABULARY = Aggregate("tag-vocabulary", evolve, is_kept=True)
