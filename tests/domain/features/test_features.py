"""Switching features on and off."""

from __future__ import annotations

import pytest

from domain.errors import Invalid
from domain.features.commands import create_feature, delete_feature
from domain.features.errors import FeatureAlreadyExists, FeatureNotFound
from domain.features.events import FeatureCreated, FeatureDeleted
from tests.domain.library import order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger


def test_a_feature_goes_on_and_off_and_on(ledger: MemoryLedger) -> None:
    with recording(ledger) as then:
        create_feature(ledger, "GOVCLOUD", order=order())
        delete_feature(ledger, "GOVCLOUD", order=order())
        create_feature(ledger, "GOVCLOUD", order=order())
    on = FeatureCreated(feature_name="GOVCLOUD")
    assert then.events == [on, FeatureDeleted(feature_name="GOVCLOUD"), on]


def test_on_twice_or_off_twice_is_refused(ledger: MemoryLedger) -> None:
    with refused(ledger, FeatureNotFound, "featureName"):
        delete_feature(ledger, "GOVCLOUD", order=order())
    create_feature(ledger, "GOVCLOUD", order=order())
    with refused(ledger, FeatureAlreadyExists, "featureName"):
        create_feature(ledger, "GOVCLOUD", order=order())


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a" * 257])
def test_a_bad_name_is_refused(ledger: MemoryLedger, name: str) -> None:
    with refused(ledger, Invalid, "featureName"):
        create_feature(ledger, name, order=order())
