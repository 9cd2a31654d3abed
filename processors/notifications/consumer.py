"""The notifications processor: enqueues one job for each event and subscription that it concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from domain.event import Recorded
from domain.subscriptions.events import SubscriptionEvent
from processors.jobs.queue import JobQueue
from processors.notifications.routes import Routes

NAME = "notifications"


class NotificationProcessor:
    """Follows the whole log; a subscription is told of what comes after it in the log."""

    name = NAME

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue

    def prepare(self, batch: Sequence[Recorded]) -> None:
        """Nothing is done outside the transaction."""

    def commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> None:
        """Enqueue the jobs, once, as they commit with the position. Those of one subscription run in order."""
        subjects = (getattr(recorded.event, "database_id", None) for recorded in batch)
        routes = Routes(connection, (subject for subject in subjects if subject))
        positions: dict[str, list[int]] = defaultdict(list)
        for recorded in batch:
            if isinstance(recorded.event, SubscriptionEvent):
                routes.apply(recorded.event)
                continue
            for subscription_id in routes.concerning(recorded.event):
                positions[subscription_id].append(recorded.position)
        for subscription_id, due in positions.items():
            jobs = [{"subscription_id": subscription_id, "position": position} for position in due]
            self._queue.enqueue(connection, NAME, jobs, lock=f"{NAME}:{subscription_id}")
