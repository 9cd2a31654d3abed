"""Where the fields of events live: an index of the log in the tables, the payload in the log itself."""

from __future__ import annotations

from collections.abc import Iterator

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


def event_conditions(narrowing: Narrowing) -> Iterator[str]:
    """SQL of the argument `filter`."""
    given = narrowing.arguments.get("filter") or {}
    if given.get("eventTypes") is not None:
        yield f"{narrowing.row}.event_type = ANY({narrowing.bind(given['eventTypes'], 'text[]')})"
    for name, column in _COLUMNS.items():
        if given.get(name) is not None:
            yield f"{narrowing.row}.{column} = {narrowing.bind(given[name])}"
