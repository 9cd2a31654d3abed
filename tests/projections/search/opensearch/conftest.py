"""A print mirrored into a real OpenSearch, under names of its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from gateway.embedded_postgres import EmbeddedPostgres
from projections.search.opensearch.indices import Indices, OpenSearchConfig
from tests.doubles.opensearch import MAJORS, Node, running_node
from tests.projections.search import postgres
from tests.projections.search.opensearch.mirror import Mirror


@pytest.fixture(scope="package", params=MAJORS)
def node(request: pytest.FixtureRequest) -> Iterator[Node]:
    with running_node(request.param) as running:
        yield running


@pytest.fixture
def mirror(node: Node, postgres_server: EmbeddedPostgres) -> Iterator[Mirror]:
    indices = Indices(OpenSearchConfig(node.url, prefix=f"t{uuid.uuid4().hex[:8]}", request_seconds=60))
    with postgres.database(postgres_server.uri) as uri, psycopg.connect(uri) as connection:
        yield Mirror(indices, connection)
    indices.close()
