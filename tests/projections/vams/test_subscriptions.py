"""Rows of subscriptions."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from domain.subscriptions.events import Channel, SubscriptionChanged, SubscriptionCreated, SubscriptionDeleted
from projections.vams.discussion_rows import SubscriptionRow
from projections.vams.sheets import SUBSCRIPTIONS
from tests.projections.vams.tape import Tape, at, rows

CREATED = SubscriptionCreated(
    subscription_id="s1",
    subscriber_id="user:ada",
    entity_database_id="shows",
    entity_asset_id=None,
    topics=("asset-renamed",),
    channel=Channel.MAIL,
    target="ada@example.org",
)
CHANGED = SubscriptionChanged(
    subscription_id="s1", topics=(), target="grace@example.org", is_active=False, secret_generation=1
)
ROW = SubscriptionRow(
    "s1", "user:ada", "shows", None, ["AssetRenamed"], "MAIL", "ada@example.org", True, at(1), at(1), 1, 1
)


def test_a_subscription_is_a_row_with_the_types_by_name(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(CREATED)
    tape.fold(tables)
    assert rows(tables, SUBSCRIPTIONS) == [ROW]


def test_a_change_replaces_what_it_may_change(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(CREATED, CHANGED)
    tape.fold(tables)
    changed: dict[str, Any] = {"event_types": [], "target": "grace@example.org", "is_active": False}
    assert rows(tables, SUBSCRIPTIONS) == [ROW._replace(**changed, updated_at=at(2), revision=2, position=2)]


def test_an_ended_subscription_has_no_row(tables: Connection[Any]) -> None:
    tape = Tape()
    tape.add(CREATED, SubscriptionDeleted(subscription_id="s1"))
    tape.fold(tables)
    assert rows(tables, SUBSCRIPTIONS) == []
