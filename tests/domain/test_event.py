"""Topics, encoding, and lifting events of older class versions."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import ClassVar

import msgspec
import pytest

from domain.catalogue import EVENTS
from domain.cause import ActorKind, Cause
from domain.errors import UnknownTopic
from domain.event import Event, Stored, Topics, Upcast, encode, stored_topic

CAUSE = Cause(actor_kind=ActorKind.USER, actor_id="ada", correlation_id="r", at=datetime(2026, 11, 21, 12, tzinfo=UTC))


class LensMounted(Event, frozen=True, kw_only=True):
    """An event of tests only, in its third shape: once it had one text, then a number, now a unit as well."""

    TOPIC = "lens-mounted"
    CLASS_VERSION = 3
    UPCASTS: ClassVar[dict[int, Upcast]] = {
        1: lambda event: {"camera": event["camera"], "focal_length": int(event["lens"].removesuffix("mm"))},
        2: lambda event: event | {"unit": "mm"},
    }
    camera: str
    focal_length: int
    unit: str


TOPICS = Topics([LensMounted])
MOUNTED = LensMounted(camera="A", focal_length=35, unit="mm")


def _state(event: dict[str, object]) -> bytes:
    return msgspec.json.encode({"cause": CAUSE, "event": event})


@pytest.mark.parametrize(
    ("topic", "event"),
    [
        ("lens-mounted", {"camera": "A", "lens": "35mm"}),
        ("lens-mounted/2", {"camera": "A", "focal_length": 35}),
        ("lens-mounted/3", {"camera": "A", "focal_length": 35, "unit": "mm"}),
    ],
)
def test_every_class_version_is_read_as_the_current_one(topic: str, event: dict[str, object]) -> None:
    assert TOPICS.decode(topic, _state(event)) == Stored(CAUSE, MOUNTED)


def test_the_topics_of_older_class_versions_are_known() -> None:
    assert TOPICS.older == {"lens-mounted", "lens-mounted/2"}


def test_the_current_class_version_is_written_under_its_number() -> None:
    assert stored_topic(LensMounted) == "lens-mounted/3"
    assert TOPICS.decode("lens-mounted/3", encode(CAUSE, MOUNTED)).event == MOUNTED


@pytest.mark.parametrize("topic", ["lens-mounted/4", "lens-mounted/1", "lens-removed", ""])
def test_an_unknown_topic_is_an_error_that_names_it(topic: str) -> None:
    with pytest.raises(UnknownTopic, match=re.escape(repr(topic))) as caught:
        TOPICS.decode(topic, b"{}")
    assert caught.value.topic == topic


@pytest.mark.parametrize(
    "state", [b"", b"{}", b"[]", _state({"camera": "A"}), _state({"camera": 1, "focal_length": 2})]
)
def test_a_damaged_state_is_an_error(state: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        TOPICS.decode("lens-mounted/3", state)


def test_a_class_version_without_its_upcast_can_not_be_registered() -> None:
    class Halfway(Event, frozen=True, kw_only=True):
        TOPIC = "halfway"
        CLASS_VERSION = 2

    with pytest.raises(KeyError):
        Topics([Halfway])


def test_fields_that_a_newer_release_added_are_passed_over() -> None:
    newer = {"camera": "A", "focal_length": 35, "unit": "mm", "serial": "0815"}
    assert TOPICS.decode("lens-mounted/3", _state(newer)).event == MOUNTED


def test_topics_and_class_names_are_unique_and_alike() -> None:
    topics = [event.TOPIC for event in EVENTS]
    assert len(set(topics)) == len(topics)
    assert [re.sub(r"(?<!^)(?=[A-Z])", "-", event.__name__).lower() for event in EVENTS] == topics


def test_a_stored_event_is_readable_json() -> None:
    assert encode(CAUSE, MOUNTED) == (
        b'{"cause":{"actor_kind":"user","actor_id":"ada","correlation_id":"r","at":"2026-11-21T12:00:00Z",'
        b'"causation_position":null},"event":{"camera":"A","focal_length":35,"unit":"mm"}}'
    )
