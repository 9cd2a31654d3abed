"""Builds what tells subscribers of events: its own queue and worker, so that slow endpoints hold up nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.event import Recorded
from domain.ledger import recorded
from domain.subscriptions.targets import DeliveryPolicy
from gateway.ledger.opening import OpenLedger
from gateway.settings import Settings
from processors.jobs.queue import PATIENT, JobQueue
from processors.notifications import routes
from processors.notifications.consumer import NAME, NotificationProcessor
from processors.notifications.signing import SigningKeys
from processors.notifications.smtp import MailSender
from processors.notifications.webhook import WebhookSender
from processors.notifications.work import DeliveryWorker
from processors.objects.secret import load_or_create_secret


@dataclass(frozen=True)
class Deliveries:
    """The parts of notifications that a process works with."""

    policy: DeliveryPolicy
    keys: SigningKeys
    queue: JobQueue
    follower: NotificationProcessor


def open_deliveries(
    settings: Settings, database_url: str, *, log: OpenLedger, pool: ConnectionPool[Connection[Any]]
) -> Deliveries:
    """Make the tables of notifications and the parts. Raises SmtpUrlInvalid, SecretUnusable."""
    policy = DeliveryPolicy(allows_local_webhooks=settings.local_webhooks, sends_mail=bool(settings.smtp_url))
    keys = SigningKeys(_secret(settings))
    worker = DeliveryWorker(
        ledger=log.ledger,
        read_event=lambda position: _event_at(log, position),
        pool=pool,
        keys=keys,
        webhooks=WebhookSender(allows_local=settings.local_webhooks),
        mails=MailSender(settings.smtp_url, settings.mail_from) if settings.smtp_url else None,
    )
    queue = JobQueue(database_url, {NAME: worker}, retry=PATIENT)
    with pool.connection() as connection:
        routes.migrate(connection)
    return Deliveries(policy, keys, queue, NotificationProcessor(queue))


def _secret(settings: Settings) -> bytes:
    """Of the settings, where several hosts work; else of this data directory."""
    if settings.webhook_secret:
        return settings.webhook_secret.encode()
    return load_or_create_secret(settings.data_dir / "webhooks.secret")


def _event_at(log: OpenLedger, position: int) -> Recorded:
    (notification,) = log.recorder.select_notifications(position, 1)
    return recorded(notification)
