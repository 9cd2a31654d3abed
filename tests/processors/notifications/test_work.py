"""What is noted of deliveries: every attempt, the last of them for good, and nothing of an ended subscription."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.assets.events import AssetArchived
from domain.event import Recorded
from domain.subscriptions.commands import create_subscription, delete_subscription
from domain.subscriptions.events import Channel, SubscriptionCreated
from domain.subscriptions.targets import DeliveryPolicy
from processors.notifications.errors import DeliveryFailed
from processors.notifications.routes import Routes, migrate
from processors.notifications.signing import SigningKeys
from processors.notifications.webhook import WebhookSender
from processors.notifications.work import DeliveryWorker
from tests.domain.library import ASSET, given_database, order, recording
from tests.doubles.memory_ledger import MemoryLedger

EVENT = AssetArchived(**ASSET)
JOB = {"subscription_id": "s1", "position": 7}
NOTED = "SELECT position, state, attempts, message IS NULL FROM notifications.deliveries"


@pytest.fixture
def pool(empty_database_url: str) -> Iterator[ConnectionPool[Connection[Any]]]:
    with ConnectionPool(empty_database_url, min_size=1, max_size=2, kwargs={"autocommit": True}, open=True) as opened:
        with opened.connection() as connection:
            migrate(connection)
            migrate(connection)
        yield opened


@pytest.fixture
def worker(pool: ConnectionPool[Connection[Any]]) -> DeliveryWorker:
    """A worker for a subscription whose endpoint is dead."""
    ledger = MemoryLedger()
    given_database(ledger)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        target = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with recording(ledger) as then:
        create_subscription(
            ledger,
            "s1",
            entity=("shows", None),
            event_types=(),
            channel=Channel.WEBHOOK,
            target=target,
            policy=DeliveryPolicy(allows_local_webhooks=True),
            order=order(),
        )
    (made,) = then.events
    assert isinstance(made, SubscriptionCreated)
    with pool.connection() as connection:
        Routes(connection, []).apply(made)
    return DeliveryWorker(
        ledger=ledger,
        read_event=lambda position: Recorded(position, uuid4(), 1, order().cause, EVENT),
        pool=pool,
        keys=SigningKeys(b"server"),
        webhooks=WebhookSender(allows_local=True),
        mails=None,
    )


def _noted(worker: DeliveryWorker) -> list[tuple[Any, ...]]:
    with worker.pool.connection() as connection:
        return connection.execute(NOTED).fetchall()


def _fail(worker: DeliveryWorker, position: int) -> None:
    with pytest.raises(DeliveryFailed):
        worker.run(subscription_id="s1", position=position)


def test_attempts_are_counted_for_each_event(worker: DeliveryWorker) -> None:
    _fail(worker, 7)
    _fail(worker, 7)
    assert _noted(worker) == [(7, "RETRYING", 2, False)]
    _fail(worker, 8)
    assert _noted(worker) == [(8, "RETRYING", 1, False)]


def test_the_last_attempt_is_a_failure_that_keeps_its_reason(worker: DeliveryWorker) -> None:
    _fail(worker, 7)
    worker.give_up(DeliveryFailed("away"), **JOB)
    assert _noted(worker) == [(7, "FAILED", 1, False)]


def test_an_ended_subscription_is_told_of_nothing(worker: DeliveryWorker) -> None:
    delete_subscription(worker.ledger, "s1", order=order())
    worker.run(**JOB)
    assert _noted(worker) == []


def test_a_delivery_that_outlives_its_route_leaves_no_note(worker: DeliveryWorker) -> None:
    with worker.pool.connection() as connection:
        connection.execute("DELETE FROM notifications.routes")
    _fail(worker, 7)
    assert _noted(worker) == []
