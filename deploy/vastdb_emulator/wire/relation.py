"""The query of a request: Arrow's compute IR as the SDK writes it, read into plain values.

The format is `experimental/computeir` of Arrow 7; a field is named by its number in a walk of the request's schema,
depth first, parents counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from vastdb.vast_flatbuf.org.apache.arrow.computeir.flatbuf.Call import Call as CallTable
from vastdb.vast_flatbuf.org.apache.arrow.computeir.flatbuf.Expression import Expression as ExpressionTable
from vastdb.vast_flatbuf.org.apache.arrow.computeir.flatbuf.ExpressionImpl import ExpressionImpl
from vastdb.vast_flatbuf.org.apache.arrow.computeir.flatbuf.FieldIndex import FieldIndex
from vastdb.vast_flatbuf.org.apache.arrow.computeir.flatbuf.FieldRef import FieldRef
from vastdb.vast_flatbuf.org.apache.arrow.computeir.flatbuf.Literal import Literal as LiteralTable
from vastdb.vast_flatbuf.org.apache.arrow.computeir.flatbuf.Relation import Relation as RelationTable
from vastdb.vast_flatbuf.org.apache.arrow.computeir.flatbuf.Source import Source

from deploy.vastdb_emulator.errors import BadRequest
from deploy.vastdb_emulator.wire.literals import RawLiteral, raw_literal


@dataclass(frozen=True)
class FieldAt:
    """A field of the request's schema by its number."""

    position: int


@dataclass(frozen=True)
class Call:
    """A function of expressions."""

    name: str
    arguments: tuple[Expression, ...]


Expression = FieldAt | RawLiteral | Call


@dataclass(frozen=True)
class Relation:
    """What a query asks for: names of the columns it mentions, numbers of the leaves to return, and a filter."""

    names: tuple[str, ...]
    projected: tuple[int, ...]
    filter: Expression


@lru_cache(maxsize=16)
def decode(body: bytes) -> Relation:
    """Read a request's body; pages and splits of one query repeat it, so the last ones are remembered."""
    relation = RelationTable.GetRootAs(body)
    source: Any = _read(Source, relation.Impl())
    schema = source.Schema()
    names = [schema.Fields(index).Name().decode() for index in range(schema.FieldsLength())]
    return Relation(
        # A column that is both queried and filtered may be there twice; the numbers count it once.
        names=tuple(dict.fromkeys(names)),
        projected=tuple(source.Projection(index).Position() for index in range(source.ProjectionLength())),
        filter=_expression(source.Filter()),
    )


def _expression(table: ExpressionTable) -> Expression:
    kind, content = table.ImplType(), table.Impl()
    if kind == ExpressionImpl.Literal:
        return raw_literal(_read(LiteralTable, content))
    if kind == ExpressionImpl.FieldRef:
        index: Any = _read(FieldIndex, _read(FieldRef, content).Ref())
        return FieldAt(index.Position())
    if kind == ExpressionImpl.Call:
        call: Any = _read(CallTable, content)
        arguments = tuple(_expression(call.Arguments(index)) for index in range(call.ArgumentsLength()))
        return Call(call.Name().decode(), arguments)
    raise BadRequest(f"The filter has an expression of kind {kind}, which is none of literal, field and call.")


def _read(kind: Callable[[], Any], content: Any) -> Any:
    table = kind()
    table.Init(content.Bytes, content.Pos)
    return table
