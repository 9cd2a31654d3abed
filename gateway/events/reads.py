"""Where the fields of events live: an index of the log in the tables, the payload in the log itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.catalogue import EVENTS
from domain.errors import Invalid
from gateway.reads.sources import Column, Narrowing, OrderKey, Source, timestamp

EVENT_ORDER = (OrderKey("{t}.position", "bigint"),)

PAYLOAD = (
    "(SELECT convert_from(l.state, 'UTF8')::json -> 'event' FROM ledger.events l"
    " WHERE l.notification_id = {t}.position)"
)

SOURCES = {
    "Event": Source(
        "Event",
        "log_index",
        {
            "position": Column("{t}.position::text"),
            "eventType": Column("{t}.event_type"),
            "recordedAt": timestamp("{t}.recorded_at"),
            "actor": Column("{t}.actor"),
            "correlationId": Column("{t}.correlation_id"),
            "causationPosition": Column("{t}.causation_position::text"),
            "databaseId": Column("{t}.database_id"),
            "assetId": Column("{t}.asset_id"),
            "path": Column("{t}.path"),
            "payload": Column(PAYLOAD),
        },
        until="position",
    )
}

_COLUMNS = {"databaseId": "database_id", "assetId": "asset_id", "path": "path"}


EVENT_TYPES = frozenset(event.__name__ for event in EVENTS)


def check_event_types(names: Iterable[str]) -> None:
    """Raise Invalid for a name that no event has: a typing mistake would wait for ever."""
    for name in names:
        if name not in EVENT_TYPES:
            raise Invalid(f"There is no event type {name!r}: they are named as AssetArchived.", path=("eventTypes",))


def event_conditions(narrowing: Narrowing) -> Iterator[str]:
    """SQL of the argument `filter`."""
    given = narrowing.arguments.get("filter") or {}
    if given.get("eventTypes") is not None:
        check_event_types(given["eventTypes"])
        yield f"{narrowing.row}.event_type = ANY({narrowing.bind(given['eventTypes'], 'text[]')})"
    if given.get("correlationIds") is not None:
        yield f"{narrowing.row}.correlation_id = ANY({narrowing.bind(given['correlationIds'], 'text[]')})"
    for name, column in _COLUMNS.items():
        if given.get(name) is not None:
            yield f"{narrowing.row}.{column} = {narrowing.bind(given[name])}"
