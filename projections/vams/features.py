"""Folds the events of features."""

from __future__ import annotations

from domain.event import Recorded
from domain.features.events import FeatureCreated, FeatureDeleted
from projections.vams.discussion_rows import FeatureRow
from projections.vams.sheets import Sheets


def created(sheets: Sheets, entry: Recorded, event: FeatureCreated) -> None:
    """A feature row."""
    row = FeatureRow(event.feature_name, entry.cause.at, entry.cause.actor, entry.position)
    sheets.features.put(row, entry.position)


def deleted(sheets: Sheets, entry: Recorded, event: FeatureDeleted) -> None:
    """The row is gone."""
    sheets.features.remove((event.feature_name,), entry.position)
