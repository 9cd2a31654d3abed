"""Events of the log before a batch, read back from the columnar log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from domain.event import Event, Recorded
from projections.columnar.filters import AllOf, Column
from projections.columnar.store import ColumnarStore

AssetKey = tuple[str, str]


class Happened(NamedTuple):
    """An event with what rows take from its cause."""

    position: int
    at: datetime
    actor: str | None
    event: Event


def happened(entry: Recorded) -> Happened:
    """The event of a batch."""
    return Happened(entry.position, entry.cause.at, entry.cause.actor, entry.event)


def of_assets(
    store: ColumnarStore, assets: Iterable[AssetKey], kinds: Iterable[type[Event]], *, before: int
) -> Iterator[Happened]:
    """The events of these kinds that belong to the assets, in order. Reads the log's columns, whatever its length."""
    classes: Mapping[str, type[Event]] = {kind.__name__: kind for kind in kinds}
    wanted = set(assets)
    if not wanted:
        return
    databases, ids = ({key[place] for key in wanted} for place in (0, 1))
    asked = AllOf(
        (
            Column("event_type").is_in(sorted(classes)),
            Column("database_id").is_in(sorted(databases)),
            Column("asset_id").is_in(sorted(ids)),
            Column("position").lt(before),
        )
    )
    columns = ("position", "recorded_at", "actor", "event_type", "payload", "database_id", "asset_id")
    for row in store.read("events", asked, columns, order_by=["position"]):
        if (row["database_id"], row["asset_id"]) in wanted:
            event = msgspec.json.decode(row["payload"], type=classes[row["event_type"]])
            yield Happened(row["position"], row["recorded_at"], row["actor"], event)
