"""Explains the statement that a document becomes, and counts the rows that it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg
import pytest

from gateway.reads.run import Reader
from tests.system.client import Client


class Explained(NamedTuple):
    """What a statement did."""

    visited: int
    """Rows that its scans met, kept or not."""
    scans: set[str]
    """Kind and table of each scan that ran, or its index."""


def explained(client: Client, connection: psycopg.Connection[Any], document: str, **values: Any) -> Explained:
    """Ask, and explain the one statement that answered."""
    run: list[tuple[Any, Any]] = []
    rows = Reader.rows

    async def watched(self: Reader, statement: Any, given: Any) -> Any:
        run.append((statement, given))
        return await rows(self, statement, given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Reader, "rows", watched)
        client.data(document, **values)
    ((statement, given),) = run
    ((plan,),) = connection.execute(b"EXPLAIN (ANALYZE, FORMAT JSON) " + statement, given).fetchall()
    nodes = [node for node in _nodes(plan[0]["Plan"]) if "Scan" in node["Node Type"] and node["Actual Loops"]]
    visited = sum(
        node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
        for node in nodes
        if "Relation Name" in node or "Index Name" in node
    )
    return Explained(round(visited), {node.get("Index Name") or _table(node) for node in nodes} - {""})


def _table(node: dict[str, Any]) -> str:
    return f"{node['Node Type']} {node['Relation Name']}" if "Relation Name" in node else ""


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)
