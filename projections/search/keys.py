"""The order of hits as Postgres sorts, on the row `d` of what matched."""

from __future__ import annotations

from typing import NamedTuple

from projections.search.conditions import Parameters
from projections.search.cursors import Key
from projections.search.orders import LARGEST, SearchOrder, SearchOrderField, ends_with_document, falls


class SortKey(NamedTuple):
    """One expression that hits are sorted by."""

    expression: str
    kind: str
    is_descending: bool
    column: str | None = None
    """The column of documents that it needs beside the id."""

    def ordered(self, expression: str) -> str:
        """The expression in its direction."""
        return f"{expression}{' DESC' if self.is_descending else ''}"


def sort_keys(order: tuple[SearchOrder, ...]) -> tuple[SortKey, ...]:
    """Together they tell any two hits apart."""
    keys = tuple(map(_sort_key, order))
    return (*keys, SortKey("d.document_id", "text", falls(order))) if ends_with_document(order) else keys


def behind(keys: tuple[SortKey, ...], values: Key | None, parameters: Parameters) -> str:
    """The condition that a hit comes after the one with these values."""
    if values is None:
        return "true"
    bound = [f"{parameters.add(value)}::{key.kind}" for key, value in zip(keys, values, strict=True)]
    condition = ""
    for key, value in reversed(list(zip(keys, bound, strict=True))):
        later = f"{key.expression} {'<' if key.is_descending else '>'} {value}"
        # The bare comparison is what an index begins at.
        condition = (
            later
            if not condition
            else (
                f"{key.expression} {'<=' if key.is_descending else '>='} {value}"
                f" AND ({later} OR {key.expression} = {value} AND {condition})"
            )
        )
    return f"({condition})"


def _sort_key(order: SearchOrder) -> SortKey:
    falling = order.is_descending
    match order.field:
        case SearchOrderField.SCORE:
            return SortKey("d.score", "float8", falling)
        case SearchOrderField.NAME:
            return SortKey("d.title", "text", falling, "title")
        case SearchOrderField.UPDATED_AT:
            return SortKey("d.position", "bigint", falling, "position")
        case SearchOrderField.SIZE:
            nothing = -1 if falling else LARGEST
            return SortKey(f"coalesce(d.size_bytes, {nothing})", "bigint", falling, "size_bytes")
