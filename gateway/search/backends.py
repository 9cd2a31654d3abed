"""How the gateway asks either search index: Postgres on its read pool, OpenSearch on threads kept for it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import orjson

from gateway.graphql.errors import ClientError
from gateway.reads.run import Reader
from projections.search.opensearch.errors import OpenSearchUnavailable
from projections.search.opensearch.index import OpenSearchIndex
from projections.search.opensearch.indices import Indices
from projections.search.postgres import compile_search, read_page
from projections.search.queries import SearchPage, SearchQuery

LIVE = "SELECT generation FROM consumers.positions WHERE name = 'search' AND role = 'live'"


async def postgres_answers(reader: Reader, query: SearchQuery) -> SearchPage:
    """One statement."""
    row = await reader.row(*compile_search(query))
    assert row is not None
    return read_page(query, [orjson.loads(value) if isinstance(value, bytes) else value for value in row])


class OpenSearchAnswers:
    """Asks the indexes of the live generation, which Postgres tells with every question."""

    def __init__(self, indices: Indices, reader: Reader, threads: ThreadPoolExecutor) -> None:
        self._indices = indices
        self._reader = reader
        self._threads = threads

    async def __call__(self, query: SearchQuery) -> SearchPage:
        """Raises ClientError UNAVAILABLE while OpenSearch is away."""
        loop = asyncio.get_running_loop()

        def live() -> int:
            found = asyncio.run_coroutine_threadsafe(self._reader.fetch(LIVE, {}), loop)
            return int(found.result())

        try:
            return await loop.run_in_executor(self._threads, OpenSearchIndex(self._indices, live).search, query)
        except OpenSearchUnavailable as error:
            raise ClientError("Search cannot be reached now: try again.", "UNAVAILABLE") from error
