"""The transport's toy schema behind a GraphiQL with tabs that suit it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from starlette.applications import Starlette

from gateway.graphiql.page import graphiql_routes
from gateway.graphql.app import graphql_routes
from gateway.graphql.limits import GraphQLLimits
from tests.gateway.transport.toy import toy_context, toy_schema

TABS = [
    {"query": "query Reel {\n  planned {\n    label: name\n    size\n  }\n}\n"},
    {"query": "subscription Count {\n  count(to: 3)\n}\n"},
]


def toy_app() -> Starlette:
    graphql = graphql_routes(toy_schema(), context_getter=toy_context, limits=GraphQLLimits(), graphiql=False)
    with tempfile.TemporaryDirectory() as folder:
        tabs = Path(folder, "tabs.json")
        tabs.write_text(json.dumps(TABS))
        return Starlette(routes=[*graphql, *graphiql_routes(tabs=tabs)])
