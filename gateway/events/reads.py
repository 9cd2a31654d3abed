"""Where the fields of events live: an index of the log in the tables, the payload in the log itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from domain.catalogue import EVENTS, TOPICS
from domain.errors import Invalid
from gateway.events.changes import CHANGES_OF_EVENT
from gateway.events.changes import SOURCES as CHANGES
from gateway.events.changes import payload as payload_at
from gateway.reads.sources import Column, Field, Narrowing, One, OrderKey, Source, timestamp

EVENT_OF_ASSET = "{t}.about_database_id = {p}.database_id AND {t}.about_asset_id = {p}.asset_id"
EVENT_ORDER = (OrderKey("{t}.position", "bigint"),)

_KIND, _ID = "split_part({t}.actor, ':', 1)", "substr({t}.actor, strpos({t}.actor, ':') + 1)"
_USER = f"(SELECT u.email FROM user_storage u WHERE {_KIND} = 'user' AND u.user_id = {_ID})"
_KEY_NAME = f"(SELECT k.api_key_name FROM api_key_storage k WHERE {_KIND} = 'api-key' AND k.api_key_id = {_ID})"
_OF_PARENT = {"kind": _KIND.replace("{t}", "{p}"), "id": _ID.replace("{t}", "{p}")}
_ACTING_KEY = "{kind} = 'api-key' AND {{t}}.api_key_id = {id}".format(**_OF_PARENT)
_ACTING_USER = (
    "{{t}}.user_id = CASE {kind} WHEN 'user' THEN {id}"
    " WHEN 'api-key' THEN (SELECT k.user_id FROM api_key_storage k WHERE k.api_key_id = {id}) END"
).format(**_OF_PARENT)
_TOPIC = "(SELECT split_part(l.topic, '/', 1) FROM ledger.events l WHERE l.notification_id = {t}.position)"


def _payload(path: str = "") -> str:
    return payload_at(path).replace("{p}", "{t}")


EVENT_FIELDS: dict[str, Field] = {
    "position": Column("{t}.position::text"),
    "eventType": Column("{t}.event_type"),
    "topic": Column(_TOPIC),
    "recordedAt": timestamp("{t}.recorded_at"),
    "actor": Column("{t}.actor"),
    "actorKind": Column(f"upper(replace({_KIND}, '-', '_'))"),
    "actorId": Column(_ID),
    "actorName": Column(f"coalesce({_USER}, {_KEY_NAME})"),
    "user": One("User", _ACTING_USER, present=True),
    "apiKey": One("ApiKey", _ACTING_KEY, present=True),
    "correlationId": Column("{t}.correlation_id"),
    "causationPosition": Column("{t}.causation_position::text"),
    "cause": One("Event", "{t}.position = {p}.causation_position"),
    "reason": Column(_payload("->> 'reason'")),
    "databaseId": Column("{t}.database_id"),
    "assetId": Column("{t}.asset_id"),
    "path": Column("{t}.path"),
    "payload": Column(_payload()),
    "changes": CHANGES_OF_EVENT,
}

EVENT_TYPES = frozenset(event.__name__ for event in EVENTS)


def check_filter(event_types: Iterable[str], topics: Iterable[str]) -> None:
    """Raise Invalid for a name that no event has: a typing mistake would wait for ever."""
    for name in event_types:
        if name not in EVENT_TYPES:
            raise Invalid(f"There is no event type {name!r}: they are named as AssetArchived.", path=("eventTypes",))
    for topic in topics:
        if topic not in TOPICS.classes:
            raise Invalid(f"There is no topic {topic!r}: they are named as asset-archived.", path=("topics",))


def types_of(topics: Iterable[str]) -> list[str]:
    """The event types of these topics."""
    return [TOPICS.classes[topic].__name__ for topic in topics]


def event_conditions(narrowing: Narrowing) -> Iterator[str]:
    """SQL of the argument `filter`."""
    given = narrowing.arguments.get("filter") or {}
    check_filter(given.get("eventTypes") or (), given.get("topics") or ())
    row, bind = narrowing.row, narrowing.bind
    for values, column in _listed(given):
        # A single value is compared by itself, as only then its index gives the rows in the order of the log.
        yield f"{row}.{column} = " + (bind(values[0]) if len(values) == 1 else f"ANY({bind(values, 'text[]')})")
    if given.get("path") is not None:
        yield f"{row}.path = {bind(given['path'])}"
    for name, operator in (("positionGte", ">="), ("positionLte", "<=")):
        if given.get(name) is not None:
            yield f"{row}.position {operator} {bind(given[name], 'bigint')}"
    yield from _about(narrowing)
    yield from _times(given, narrowing)


def _listed(given: Mapping[str, Any]) -> Iterator[tuple[list[str], str]]:
    topics = given.get("topics")
    for values, column in (
        (given.get("eventTypes"), "event_type"),
        (None if topics is None else types_of(topics), "event_type"),
        (given.get("actors"), "actor"),
        (given.get("correlationIds"), "correlation_id"),
    ):
        if values is not None:
            yield values, column


FIRST_AT = "(SELECT x.position FROM log_index x WHERE x.clock >= {moment} ORDER BY x.clock, x.position LIMIT 1)"
"""The first position by which the log's clock has reached a moment; null when it has not."""
LATE_BY = "(SELECT x.late_by FROM log_index x ORDER BY x.position DESC LIMIT 1)"
NEVER = "9223372036854775807"


def _times(given: Mapping[str, Any], narrowing: Narrowing) -> Iterator[str]:
    """Times, and the positions that can have them: nothing before the clock shows them, nothing much later."""
    row = narrowing.row
    if given.get("recordedAtGte") is not None:
        moment = narrowing.bind(given["recordedAtGte"], "timestamptz")
        yield f"{row}.recorded_at >= {moment} AND {row}.position >= {FIRST_AT.format(moment=moment)}"
    if given.get("recordedAtLt") is not None:
        moment = narrowing.bind(given["recordedAtLt"], "timestamptz")
        beyond = FIRST_AT.format(moment=f"{moment} + {LATE_BY}")
        yield f"{row}.recorded_at < {moment} AND {row}.position < coalesce({beyond}, {NEVER})"


COLUMNS = (
    "l.position, l.event_type, l.recorded_at, l.actor, l.correlation_id, l.causation_position, l.database_id,"
    " l.asset_id, l.path"
)
ABOUT = (
    f"(SELECT {COLUMNS}, l.database_id AS about_database_id, l.asset_id AS about_asset_id, false AS is_other"
    f" FROM log_index l UNION ALL SELECT {COLUMNS}, l.other_database_id, l.other_asset_id, true"
    " FROM log_index_others l)"
)
"""FROM item of events by an asset that they are about: once for each. It has no condition inside, so that Postgres
merges pages of both tables in the order of the log, by their indexes.
"""
_KEY = {"databaseId": "database_id", "assetId": "asset_id"}


def _about(narrowing: Narrowing) -> Iterator[str]:
    """The database and asset of the argument `filter`; an event about two of those that are wanted counts once."""
    given = narrowing.arguments.get("filter") or {}
    row = narrowing.row
    wanted = {column: narrowing.bind(given[name]) for name, column in _KEY.items() if given.get(name) is not None}
    yield from (f"{row}.about_{column} = {value}" for column, value in wanted.items())
    if len(wanted) == 1:
        own = " AND ".join(f"{row}.{column} = {value}" for column, value in wanted.items())
        yield f"(NOT {row}.is_other OR ({own}) IS NOT TRUE)"


def event_rows(narrowing: Narrowing) -> str:
    """FROM item of events: by the assets that they are about only where the argument `filter` asks for one."""
    given = narrowing.arguments.get("filter") or {}
    return _until("log_index" if all(given.get(name) is None for name in _KEY) else ABOUT, narrowing)


def _until(table: str, narrowing: Narrowing) -> str:
    return f"(SELECT * FROM {table} a WHERE a.position <= {narrowing.as_of})" if narrowing.as_of else table


SOURCES = {
    "Event": Source("Event", "log_index", EVENT_FIELDS, rows=event_rows),
    "AssetEvent": Source("Event", ABOUT, EVENT_FIELDS, rows=lambda narrowing: _until(ABOUT, narrowing)),
    **CHANGES,
}
