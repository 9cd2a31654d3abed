"""Which subscriptions an event concerns, kept in Postgres as of the processor's own position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import tuple_row

from domain.event import Event
from domain.subscriptions.events import SubscriptionChanged, SubscriptionCreated, SubscriptionDeleted, SubscriptionEvent

SCHEMA_SQL = files(__package__).joinpath("schema.sql").read_text("utf-8")
MIGRATION_LOCK = 7_245_018_341

INSERT = "INSERT INTO notifications.routes VALUES (%s, %s, %s, %s, true)"
CHANGE = "UPDATE notifications.routes SET topics = %s, is_active = %s WHERE subscription_id = %s"
FORGET_ROUTE = "DELETE FROM notifications.routes WHERE subscription_id = %s"
FORGET_DELIVERY = "DELETE FROM notifications.deliveries WHERE subscription_id = %s"
FIND = (
    "SELECT subscription_id, database_id, asset_id, topics FROM notifications.routes"
    " WHERE is_active AND database_id = ANY(%s)"
)


class Route(NamedTuple):
    """A subscription that is told."""

    subscription_id: str
    database_id: str
    asset_id: str | None
    topics: list[str]

    def concerns(self, event: Event) -> bool:
        """Whether the event is about its entity and of its topics."""
        if self.topics and event.TOPIC not in self.topics:
            return False
        return self.asset_id is None or self.asset_id == getattr(event, "asset_id", None)


def migrate(connection: Connection[Any]) -> None:
    """Create the processor's tables unless they exist; safe from many processes at once."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        connection.execute(SCHEMA_SQL.encode())


class Routes:
    """The routes of some databases, inside the transaction that moves the processor's position."""

    def __init__(self, connection: Connection[Any], database_ids: Iterable[str]) -> None:
        self._cursor = connection.cursor(row_factory=tuple_row)
        self._database_ids = sorted(set(database_ids))
        self._read()

    def concerning(self, event: Event) -> Iterator[str]:
        """The subscriptions to be told of this event."""
        for route in self._by_database.get(getattr(event, "database_id", ""), ()):
            if route.concerns(event):
                yield route.subscription_id

    def apply(self, event: SubscriptionEvent) -> None:
        """What a subscriber chose, for the events after it."""
        match event:
            case SubscriptionCreated():
                entity = (event.entity_database_id, event.entity_asset_id)
                self._cursor.execute(INSERT, (event.subscription_id, *entity, list(event.topics)))
            case SubscriptionChanged():
                self._cursor.execute(CHANGE, (list(event.topics), event.is_active, event.subscription_id))
            case SubscriptionDeleted():
                self._cursor.execute(FORGET_ROUTE, (event.subscription_id,))
                self._cursor.execute(FORGET_DELIVERY, (event.subscription_id,))
        self._read()

    def _read(self) -> None:
        self._by_database: dict[str, list[Route]] = {}
        if not self._database_ids:
            return
        for values in self._cursor.execute(FIND, (self._database_ids,)):
            route = Route._make(values)
            self._by_database.setdefault(route.database_id, []).append(route)
