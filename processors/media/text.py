"""Makes text and values from file headers safe for JSON, Arrow and Postgres."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import msgspec

from domain.json import JsonValue

UINT32_SPAN = 1 << 32


def repaired_text(text: str) -> str:
    """The text as it was meant: bytes that are not UTF-8 are read as Latin-1, and NUL becomes U+FFFD.

    The readers hand such bytes over as lone surrogates, which no encoder accepts; Postgres accepts no NUL.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode(errors="surrogateescape").decode("latin-1")
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def json_number(number: float) -> JsonValue:
    """The number itself, or the words NaN, Infinity and -Infinity, which JSON has no numbers for."""
    if math.isfinite(number):
        return number
    if math.isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"


def json_value(value: object, type_name: str) -> JsonValue:
    """A header value as JSON: text repaired, sequences as lists, unsigned numbers with their sign undone.

    OpenImageIO hands 32-bit unsigned values above 2^31 to Python as negative ones.
    """
    match value:
        case str():
            return repaired_text(value)
        case bool() | None:
            return value
        case int():
            return value + UINT32_SPAN if value < 0 and type_name.startswith("UINT") else value
        case float():
            return json_number(value)
        case bytes():
            return list(value)
        case Sequence():
            return [json_value(item, type_name) for item in value]
    tolist = getattr(value, "tolist", None)
    return json_value(tolist(), type_name) if tolist else repaired_text(str(value))


def bounded_value(value: JsonValue, limit_bytes: int) -> JsonValue:
    """The value, or its size and SHA-256 when its text or JSON is longer than the limit, in bytes."""
    encoded = value.encode() if isinstance(value, str) else msgspec.json.encode(value)
    if len(encoded) <= limit_bytes:
        return value
    return {"truncated": True, "sizeBytes": len(encoded), "sha256": hashlib.sha256(encoded).hexdigest()}
