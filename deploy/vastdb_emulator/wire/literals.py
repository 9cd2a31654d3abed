"""Literals of a filter: read from the wire, and turned into values of the column they are compared with."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.types as pt
from vastdb.vast_flatbuf.org.apache.arrow.computeir.flatbuf.LiteralImpl import LiteralImpl

from deploy.vastdb_emulator.errors import BadRequest

PACKAGE = "vastdb.vast_flatbuf.org.apache.arrow.computeir.flatbuf"
NAMES = {number: name for name, number in vars(LiteralImpl).items() if isinstance(number, int) and number}
EXACT = Context(prec=80)


@dataclass(frozen=True)
class RawLiteral:
    """A literal in the integers, floats and bytes that the wire has; a list has a tuple of literals."""

    value: bool | int | float | bytes | tuple[RawLiteral, ...]


def raw_literal(table: Any) -> RawLiteral:
    """Read a literal; its type is left out, as the column's own is the one that counts."""
    name = NAMES.get(table.ImplType(), "")
    if name not in READERS:
        raise BadRequest(f"The filter has a literal of kind {name or table.ImplType()}, which is not compared.")
    content = table.Impl()
    literal = getattr(importlib.import_module(f"{PACKAGE}.{name}"), name)()
    literal.Init(content.Bytes, content.Pos)
    return RawLiteral(READERS[name](literal))


def as_scalar(literal: RawLiteral, kind: Any) -> Any:
    """The literal as an Arrow scalar of a column's type; strings as binary, float16 as float32."""
    value = literal.value
    if pt.is_decimal(kind):
        assert isinstance(value, int)
        return pa.scalar(Decimal(value).scaleb(-kind.scale, EXACT), kind)
    if pt.is_float16(kind):
        return pa.scalar(float(np.array([value], dtype=np.uint16).view(np.float16)[0]), pa.float32())
    if pt.is_temporal(kind):
        width = pa.int32() if kind.bit_width == 32 else pa.int64()
        return pa.scalar(value, width).cast(kind)
    return pa.scalar(value, comparable(kind))


def comparable(kind: Any) -> Any:
    """The type in which values of a column are compared."""
    if pt.is_string(kind):
        # Upper bounds of prefixes are not UTF-8.
        return pa.binary()
    return pa.float32() if pt.is_float16(kind) else kind


def _plain(literal: Any) -> bool | int | float:
    value: bool | int | float = literal.Value()
    return value


def _bytes(literal: Any) -> bytes:
    return b"" if literal.ValueIsNone() else literal.ValueAsNumpy().tobytes()


def _string(literal: Any) -> bytes:
    return bytes(literal.Value() or b"")


def _decimal(literal: Any) -> int:
    return int.from_bytes(_bytes(literal), "little", signed=True)


def _list(literal: Any) -> tuple[RawLiteral, ...]:
    return tuple(raw_literal(literal.Values(index)) for index in range(literal.ValuesLength()))


READERS: dict[str, Callable[[Any], bool | int | float | bytes | tuple[RawLiteral, ...]]] = {
    **{
        f"{name}Literal": _plain
        for name in (
            *(f"{sign}Int{width}" for sign in ("", "U") for width in (8, 16, 32, 64)),
            *("Boolean", "Date", "Time", "Timestamp", "Float16", "Float32", "Float64"),
        )
    },
    "StringLiteral": _string,
    "BinaryLiteral": _bytes,
    "DecimalLiteral": _decimal,
    "ListLiteral": _list,
}
