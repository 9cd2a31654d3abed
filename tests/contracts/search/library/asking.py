"""What a search index answers, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from projections.search.queries import Hit, SearchIndex, SearchPage, SearchQuery


def name_of(hit: Hit) -> str:
    """As documents are named."""
    return ":".join(part for part in (hit.database_id, hit.asset_id, hit.path) if part is not None)


def pages(index: SearchIndex, query: SearchQuery) -> Iterator[SearchPage]:
    """All pages; only the first is asked for total, facets and highlights."""
    page = index.search(query)
    yield page
    follow = replace(query, facets=(), want_total=False, want_highlights=False)
    while page.has_next:
        page = index.search(replace(follow, after=page.hits[-1].cursor))
        yield page


def names(index: SearchIndex, query: SearchQuery) -> list[str]:
    """Of all hits, in order."""
    return [name_of(hit) for page in pages(index, query) for hit in page.hits]
