"""Commands on features."""

from __future__ import annotations

import re

from domain.cause import Order
from domain.errors import Invalid
from domain.features.errors import FeatureAlreadyExists, FeatureNotFound
from domain.features.events import FeatureCreated, FeatureDeleted, FeatureEvent
from domain.ledger import Ledger
from domain.stream import Aggregate, Decision, Outcome

FEATURE_NAME = re.compile(r"[a-zA-Z0-9._\-]{1,256}")


def _is_on(_: bool | None, event: FeatureEvent) -> bool:
    return isinstance(event, FeatureCreated)


FEATURES = Aggregate("feature", _is_on)


def create_feature(ledger: Ledger, feature_name: str, *, order: Order) -> Outcome:
    """Switch it on. Raises FeatureAlreadyExists, Invalid."""
    if not FEATURE_NAME.fullmatch(feature_name):
        raise Invalid(
            f"A feature name is 1 to 256 letters, digits or . _ -; {feature_name[:80]!r} is not.",
            path=("featureName",),
        )

    def decide() -> Decision:
        stream = ledger.load(FEATURES, feature_name)
        if stream.state:
            raise FeatureAlreadyExists(feature_name)
        return Decision((stream.then(FeatureCreated(feature_name=feature_name)),))

    return ledger.carry_out(order, decide)


def delete_feature(ledger: Ledger, feature_name: str, *, order: Order) -> Outcome:
    """Switch it off. Raises FeatureNotFound."""

    def decide() -> Decision:
        stream = ledger.load(FEATURES, feature_name)
        if not stream.state:
            raise FeatureNotFound(feature_name)
        return Decision((stream.then(FeatureDeleted(feature_name=feature_name)),))

    return ledger.carry_out(order, decide)
