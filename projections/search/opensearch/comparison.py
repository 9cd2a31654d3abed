"""Compares what the live indexes hold with a print struck afresh, document by document in order of their ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from projections.printing import Difference
from projections.search.opensearch.documents import Printed, encoded
from projections.search.opensearch.indices import Indices, translated

PAGE = 500
KEEP_ALIVE = "2m"


class _Side(NamedTuple):
    document_id: bytes
    is_live: bool
    version: int
    source: Any


def differing(printed: Iterable[Printed], indices: Indices, *, generation: int, position: int) -> Iterator[Difference]:
    """Documents that are in one of the two only, or not the same in both.

    The print stands at `position`; a document that the indexes hold in a later version has moved on since, and is
    passed over.
    """
    fresh = (_Side(row.document_id.encode(), False, position, msgspec.json.decode(encoded(row))) for row in printed)
    sides = merge(fresh, _indexed(indices, generation), key=lambda side: side.document_id)
    for document_id, group in groupby(sides, key=lambda side: side.document_id):
        found = {side.is_live: side for side in group}
        live, rebuilt = found.get(True), found.get(False)
        has_moved_on = live is not None and live.version > position
        if not has_moved_on and _source(live) != _source(rebuilt):
            key = {"document_id": document_id.decode()}
            yield Difference("opensearch", key, _source(live), _source(rebuilt))


def _source(side: _Side | None) -> Any:
    return None if side is None else side.source


def _indexed(indices: Indices, generation: int) -> Iterator[_Side]:
    """Every document of the live indexes, from one point in time, in byte order of the ids."""
    with translated("open a point in time"):
        opened = indices.client.create_pit(index=indices.names(generation), params={"keep_alive": KEEP_ALIVE})
    pit = {"id": opened["pit_id"], "keep_alive": KEEP_ALIVE}
    body: dict[str, Any] = {"size": PAGE, "sort": [{"interneg.document_id": "asc"}], "version": True, "pit": pit}
    try:
        while hits := _page(indices, body):
            yield from (_Side(hit["sort"][0].encode(), True, hit["_version"], hit["_source"]) for hit in hits)
            body["search_after"] = hits[-1]["sort"]
    finally:
        indices.client.delete_pit(body={"pit_id": [pit["id"]]})


def _page(indices: Indices, body: dict[str, Any]) -> list[dict[str, Any]]:
    with translated("list its documents"):
        found: list[dict[str, Any]] = indices.client.search(body=body)["hits"]["hits"]
    return found
