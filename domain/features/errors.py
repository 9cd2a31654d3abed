"""Refusals about features."""

from __future__ import annotations

from domain.errors import AlreadyExists, NotFound


class FeatureNotFound(NotFound):
    """No such feature is on."""

    def __init__(self, feature_name: str) -> None:
        super().__init__("feature", feature_name, path=("featureName",))


class FeatureAlreadyExists(AlreadyExists):
    """The feature is on already."""

    def __init__(self, feature_name: str) -> None:
        super().__init__(f"The feature {feature_name!r} is on already.", path=("featureName",))
