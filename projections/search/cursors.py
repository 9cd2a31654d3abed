"""Cursors: the sort key of a hit, opaque to callers and tied to the question it came from."""

from __future__ import annotations

import base64
import binascii
from hashlib import blake2b
from typing import TypeAlias

import msgspec

from projections.search.errors import CursorInvalid
from projections.search.orders import ends_with_document, is_value
from projections.search.queries import SearchQuery

Key: TypeAlias = tuple[int | float | str, ...]
"""A hit's values in the fields of the order, then its document id where those may be equal."""


class _Cursor(msgspec.Struct, array_like=True, frozen=True):
    digest: str
    key: Key
    moment: str | None = None
    """What the backend knows the moment by at which the pages were begun; None when it keeps none."""


def cursor(query: SearchQuery, key: Key, *, moment: str | None = None) -> str:
    """The cursor of the hit with this sort key."""
    content = msgspec.json.encode(_Cursor(_digest(query, key, moment), key, moment))
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def key_of(query: SearchQuery) -> Key | None:
    """The sort key that `query.after` stands for; None without one. Raises CursorInvalid."""
    found = _read(query)
    return found.key if found else None


def moment_of(query: SearchQuery) -> str | None:
    """The moment that the pages were begun at, when the backend kept it. Raises CursorInvalid."""
    found = _read(query)
    return found.moment if found else None


def _read(query: SearchQuery) -> _Cursor | None:
    if query.after is None:
        return None
    try:
        padded = query.after + "=" * (-len(query.after) % 4)
        found = msgspec.json.decode(base64.b64decode(padded, altchars=b"-_", validate=True), type=_Cursor)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise CursorInvalid from None
    if found.digest != _digest(query, found.key, found.moment) or not _is_sound(query, found.key):
        raise CursorInvalid
    return found


def _digest(query: SearchQuery, key: Key, moment: str | None) -> str:
    """Ties the cursor to what was asked. It keeps honest callers from mixing cursors up and guards no secret."""
    asked = (query.text, query.filter, query.sorted_by, key, moment)
    return blake2b(repr(asked).encode(), digest_size=6).hexdigest()


def _is_sound(query: SearchQuery, key: Key) -> bool:
    """Whether the key has the form of this question's order, whoever computed its digest."""
    order = query.sorted_by
    values = key[: len(order)]
    if len(values) < len(order) or not all(is_value(v, o.field) for v, o in zip(values, order, strict=True)):
        return False
    if not ends_with_document(order):
        return len(key) == len(order)
    return len(key) == len(order) + 1 and isinstance(key[-1], str) and "\x00" not in key[-1]
