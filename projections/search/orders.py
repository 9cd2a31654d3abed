"""In which order hits come: fields in turn, each rising or falling, then the document id."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from projections.search.errors import OrderRepeated

LARGEST = 2**63 - 1
"""Of log positions and sizes."""


class SearchOrderField(StrEnum):
    """What hits can be sorted by."""

    SCORE = "SCORE"
    NAME = "NAME"
    """By words, without case, accents and signs; numbers by their value."""
    UPDATED_AT = "UPDATED_AT"
    """By the last event of the asset or file itself."""
    SIZE = "SIZE"
    """Assets, which have none, come last either way."""


@dataclass(frozen=True, kw_only=True)
class SearchOrder:
    """One field of an order."""

    field: SearchOrderField
    is_descending: bool = False


BEST_FIRST = (SearchOrder(field=SearchOrderField.SCORE, is_descending=True),)
NEWEST_FIRST = (SearchOrder(field=SearchOrderField.UPDATED_AT, is_descending=True),)


def effective(given: tuple[SearchOrder, ...], *, is_blank: bool) -> tuple[SearchOrder, ...]:
    """What decides of the order: no scores where there are none, and nothing behind a field that no two hits share.

    Raises OrderRepeated.
    """
    fields = [order.field for order in given]
    if len(set(fields)) < len(fields):
        raise OrderRepeated
    meant = tuple(order for order in given if not (is_blank and order.field is SearchOrderField.SCORE))
    meant = meant or (NEWEST_FIRST if is_blank else BEST_FIRST)
    last = next((i for i, order in enumerate(meant) if order.field is SearchOrderField.UPDATED_AT), len(meant))
    return meant[: last + 1]


def ends_with_document(order: tuple[SearchOrder, ...]) -> bool:
    """Whether hits may be equal in all its fields, so that their ids decide."""
    return order[-1].field is not SearchOrderField.UPDATED_AT


def falls(order: tuple[SearchOrder, ...]) -> bool:
    """Whether ids fall too: an index then gives the order backwards. Equally good hits always come by rising id."""
    return order[-1].is_descending and order[-1].field is not SearchOrderField.SCORE


def is_value(value: float | str, field: SearchOrderField) -> bool:
    """Whether a hit may have this value in the field."""
    match field:
        case SearchOrderField.SCORE:
            return not isinstance(value, str) and math.isfinite(value)
        case SearchOrderField.NAME:
            return isinstance(value, str) and "\x00" not in value
        case SearchOrderField.UPDATED_AT | SearchOrderField.SIZE:
            return isinstance(value, int) and -LARGEST <= value + 1 <= LARGEST + 1
