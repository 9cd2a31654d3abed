"""Where the fields of events live: an index of the log in the tables, the payload in the log itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from domain.catalogue import EVENTS, TOPICS
from domain.errors import Invalid
from gateway.events.changes import CHANGES_OF_EVENT
from gateway.events.changes import SOURCES as CHANGES
from gateway.events.changes import payload as payload_at
from gateway.reads.sources import Column, Field, Narrowing, One, OrderKey, Source, timestamp

EVENT_ORDER = (OrderKey("{t}.position", "bigint"),)

_KIND, _ID = "split_part({t}.actor, ':', 1)", "substr({t}.actor, strpos({t}.actor, ':') + 1)"
_USER = f"(SELECT u.email FROM user_storage u WHERE {_KIND} = 'user' AND u.user_id = {_ID})"
_KEY = f"(SELECT k.api_key_name FROM api_key_storage k WHERE {_KIND} = 'api-key' AND k.api_key_id = {_ID})"
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
    "actorName": Column(f"coalesce({_USER}, {_KEY})"),
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
    """SQL of the argument `filter`, but for the database and the asset, which `event_rows` goes by."""
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


def event_rows(narrowing: Narrowing) -> str:
    """FROM item of the events about the database and asset of the argument `filter`."""
    given = narrowing.arguments.get("filter") or {}
    wanted = {
        column: narrowing.bind(given[name])
        for name, column in (("databaseId", "database_id"), ("assetId", "asset_id"))
        if given.get(name) is not None
    }
    return _about(wanted, narrowing.as_of)


def asset_event_rows(narrowing: Narrowing) -> str:
    """FROM item of the events about the parent row's asset."""
    parent = narrowing.parent
    return _about({name: f"{parent}.{name}" for name in ("database_id", "asset_id")}, narrowing.as_of)


def _about(wanted: Mapping[str, str], as_of: str | None) -> str:
    """Rows of the index whose own or whose other asset is the wanted one, each once."""

    def same(row: str) -> str:
        return " AND ".join(f"{row}.{column} = {value}" for column, value in wanted.items()) or "true"

    then = f" AND l.position <= {as_of}" if as_of else ""
    own = f"SELECT l.* FROM log_index l WHERE {same('l')}{then}"
    if not wanted:
        return f"({own})" if as_of else "log_index"
    others = (
        "SELECT l.* FROM log_index_others o JOIN log_index l ON l.position = o.position"
        f" WHERE {same('o')} AND ({same('l')}) IS NOT TRUE{then}"
    )
    return f"({own} UNION ALL {others})"


def _source(rows: Callable[[Narrowing], str]) -> Source:
    return Source("Event", "log_index", EVENT_FIELDS, rows=rows)


SOURCES = {"Event": _source(event_rows), "AssetEvent": _source(asset_event_rows), **CHANGES}
