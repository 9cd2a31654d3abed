"""Keyset paging: sizes, cursors, the condition beyond a cursor, and what PageInfo says."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from domain.errors import Invalid, LimitExceeded
from gateway.reads.sources import Bind, OrderKey, Pages

DEFAULT_SIZE = 50
MAX_SIZE = 1000


@dataclass(frozen=True)
class Page:
    """One page of a connection: how many rows, in which order, beyond which cursor."""

    size: int
    order: tuple[OrderKey, ...]
    cursor_values: tuple[str, ...] | None
    backward: bool
    """True for `last` and `before`: rows are read from the end and turned round."""
    plain_cursor: bool = False

    def order_by(self, keys: Sequence[str]) -> str:
        """ORDER BY terms in the direction of reading."""
        return ", ".join(
            f"{sql} {'DESC' if key.descending != self.backward else 'ASC'}"
            for sql, key in zip(keys, self.order, strict=True)
        )

    def beyond(self, keys: Sequence[str], bind: Bind) -> str:
        """` AND …` for rows after (before, when backward) the cursor; empty without one."""
        if self.cursor_values is None:
            return ""
        values = [bind(value, key.cast) for value, key in zip(self.cursor_values, self.order, strict=True)]
        directions = {key.descending != self.backward for key in self.order}
        if len(directions) == 1:
            operator = "<" if directions.pop() else ">"
            return f" AND ({', '.join(keys)}) {operator} ({', '.join(values)})"
        return f" AND ({self._mixed(keys, values)})"

    def _mixed(self, keys: Sequence[str], values: Sequence[str]) -> str:
        terms = []
        for n, key in enumerate(self.order):
            equal = [f"{k} = {v}" for k, v in zip(keys[:n], values[:n], strict=True)]
            operator = "<" if key.descending != self.backward else ">"
            terms.append(" AND ".join([*equal, f"{keys[n]} {operator} {values[n]}"]))
        return " OR ".join(f"({term})" for term in terms)

    def cursor(self, row: str) -> str:
        """SQL of the row's cursor."""
        if self.plain_cursor:
            return f"{row}.k0"
        values = ", ".join(f"{row}.k{n}" for n in range(len(self.order)))
        return f"translate(encode(convert_to(json_build_array({values})::text, 'UTF8'), 'base64'), E'\\n', '')"

    def output_order(self, row: str) -> str:
        """Order of the edges in the answer: always the connection's own."""
        return f"{row}.rn {'DESC' if self.backward else 'ASC'}"

    def info(self, cte: str) -> dict[str, str]:
        """SQL of each PageInfo field."""
        more = f"(SELECT count(*) > {self.size} FROM {cte})"
        behind = "true" if self.cursor_values is not None else "false"
        first, last = ("DESC", "ASC") if self.backward else ("ASC", "DESC")
        end = f"FROM {cte} e WHERE e.rn <= {self.size} ORDER BY e.rn"
        return {
            "hasNextPage": behind if self.backward else more,
            "hasPreviousPage": more if self.backward else behind,
            "startCursor": f"(SELECT {self.cursor('e')} {end} {first} LIMIT 1)",
            "endCursor": f"(SELECT {self.cursor('e')} {end} {last} LIMIT 1)",
        }


def page_of(spec: Pages, arguments: Mapping[str, Any]) -> Page:
    """The page that first/after or last/before ask for. Raises Invalid and LimitExceeded."""
    wanted = spec.ordering(arguments) if spec.ordering else ()
    taken = {key.sql for key in wanted}
    order = (*wanted, *(key for key in spec.order if key.sql not in taken))
    backward = arguments.get("last") is not None or arguments.get("before") is not None
    if backward and (arguments.get("first") is not None or arguments.get("after") is not None):
        raise Invalid("Give first and after, or last and before, not both.", path=("first",))
    name, anchor = ("last", "before") if backward else ("first", "after")
    size = page_size(arguments.get(name), name=name)
    cursor = arguments.get(anchor)
    values = None if cursor is None else _values(cursor, spec, length=len(order), name=anchor)
    return Page(size, order, values, backward, spec.plain_cursor)


def _values(cursor: Any, spec: Pages, *, length: int, name: str) -> tuple[str, ...]:
    return (str(cursor),) if spec.plain_cursor else decode_cursor(cursor, length, name=name)


def page_size(wanted: int | None, *, name: str = "first") -> int:
    """The size of a page: 50 unless asked otherwise, 0 to 1 000."""
    size = DEFAULT_SIZE if wanted is None else wanted
    if size < 0:
        raise Invalid(f"{name} can't be negative: {size}.", path=(name,))
    if size > MAX_SIZE:
        raise LimitExceeded(
            f"{name} is at most {MAX_SIZE}, not {size}: read the next page with its cursor.", path=(name,)
        )
    return size


def decode_cursor(cursor: str, length: int, *, name: str = "after") -> tuple[str, ...]:
    """The values in a cursor. Raises Invalid for text that is no cursor of this order."""
    try:
        values = orjson.loads(base64.b64decode(cursor, validate=True))
    except (binascii.Error, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != length or not all(isinstance(v, str) for v in values):
        raise Invalid(f"{cursor[:80]!r} is no cursor of this list in this order.", path=(name,))
    return tuple(values)
