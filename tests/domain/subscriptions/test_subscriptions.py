"""Making, changing and ending subscriptions."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assets.errors import AssetNotFound
from domain.cause import ActorKind, Cause
from domain.databases.errors import DatabaseNotFound
from domain.errors import RevisionMismatch
from domain.subscriptions.commands import create_subscription, delete_subscription, update_subscription
from domain.subscriptions.errors import (
    EventTypeUnknown,
    MailNotConfigured,
    SubscriptionNotFound,
    SubscriptionNotOwned,
    TargetInvalid,
)
from domain.subscriptions.events import Channel, SubscriptionChanged, SubscriptionCreated, SubscriptionDeleted
from domain.subscriptions.targets import DeliveryPolicy
from tests.domain.library import NOW, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger

POLICY = DeliveryPolicy(sends_mail=True)
GRACE = Cause(actor_kind=ActorKind.USER, actor_id="grace", correlation_id="request-2", at=NOW)
HOOK = "https://example.org:8443/hook?token=1"


def _subscribe(ledger: MemoryLedger, **values: Any) -> Any:
    given: dict[str, Any] = {
        "entity": ("shows", "shot_010"),
        "event_types": (),
        "channel": Channel.WEBHOOK,
        "target": HOOK,
        "policy": POLICY,
        "order": order(),
    }
    return create_subscription(ledger, "s1", **(given | values))


def _created(**values: Any) -> SubscriptionCreated:
    given: dict[str, Any] = {
        "subscriber_id": "user:ada",
        "entity_database_id": "shows",
        "entity_asset_id": "shot_010",
        "topics": (),
        "channel": Channel.WEBHOOK,
        "target": HOOK,
    }
    return SubscriptionCreated(subscription_id="s1", **(given | values))


def _changed(**values: Any) -> SubscriptionChanged:
    given: dict[str, Any] = {"topics": (), "target": HOOK, "is_active": True, "secret_generation": 1}
    return SubscriptionChanged(subscription_id="s1", **(given | values))


def _update(ledger: MemoryLedger, **values: Any) -> Any:
    given: dict[str, Any] = {"policy": POLICY, "order": order()}
    return update_subscription(ledger, "s1", **(given | values))


def test_types_are_kept_as_topics_each_once(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        outcome = _subscribe(shot, event_types=["AssetRenamed", "FileUploaded", "AssetRenamed"])
    assert then.events == [_created(topics=("asset-renamed", "file-uploaded"))]
    assert outcome.result == {"subscriptionId": "s1", "secretGeneration": "1"}


def test_a_database_can_be_subscribed_by_mail(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        outcome = _subscribe(shot, entity=("shows", None), channel=Channel.MAIL, target="ada@render.studio")
    assert then.events == [_created(entity_asset_id=None, channel=Channel.MAIL, target="ada@render.studio")]
    assert outcome.result == {"subscriptionId": "s1"}


@pytest.mark.parametrize(
    ("given", "error", "path"),
    [
        ({"entity": ("plates", None)}, DatabaseNotFound, "databaseId"),
        ({"entity": ("shows", "shot_020")}, AssetNotFound, "assetId"),
        ({"event_types": ["AssetSunk"]}, EventTypeUnknown, "eventTypes"),
        ({"event_types": ["FeatureCreated"]}, EventTypeUnknown, "eventTypes"),
        ({"event_types": ["SubscriptionCreated"]}, EventTypeUnknown, "eventTypes"),
        ({"event_types": ["asset-renamed"]}, EventTypeUnknown, "eventTypes"),
        ({"channel": Channel.MAIL, "target": "a@b", "policy": DeliveryPolicy()}, MailNotConfigured, "channel"),
    ],
)
def test_a_refused_subscription(shot: MemoryLedger, given: Any, error: Any, path: str) -> None:
    with refused(shot, error, path):
        _subscribe(shot, **given)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "example.org",
        "ftp://example.org",
        "http://",
        "http:///path",
        "https://ada@example.org",
        "https://:pw@example.org",
        "https://example.org/#part",
        "https://example.org:0",
        "https://example.org:65536",
        "https://exam ple.org",
        "https://exämple.org",
        "https://[::1",
        "https://example.org/\r\nx-header:1",
        "https://example.org/" + "a" * 2048,
        "http://localhost",
        "http://a.LOCALHOST.",
        "http://127.0.0.1:8080",
        "http://127.9.9.9",
        "http://0.0.0.0",
        "http://169.254.169.254/latest/meta-data",
        "http://224.0.0.1",
        "http://[::]",
        "http://[::1]",
        "http://[fe80::1]",
        "http://[fe80::1%25eth0]",
        "http://[::ffff:127.0.0.1]",
        "http://[::ffff:169.254.169.254]",
        "http://[64:ff9b::7f00:1]",
        "http://[2002:7f00:1::]",
    ],
)
def test_a_target_that_is_none_or_this_machine_is_refused(shot: MemoryLedger, target: str) -> None:
    with refused(shot, TargetInvalid, "target"):
        _subscribe(shot, target=target)
    _subscribe(shot)
    with refused(shot, TargetInvalid, "target"):
        _update(shot, target=target)


@pytest.mark.parametrize(
    "target", ["http://10.0.0.7", "http://render.local/x", "http://[fd00::1]:80", "http://localhosts"]
)
def test_a_target_in_the_house_is_taken(shot: MemoryLedger, target: str) -> None:
    with recording(shot) as then:
        _subscribe(shot, target=target)
    assert then.events == [_created(target=target)]


def test_this_machine_is_taken_where_the_settings_allow_it(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        _subscribe(shot, target="http://localhost:9000", policy=DeliveryPolicy(allows_local_webhooks=True))
    assert then.events == [_created(target="http://localhost:9000")]


@pytest.mark.parametrize("target", ["", "ada", "@b", "a@", "a b@c", "a@b\n", "a@b,c@d", "<a@b>", "é@b.c"])
def test_a_bad_mail_address_is_refused(shot: MemoryLedger, target: str) -> None:
    with refused(shot, TargetInvalid, "target"):
        _subscribe(shot, channel=Channel.MAIL, target=target)


def test_a_change_records_all_values_and_no_change_nothing(shot: MemoryLedger) -> None:
    _subscribe(shot)
    with recording(shot) as then:
        outcome = _update(shot, event_types=["AssetArchived"], is_active=False)
        _update(shot, event_types=["AssetArchived"], is_active=False, target=HOOK)
        rotated = _update(shot, rotate_secret=True, order=order(expected_revision=2))
    assert then.events == [
        _changed(topics=("asset-archived",), is_active=False),
        _changed(topics=("asset-archived",), is_active=False, secret_generation=2),
    ]
    assert (outcome.result, rotated.result) == ({"secretGeneration": "1"}, {"secretGeneration": "2"})


def test_an_ended_subscription_is_not_found(shot: MemoryLedger) -> None:
    _subscribe(shot)
    with recording(shot) as then:
        delete_subscription(shot, "s1", order=order())
    assert then.events == [SubscriptionDeleted(subscription_id="s1")]
    with refused(shot, SubscriptionNotFound, "subscriptionId"):
        delete_subscription(shot, "s1", order=order())
    with refused(shot, SubscriptionNotFound, "subscriptionId"):
        _update(shot, is_active=True)


def test_an_unknown_subscription_is_not_found(shot: MemoryLedger) -> None:
    with refused(shot, SubscriptionNotFound, "subscriptionId"):
        _update(shot, is_active=True)


def test_nobody_else_changes_or_ends_it(shot: MemoryLedger) -> None:
    _subscribe(shot)
    with refused(shot, SubscriptionNotOwned, "subscriptionId"):
        _update(shot, is_active=False, order=order(cause=GRACE))
    with refused(shot, SubscriptionNotOwned, "subscriptionId"):
        delete_subscription(shot, "s1", order=order(cause=GRACE))


def test_another_revision_is_refused(shot: MemoryLedger) -> None:
    _subscribe(shot)
    with refused(shot, RevisionMismatch, "expectedRevision"):
        _update(shot, is_active=False, order=order(expected_revision=2))
