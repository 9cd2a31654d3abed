"""What happened to the vocabulary of tags, and to the use of single tags."""

from __future__ import annotations

from domain.event import Event


class TagTypeEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one tag type."""

    tag_type_name: str


class TagTypeCreated(TagTypeEvent, frozen=True, kw_only=True):
    """A group of tags exists from now on."""

    TOPIC = "tag-type-created"
    description: str
    is_required: bool = False
    """Whether assets must have a tag of the type, as soon as it has any."""


class TagTypeDescribed(TagTypeEvent, frozen=True, kw_only=True):
    """The description changed."""

    TOPIC = "tag-type-described"
    description: str


class TagTypeRequirementSet(TagTypeEvent, frozen=True, kw_only=True):
    """The type was made required or optional; assets feel it at their next change of tags."""

    TOPIC = "tag-type-requirement-set"
    is_required: bool


class TagTypeDeleted(TagTypeEvent, frozen=True, kw_only=True):
    """The type is gone; it had no tags."""

    TOPIC = "tag-type-deleted"


class TagEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one tag."""

    tag_name: str


class TagCreated(TagEvent, frozen=True, kw_only=True):
    """The tag can be used from now on."""

    TOPIC = "tag-created"
    tag_type_name: str
    description: str


class TagDescribed(TagEvent, frozen=True, kw_only=True):
    """The description changed."""

    TOPIC = "tag-described"
    description: str


class TagRetyped(TagEvent, frozen=True, kw_only=True):
    """The tag belongs to another type."""

    TOPIC = "tag-retyped"
    tag_type_name: str


class TagDeleted(TagEvent, frozen=True, kw_only=True):
    """The tag is gone; nothing was tagged with it."""

    TOPIC = "tag-deleted"


class TagUseEvent(Event, frozen=True, kw_only=True):
    """Base of the events that count the use of a tag, which are no part of the vocabulary."""

    tag_name: str
    holder: str
    """What is tagged, as asset:shows:shot_010 or asset-link:{id}."""


class TagApplied(TagUseEvent, frozen=True, kw_only=True):
    """Something was tagged; recorded together with that something's own event."""

    TOPIC = "tag-applied"


class TagTakenOff(TagUseEvent, frozen=True, kw_only=True):
    """Something was tagged and is no more."""

    TOPIC = "tag-taken-off"


EVENTS: tuple[type[Event], ...] = (
    TagTypeCreated,
    TagTypeDescribed,
    TagTypeRequirementSet,
    TagTypeDeleted,
    TagCreated,
    TagDescribed,
    TagRetyped,
    TagDeleted,
    TagApplied,
    TagTakenOff,
)
