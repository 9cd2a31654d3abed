"""Subscriptions through GraphQL, with real endpoints at the other end."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.subscriptions.commands import create_subscription
from domain.subscriptions.events import Channel
from domain.subscriptions.targets import DeliveryPolicy
from tests.doubles.endpoint import Endpoint, Told, endpoint
from tests.doubles.mail_server import MailServer, mail_server
from tests.gateway.product import Product, order_of, product

CREATE = """mutation($input: CreateSubscriptionInput!) { createSubscription(input: $input) {
  subscription { subscriptionId subscriberId databaseId assetId eventTypes channel target isActive revision
    lastDelivery { state } } signingSecret position errors { code path } } }"""
UPDATE = """mutation($input: UpdateSubscriptionInput!) { updateSubscription(input: $input) {
  subscription { eventTypes target isActive revision } signingSecret position errors { code path } } }"""
DELETE = """mutation($input: DeleteSubscriptionInput!) { deleteSubscription(input: $input) {
  position errors { code path } } }"""
LIST = """query($d: String, $a: String, $s: String) { subscriptions(databaseId: $d, assetId: $a, subscriptionId: $s) {
  edges { node { subscriptionId lastDelivery { state position attempts message } } } } }"""
RENAME = "mutation($input: UpdateAssetInput!) { updateAsset(input: $input) { position errors { code } } }"
SECONDS = 90


@pytest.fixture(scope="module")
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def library(product_database_url: str, mails: MailServer) -> Iterator[Product]:
    """A product that may reach this machine's own addresses and sends mail."""
    directory = Path(tempfile.mkdtemp(prefix="interneg-product-"))
    working = ("notifications", "deliveries")
    with product(product_database_url, directory, *working, local_webhooks=True, smtp_url=mails.url) as running:
        running.client.create_asset("shows", "first")
        yield running
    shutil.rmtree(directory)


@pytest.fixture
def shot(library: Product, request: pytest.FixtureRequest) -> dict[str, str]:
    """An asset of the test's own."""
    name = request.node.originalname
    library.client.create_asset("shows", name)
    return {"databaseId": "shows", "assetId": name}


@pytest.fixture
def subscriber() -> Iterator[Endpoint]:
    with endpoint() as listening:
        yield listening


def _subscribe(library: Product, target: str, **given: Any) -> Any:
    return library.client.done(CREATE, channel="WEBHOOK", target=target, **given)


def _rename(library: Product, shot: dict[str, str], name: str) -> str:
    position: str = library.client.done(RENAME, **shot, assetName=name)["position"]
    return position


def _delivery(library: Product, payload: Any, state: str, *, position: str) -> Any:
    """The last delivery, once it is about this event and has this state."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        found = library.client.one(LIST, s=payload["subscription"]["subscriptionId"])["edges"][0]["node"]
        last = found["lastDelivery"] or {}
        if (last.get("state"), last.get("position")) == (state, position):
            return last
    raise AssertionError(found)


def _told(subscriber: Endpoint) -> Told:
    return subscriber.told.get(timeout=SECONDS)


def test_a_webhook_is_told_with_a_signature_that_fits(
    library: Product, shot: dict[str, str], subscriber: Endpoint
) -> None:
    made = _subscribe(library, f"{subscriber.url}/hook", **shot, eventTypes=["AssetRenamed"])
    subscription = made["subscription"]
    identity = subscription["subscriptionId"]
    assert subscription == {
        "subscriptionId": identity,
        "subscriberId": "user:developer",
        **shot,
        "eventTypes": ["AssetRenamed"],
        "channel": "WEBHOOK",
        "target": f"{subscriber.url}/hook",
        "isActive": True,
        "revision": 1,
        "lastDelivery": None,
    }
    position = _rename(library, shot, "Rain")
    told = _told(subscriber)
    document = json.loads(told.body)
    assert {name: document[name] for name in ("subscriptionId", "position", "eventType", "assetId", "actor")} == {
        "subscriptionId": identity,
        "position": position,
        "eventType": "AssetRenamed",
        "assetId": shot["assetId"],
        "actor": "user:developer",
    }
    assert document["payload"]["asset_name"] == "Rain"
    message_id, timestamp = told.headers["webhook-id"], told.headers["webhook-timestamp"]
    assert message_id == f"{identity}.{position}"
    key = base64.b64decode(made["signingSecret"].removeprefix("whsec_"))
    expected = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + told.body, hashlib.sha256)
    assert told.headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"
    assert _delivery(library, made, "DELIVERED", position=position) == {
        "state": "DELIVERED",
        "position": position,
        "attempts": 1,
        "message": None,
    }


def test_only_the_entity_and_the_types_that_were_chosen_are_told(
    library: Product, shot: dict[str, str], subscriber: Endpoint
) -> None:
    library.client.create_asset("shows", "another")
    _subscribe(library, f"{subscriber.url}/types", **shot, eventTypes=["AssetRenamed", "AssetDescribed"])
    _rename(library, {**shot, "assetId": "another"}, "Not told")
    library.client.done(RENAME, **shot, tags=["hero"])
    library.client.done(RENAME, **shot, description="Told first")
    _rename(library, shot, "Told second")
    types = [json.loads(_told(subscriber).body)["eventType"] for _ in range(2)]
    assert types == ["AssetDescribed", "AssetRenamed"]
    assert subscriber.told.empty()


def test_a_database_tells_of_everything_in_it(library: Product, subscriber: Endpoint) -> None:
    library.client.create_asset("plates", "sky")
    _subscribe(library, subscriber.url, databaseId="plates")
    library.client.create_asset("plates", "sea")
    _rename(library, {"databaseId": "plates", "assetId": "sky"}, "Clouds")
    documents = [json.loads(_told(subscriber).body) for _ in range(4)]
    assert [(found["eventType"], found["assetId"]) for found in documents] == [
        ("AssetLocationReserved", "sea"),
        ("AssetEnrolled", "sea"),
        ("AssetCreated", "sea"),
        ("AssetRenamed", "sky"),
    ]


def test_a_failed_delivery_is_tried_again_under_the_same_id_and_in_order(
    library: Product, shot: dict[str, str]
) -> None:
    with endpoint(500) as subscriber:
        made = _subscribe(library, subscriber.url, **shot)
        positions = [_rename(library, shot, name) for name in ("One", "Two")]
        identity = made["subscription"]["subscriptionId"]
        ids = [_told(subscriber).headers["webhook-id"] for _ in range(3)]
    assert ids == [f"{identity}.{position}" for position in (positions[0], *positions)]
    last = _delivery(library, made, "DELIVERED", position=positions[1])
    assert (last["attempts"], last["message"]) == (1, None)


def test_a_dead_endpoint_holds_up_nobody_else(library: Product, shot: dict[str, str], subscriber: Endpoint) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        dead = f"http://127.0.0.1:{listener.getsockname()[1]}"
    failing = [_subscribe(library, dead, **shot) for _ in range(12)]
    _subscribe(library, subscriber.url, **shot)
    positions = [_rename(library, shot, f"Name {n}") for n in range(3)]
    assert [json.loads(_told(subscriber).body)["position"] for _ in range(3)] == positions
    delivery = _delivery(library, failing[0], "RETRYING", position=positions[0])
    assert "could not be told" in delivery["message"]
    for made in failing:
        library.client.done(DELETE, subscriptionId=made["subscription"]["subscriptionId"])


def test_mail_is_sent_to_the_address(library: Product, shot: dict[str, str], mails: MailServer) -> None:
    made = library.client.done(CREATE, **shot, channel="MAIL", target="grace@example.photography")
    assert made["signingSecret"] is None
    position = _rename(library, shot, "Mailed")
    recipient, message = mails.taken.get(timeout=SECONDS)
    assert recipient == "grace@example.photography"
    assert message["subject"] == f"AssetRenamed: shows/{shot['assetId']}"
    assert _delivery(library, made, "DELIVERED", position=position)["attempts"] == 1


def test_a_resting_subscription_is_told_of_nothing_that_happens_meanwhile(
    library: Product, shot: dict[str, str], subscriber: Endpoint
) -> None:
    made = _subscribe(library, "http://127.0.0.1:9", **shot, eventTypes=["AssetArchived"])
    key = {"subscriptionId": made["subscription"]["subscriptionId"]}
    library.client.done(UPDATE, **key, isActive=False)
    _rename(library, shot, "Unseen")
    changed = library.client.done(UPDATE, **key, isActive=True, eventTypes=[], target=subscriber.url)
    assert changed["subscription"] == {"eventTypes": [], "target": subscriber.url, "isActive": True, "revision": 3}
    assert changed["signingSecret"] is None
    position = _rename(library, shot, "Seen")
    assert json.loads(_told(subscriber).body)["position"] == position


def test_another_secret_signs_after_it_was_asked_for(
    library: Product, shot: dict[str, str], subscriber: Endpoint
) -> None:
    made = _subscribe(library, subscriber.url, **shot)
    key = {"subscriptionId": made["subscription"]["subscriptionId"]}
    rotated = library.client.done(UPDATE, **key, rotateSecret=True)["signingSecret"]
    assert rotated.startswith("whsec_")
    assert rotated != made["signingSecret"]
    _rename(library, shot, "Signed")
    told = _told(subscriber)
    content = f"{told.headers['webhook-id']}.{told.headers['webhook-timestamp']}.".encode() + told.body
    expected = hmac.digest(base64.b64decode(rotated.removeprefix("whsec_")), content, hashlib.sha256)
    assert told.headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"


def test_an_ended_subscription_is_gone(library: Product, shot: dict[str, str]) -> None:
    made = _subscribe(library, "http://127.0.0.1:9", **shot)
    key = {"subscriptionId": made["subscription"]["subscriptionId"]}
    library.client.done(DELETE, **key)
    assert library.client.one(LIST, a=shot["assetId"]) == {"edges": []}
    for document in (UPDATE, DELETE):
        assert library.client.refused(document, **key) == {"code": "NOT_FOUND", "path": ["subscriptionId"]}


def test_somebody_elses_subscription_is_neither_seen_nor_changed(library: Product, shot: dict[str, str]) -> None:
    create_subscription(
        library.ledger,
        "s-grace",
        entity=("shows", shot["assetId"]),
        event_types=(),
        channel=Channel.WEBHOOK,
        target="https://example.org/hook?token=grace",
        policy=DeliveryPolicy(),
        order=order_of("grace"),
    )
    library.client.done(RENAME, **shot, assetName="Waited for")
    assert library.client.one(LIST, a=shot["assetId"]) == {"edges": []}
    before = library.recorded()
    for document in (UPDATE, DELETE):
        refused = library.client.refused(document, subscriptionId="s-grace")
        assert refused == {"code": "SUBSCRIPTION_NOT_OWNED", "path": ["subscriptionId"]}
    assert library.recorded() == before


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"databaseId": "nowhere"}, "NOT_FOUND", "databaseId"),
        ({"assetId": "nothing"}, "NOT_FOUND", "assetId"),
        ({"eventTypes": ["AssetRenamed", "AssetSunk"]}, "EVENT_TYPE_UNKNOWN", "eventTypes"),
        ({"target": "ftp://example.org"}, "TARGET_INVALID", "target"),
        ({"target": "https://ada:pw@example.org"}, "TARGET_INVALID", "target"),
        ({"channel": "MAIL", "target": "ada"}, "TARGET_INVALID", "target"),
    ],
)
def test_a_refused_subscription_records_nothing(library: Product, given: Any, code: str, path: str) -> None:
    before = library.recorded()
    wanted = {"databaseId": "shows", "channel": "WEBHOOK", "target": "https://example.org/hook", **given}
    assert library.client.refused(CREATE, **wanted) == {"code": code, "path": [path]}
    assert library.recorded() == before
