"""What happened to feature flags."""

from __future__ import annotations

from domain.event import Event


class FeatureEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one feature."""

    feature_name: str


class FeatureCreated(FeatureEvent, frozen=True, kw_only=True):
    """The feature is on."""

    TOPIC = "feature-created"


class FeatureDeleted(FeatureEvent, frozen=True, kw_only=True):
    """The feature is off."""

    TOPIC = "feature-deleted"


EVENTS: tuple[type[Event], ...] = (FeatureCreated, FeatureDeleted)
