"""Cursors: the sort key of a hit, opaque to callers and tied to the question it came from."""

from __future__ import annotations

import base64
import binascii
import math
from hashlib import blake2b
from typing import TypeAlias

import msgspec

from projections.search.errors import CursorInvalid
from projections.search.queries import SearchQuery

Score: TypeAlias = tuple[float, str]
"""Score and document id: the order of answers to a text."""
Key: TypeAlias = Score | int
"""An int is a log position: the order of answers to a question without text."""

LARGEST_POSITION = 2**63 - 1


class _Cursor(msgspec.Struct, array_like=True, frozen=True):
    digest: str
    key: Score | int


def cursor(query: SearchQuery, key: Key) -> str:
    """The cursor of the hit with this sort key."""
    return base64.urlsafe_b64encode(msgspec.json.encode(_Cursor(_digest(query, key), key))).decode().rstrip("=")


def key_of(query: SearchQuery) -> Key | None:
    """The sort key that `query.after` stands for; None without one. Raises CursorInvalid."""
    if query.after is None:
        return None
    try:
        padded = query.after + "=" * (-len(query.after) % 4)
        found = msgspec.json.decode(base64.b64decode(padded, altchars=b"-_", validate=True), type=_Cursor)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise CursorInvalid from None
    if found.digest != _digest(query, found.key) or not _is_sound(query, found.key):
        raise CursorInvalid
    return found.key


def _digest(query: SearchQuery, key: Key) -> str:
    """Ties the cursor to text and filter. It keeps honest callers from mixing cursors up and guards no secret."""
    return blake2b(repr((query.text, query.filter, key)).encode(), digest_size=6).hexdigest()


def _is_sound(query: SearchQuery, key: Key) -> bool:
    """Whether the key has the form of this question's order, whoever computed its digest."""
    if isinstance(key, int):
        return query.is_blank and 0 <= key <= LARGEST_POSITION
    return not query.is_blank and math.isfinite(key[0]) and "\x00" not in key[1]
