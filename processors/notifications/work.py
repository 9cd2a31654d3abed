"""One delivery: read the event again, tell the subscriber, and note what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.event import Recorded
from domain.ledger import Ledger
from domain.subscriptions.events import Channel
from domain.subscriptions.subscription import SUBSCRIPTIONS, Subscription
from processors.notifications.errors import DeliveryFailed
from processors.notifications.message import document, mail
from processors.notifications.signing import SigningKeys, signed_headers
from processors.notifications.smtp import MailSender
from processors.notifications.webhook import WebhookSender

NOTE = """
INSERT INTO notifications.deliveries AS d (subscription_id, position, state, attempts, message, attempted_at)
SELECT subscription_id, %(position)s, %(state)s, 1, %(message)s, clock_timestamp()
FROM notifications.routes WHERE subscription_id = %(subscription_id)s
ON CONFLICT (subscription_id) DO UPDATE SET
    attempts = CASE WHEN d.position = excluded.position AND d.state = 'RETRYING' THEN d.attempts + 1 ELSE 1 END,
    position = excluded.position, state = excluded.state, message = excluded.message,
    attempted_at = excluded.attempted_at
"""
GIVE_UP = """
UPDATE notifications.deliveries SET state = 'FAILED'
WHERE subscription_id = %(subscription_id)s AND position = %(position)s
"""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue keeps of a delivery."""

    subscription_id: str
    position: int

    @property
    def message_id(self) -> str:
        """The same in every attempt, so that a subscriber can tell a repetition."""
        return f"{self.subscription_id}.{self.position}"


@dataclass(frozen=True)
class DeliveryWorker:
    """Runs deliveries. One that is run twice is sent twice, under the same message id."""

    ledger: Ledger
    read_event: Callable[[int], Recorded]
    """The event at a position of the log."""
    pool: ConnectionPool[Connection[Any]]
    keys: SigningKeys
    webhooks: WebhookSender
    mails: MailSender | None

    def run(self, **arguments: object) -> None:
        """Tell the subscriber, unless the subscription has ended or rests. Raises DeliveryFailed to be tried again."""
        job = msgspec.convert(arguments, Job)
        subscription = self.ledger.load(SUBSCRIPTIONS, job.subscription_id).state
        if subscription is None or subscription.is_deleted or not subscription.is_active:
            return
        try:
            self._tell(subscription, self.read_event(job.position), job.message_id)
        except DeliveryFailed as error:
            self._note(job, state="RETRYING", message=str(error))
            raise
        self._note(job, state="DELIVERED", message=None)

    def give_up(self, error: Exception, **arguments: object) -> None:
        """Show that this event never arrived; the next one is tried all the same."""
        del error
        job = msgspec.convert(arguments, Job)
        with self.pool.connection() as connection:
            connection.execute(GIVE_UP, {"subscription_id": job.subscription_id, "position": job.position})

    def _tell(self, subscription: Subscription, recorded: Recorded, message_id: str) -> None:
        match subscription.channel:
            case Channel.WEBHOOK:
                self._post(subscription, recorded, message_id)
            case Channel.MAIL:
                if self.mails is None:
                    raise DeliveryFailed("This server sends no mail any more: set INTERNEG_SMTP_URL.")
                to = subscription.target
                self.mails.send(mail(recorded, message_id, sender=self.mails.sender, recipient=to))

    def _post(self, subscription: Subscription, recorded: Recorded, message_id: str) -> None:
        body = document(recorded, subscription.subscription_id)
        secret = self.keys.secret(subscription.subscription_id, subscription.secret_generation)
        headers = signed_headers(secret, message_id, timestamp=int(time.time()), body=body)
        self.webhooks.post(
            subscription.target,
            body,
            {"content-type": "application/json", "user-agent": "interneg-webhook", **headers},
        )

    def _note(self, job: Job, *, state: str, message: str | None) -> None:
        values = {
            "subscription_id": job.subscription_id,
            "position": job.position,
            "state": state,
            "message": message,
        }
        with self.pool.connection() as connection:
            connection.execute(NOTE, values)
