"""Compile the selection under a root field into one SQL expression that builds its JSON."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from graphql import FieldNode, GraphQLObjectType, GraphQLResolveInfo

from domain.errors import Invalid
from gateway.reads.pages import Page, page_of
from gateway.reads.selection import Selected, Selection
from gateway.reads.sources import Column, Either, Field, Many, Narrowing, One, Pages, Signed, Source
from processors.objects.limits import MAX_EXPIRES_SECONDS

DEFAULT_URL_SECONDS = 3600
PAIRS_PER_CALL = 45
"""json_build_object takes at most 100 arguments."""


@dataclass(frozen=True)
class Scope:
    """The row that expressions are about."""

    source: Source
    row: str
    parent: str
    as_of: str | None


@dataclass(frozen=True)
class _Rows:
    """The rows of a page in SQL."""

    source: str
    """FROM item and condition of the edges."""
    order: str
    """ORDER BY inside their aggregate; empty when they come in order."""
    cte: str
    """Name of the page with one row beyond it; empty when nobody asks what lies beyond."""
    total: str


@dataclass
class Plan:
    """One statement in the making: its values, and whether Python must sign URLs in its answer."""

    selection: Selection
    sources: Mapping[str, Source]
    values: dict[str, Any] = field(default_factory=dict)
    marker: str = field(default_factory=lambda: f"sign:{secrets.token_hex(16)}")
    """Key that marks what is to be signed; random, so that no stored text can be mistaken for it."""
    has_signed: bool = False
    rows: int = 0
    as_of: str | None = None
    """Expression of the position whose state is read; None reads the present."""
    prelude: str = ""
    """WITH clause before the statement."""

    def bind(self, value: Any, cast_to: str = "text") -> str:
        """Placeholder of a bound value."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"%({name})s::{cast_to}"

    def next_row(self) -> str:
        """A fresh alias."""
        self.rows += 1
        return f"r{self.rows}"

    def one(self, nodes: Sequence[FieldNode], spec: One, scope: Scope | None, arguments: Mapping[str, Any]) -> str:
        """JSON of a single row, null when there is none."""
        inner = self._enter(spec.source, scope, present=spec.present)
        where = self._where(spec, inner, arguments)
        table = self._table(inner, arguments)
        return f"(SELECT {self.object(nodes, inner)} FROM {table} {inner.row} WHERE {where} LIMIT 1)"

    def many(self, nodes: Sequence[FieldNode], spec: Many, scope: Scope | None, arguments: Mapping[str, Any]) -> str:
        """JSON array of rows."""
        inner = self._enter(spec.source, scope)
        where = self._where(spec, inner, arguments)
        order = _fill(spec.order, inner)
        body = self.object(nodes, inner)
        return (
            f"(SELECT coalesce(json_agg({body} ORDER BY {order}), '[]'::json)"
            f" FROM {self._table(inner, arguments)} {inner.row} WHERE {where})"
        )

    def pages(self, nodes: Sequence[FieldNode], spec: Pages, scope: Scope | None, arguments: Mapping[str, Any]) -> str:
        """JSON of a connection: one page by keyset, and the total only when it is selected."""
        page = page_of(spec, arguments)
        inner = self._enter(spec.source, scope)
        where = self._where(spec, inner, arguments)
        table = f"{self._table(inner, arguments)} {inner.row}"
        keys = [_fill(key.sql, inner) for key in page.order]
        cursors = "".join(f", ({key})::text AS k{n}" for n, key in enumerate(keys))
        ordered = f"WHERE {where}{page.beyond(keys, self.bind)} ORDER BY {page.order_by(keys)}"
        total = f"(SELECT count(*) FROM {table} WHERE {where})"
        outer = replace(inner, row=self.next_row())
        if not page.backward and not self._asks(nodes, outer, "pageInfo"):
            # Nothing looks beyond the page, so its rows are aggregated as they come, already in order.
            chosen = f"(SELECT {inner.row}.*{cursors} FROM {table} {ordered} LIMIT {page.size}) {outer.row}"
            return self._connection(nodes, outer, page, _Rows(chosen, "", "", total))
        numbered = f"SELECT {inner.row}.*{cursors} FROM {table} {ordered} LIMIT {page.size + 1}"
        cte = f"page_{inner.row}"
        rows = _Rows(
            f"{cte} {outer.row} WHERE {outer.row}.rn <= {page.size}",
            f" ORDER BY {page.output_order(outer.row)}",
            cte,
            total,
        )
        body = self._connection(nodes, outer, page, rows)
        return (
            f"(WITH {cte} AS MATERIALIZED (SELECT q.*, row_number() OVER () AS rn FROM ({numbered}) q) SELECT {body})"
        )

    def part(self, selected: Selected, spec: One) -> str:
        """JSON of one field of a single row, null when there is no such row."""
        inner = self._enter(spec.source, None)
        where = self._where(spec, inner, {})
        value = self._value(selected, self.object_type(inner.source.type_name), inner)
        return f"(SELECT to_json({value}) FROM {self._table(inner, {})} {inner.row} WHERE {where} LIMIT 1)"

    def object(self, nodes: Sequence[FieldNode], scope: Scope) -> str:
        """JSON object of the fields that the nodes select of the scope's row."""
        graphql_type = self.object_type(scope.source.type_name)
        pairs = [
            (selected.response_key, self._value(selected, graphql_type, scope))
            for selected in self.selection.fields(nodes, graphql_type)
        ]
        return json_object(self, pairs)

    def object_type(self, name: str) -> GraphQLObjectType:
        """The schema's object type of this name."""
        return cast("GraphQLObjectType", self.selection.schema.type_map[name])

    def _value(self, selected: Selected, parent: GraphQLObjectType, scope: Scope) -> str:
        if selected.name == "__typename":
            return f"'{parent.name}'::text"
        arguments = self.selection.arguments(selected, parent)
        spec: Field = scope.source.fields[selected.name]
        match spec:
            case Column():
                return _fill((spec.as_of if scope.as_of and spec.as_of else spec.sql), scope)
            case Signed():
                return self._signed(spec, scope, arguments)
            case One():
                return self.one(selected.nodes, spec, scope, arguments)
            case Many():
                return self.many(selected.nodes, spec, scope, arguments)
            case Pages():
                return self.pages(selected.nodes, spec, scope, arguments)
            case Either():
                return self._either(selected, spec, scope)

    def _either(self, selected: Selected, spec: Either, scope: Scope) -> str:
        members = " ".join(
            f"WHEN '{tag}' THEN {self.one(selected.nodes, member, scope, {})}" for tag, member in spec.members.items()
        )
        return f"CASE {_fill(spec.tag, scope)} {members} END"

    def _signed(self, spec: Signed, scope: Scope, arguments: Mapping[str, Any]) -> str:
        self.has_signed = True
        seconds = self.bind(url_seconds(arguments.get("expiresInSeconds")), "integer")
        target = f"({_fill(spec.sql, scope)})"
        request = f"json_build_object({self.bind(self.marker)}, {target}, 's', {seconds})"
        return f"CASE WHEN {target} IS NOT NULL THEN {request} END"

    def _enter(self, source: str, scope: Scope | None, *, present: bool = False) -> Scope:
        as_of = None if present else (scope.as_of if scope else self.as_of)
        return Scope(self.sources[source], self.next_row(), scope.row if scope else "", as_of)

    def _table(self, scope: Scope, arguments: Mapping[str, Any]) -> str:
        source = scope.source
        if source.rows:
            return source.rows(self._narrowing(scope, arguments))
        if scope.as_of and source.history:
            return (
                f"(SELECT * FROM {source.history} WHERE valid_from <= {scope.as_of}"
                f" AND (valid_to IS NULL OR valid_to > {scope.as_of}))"
            )
        if scope.as_of and source.past:
            return _fill(source.past, scope)
        if scope.as_of and source.until:
            return f"(SELECT * FROM {source.table} WHERE {source.until} <= {scope.as_of})"
        return _fill(source.table, scope)

    def _where(self, spec: One | Many | Pages, scope: Scope, arguments: Mapping[str, Any]) -> str:
        conditions = [_fill(spec.where, scope)]
        if spec.narrow:
            conditions += spec.narrow(self._narrowing(scope, arguments))
        return " AND ".join(conditions)

    def _narrowing(self, scope: Scope, arguments: Mapping[str, Any]) -> Narrowing:
        return Narrowing(self.bind, arguments, scope.row, scope.parent, scope.as_of)

    def _asks(self, nodes: Sequence[FieldNode], scope: Scope, name: str) -> bool:
        connection = self.object_type(f"{scope.source.type_name}Connection")
        return any(selected.name == name for selected in self.selection.fields(nodes, connection))

    def _connection(self, nodes: Sequence[FieldNode], scope: Scope, page: Page, rows: _Rows) -> str:
        name = f"{scope.source.type_name}Connection"
        pairs = []
        for selected in self.selection.fields(nodes, self.object_type(name)):
            if selected.name == "edges":
                value = self._edges(selected, scope, page, rows)
            elif selected.name == "pageInfo":
                value = self._page_info(selected, page, cte=rows.cte)
            else:
                value = rows.total if selected.name == "totalCount" else f"'{name}'::text"
            pairs.append((selected.response_key, value))
        return json_object(self, pairs)

    def _edges(self, selected: Selected, scope: Scope, page: Page, rows: _Rows) -> str:
        name = f"{scope.source.type_name}Edge"
        pairs = []
        for child in self.selection.fields(selected.nodes, self.object_type(name)):
            if child.name == "node":
                value = self.object(child.nodes, scope)
            else:
                value = page.cursor(scope.row) if child.name == "cursor" else f"'{name}'::text"
            pairs.append((child.response_key, value))
        edge = json_object(self, pairs)
        return f"(SELECT coalesce(json_agg({edge}{rows.order}), '[]'::json) FROM {rows.source})"

    def _page_info(self, selected: Selected, page: Page, *, cte: str) -> str:
        values = page.info(cte) | {"__typename": "'PageInfo'::text"}
        fields = self.selection.fields(selected.nodes, self.object_type("PageInfo"))
        return json_object(self, [(child.response_key, values[child.name]) for child in fields])


def url_seconds(wanted: int | None) -> int:
    """How long a signed URL is good: an hour unless asked otherwise. Raises Invalid beyond what a store signs."""
    seconds = DEFAULT_URL_SECONDS if wanted is None else wanted
    if not 1 <= seconds <= MAX_EXPIRES_SECONDS:
        raise Invalid(
            f"A URL can be good for 1 to {MAX_EXPIRES_SECONDS} seconds, not {seconds}.", path=("expiresInSeconds",)
        )
    return seconds


def json_object(plan: Plan, pairs: Sequence[tuple[str, str]]) -> str:
    """json_build_object, in pieces glued as text where there are more pairs than one call takes."""
    bound = [f"{plan.bind(key)}, {value}" for key, value in pairs]
    calls = [
        f"json_build_object({', '.join(bound[start : start + PAIRS_PER_CALL])})"
        for start in range(0, len(bound), PAIRS_PER_CALL)
    ]
    if len(calls) <= 1:
        return calls[0] if calls else "'{}'::json"
    bodies = [f"substr({call}::text, 2, length({call}::text) - 2)" for call in calls]
    return f"('{{' || {' || chr(44) || '.join(bodies)} || '}}')::json"


def plan_for(info: GraphQLResolveInfo[Any], sources: Mapping[str, Source]) -> Plan:
    """An empty plan for the operation that `info` belongs to."""
    return Plan(Selection(info), sources)


def _fill(template: str, scope: Scope) -> str:
    return template.replace("{t}", scope.row).replace("{p}", scope.parent).replace("{as_of}", scope.as_of or "NULL")
