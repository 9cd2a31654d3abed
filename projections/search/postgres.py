"""The Postgres search index: a question becomes one statement, its one row becomes a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool

from projections.search.conditions import Parameters, facet_conditions, fixed_conditions
from projections.search.cursors import cursor, key_of
from projections.search.highlights import Matches, highlights, matches
from projections.search.keys import SortKey, behind, sort_keys
from projections.search.queries import (
    MAX_FACET_VALUES,
    FacetResult,
    FacetValue,
    Hit,
    SearchEntity,
    SearchFacet,
    SearchPage,
    SearchQuery,
)
from projections.search.text import spelled_name
from projections.search.tsquery import Misspelling, exact_query, forgiving_query, positive_query
from projections.search.words import value_of

FACET_COLUMNS = {
    SearchFacet.DATABASE: "database_id",
    SearchFacet.ASSET_TYPE: "asset_type",
    SearchFacet.TAG: "tags",
    SearchFacet.FILE_EXTENSION: "file_extension",
}

NAMED = 1
"""Added to the rank, which is below 1, of a document whose name is what was typed."""

HIGHLIGHTED = """
SELECT json_build_object(
    'str_assetname', json_build_array(w.document->>'str_assetname'),
    'str_assetid', json_build_array(CASE w.entity WHEN 'ASSET' THEN w.asset_id ELSE '' END),
    'str_description', json_build_array(coalesce(w.document->>'str_description', '')),
    'str_asset_version_comment', json_build_array(coalesce(w.document->>'str_asset_version_comment', '')),
    'str_key', json_build_array(coalesce(w.path, '')),
    'list_tags', w.document->'list_tags',
    'entries', (SELECT json_agg(json_build_array(e.kind || '_.' || e.key, left(e.value, 2000))) FROM (
        SELECT m.kind, m.key, m.value FROM search.metadata m
        WHERE m.document_id = w.document_id AND m.words @@ ({any_word})
        ORDER BY m.kind, m.key LIMIT 10
    ) AS e)
)
"""


class _Statement:
    """Builds the one statement of a question. Everything a viewer may count comes out of `_documents`."""

    def __init__(self, query: SearchQuery) -> None:
        self.parameters = Parameters()
        self._query = query
        self._after = key_of(query)
        self._keys = sort_keys(query.sorted_by)
        self._facets = tuple(dict.fromkeys(query.facets))
        about_facets = facet_conditions(query.filter, self.parameters)
        self._deferred = {facet: condition for facet, condition in about_facets.items() if facet in self._facets}
        at_once = [condition for facet, condition in about_facets.items() if facet not in self._deferred]
        self._conditions = [*fixed_conditions(query.filter, self.parameters), *at_once]
        self._forgiving = None if query.is_blank else forgiving_query(query.terms)

    def text(self) -> str:
        return f"WITH {', '.join(self._tables())}, {self._page()} SELECT {', '.join(self._results())}"

    def _tables(self) -> list[str]:
        """`matched`: the documents that answer, but for what the filter says of the facets asked for."""
        if self._query.is_blank:
            # Without facets it is inlined, so that an index gives the newest few without reading the others.
            materialized = "MATERIALIZED" if self._facets else "NOT MATERIALIZED"
            return [f"matched AS {materialized} ({self._documents('true', 'NULL::float8')})"]
        exact = f"{self.parameters.add(exact_query(self._query.terms))}::tsquery"
        positive = positive_query(self._query.terms)
        score = f"ts_rank(d.words, {self.parameters.add(positive)}::tsquery)" if positive else "0"
        named = f"CASE d.title WHEN {self.parameters.add(spelled_name(self._query.terms))} THEN {NAMED} ELSE 0 END"
        found = self._documents(f"d.words @@ {exact}", f"({score} + {named})::float8")
        if self._forgiving is None:
            return [f"matched AS MATERIALIZED ({found})"]
        forgiven = self._documents("d.words @@ g.query", "ts_rank(d.words, g.query)::float8", joined=", forgiven g")
        return [
            f"exact AS MATERIALIZED ({found})",
            *self._forgiveness(self._forgiving),
            f"matched AS MATERIALIZED (SELECT * FROM exact WHERE NOT EXISTS (SELECT FROM forgiven)"
            f" UNION ALL {forgiven})",
        ]

    def _documents(self, match: str, score: str, *, joined: str = "") -> str:
        """The only place that reads documents to find or count them: a condition on rights belongs here."""
        where = " AND ".join([match, *self._conditions])
        sorted_by = [key.column for key in self._keys if key.column]
        kept = ["document_id", *sorted_by, *(FACET_COLUMNS[facet] for facet in self._facets)]
        columns = ", ".join([*(f"d.{column}" for column in kept), f"{score} AS score"])
        return f"SELECT {columns} FROM search.documents d{joined} WHERE {where}"

    def _forgiveness(self, pieces: Sequence[str | Misspelling]) -> list[str]:
        """The words that misspelled ones may mean, and the query they make: no row when something matches as typed."""
        nothing_found = f"NOT EXISTS (SELECT FROM exact d WHERE {self._kept()})"
        candidates: list[str] = []
        query: list[str] = []
        for piece in pieces:
            if isinstance(piece, str):
                query.append(self.parameters.add(piece) + "::text")
                continue
            number = len(candidates)
            bound = [self.parameters.add(value) for value in (piece.word, piece.strokes, list(piece.swaps))]
            candidates.append(f"({number}, {bound[0]}::text, {bound[1]}::integer, {bound[2]}::text[])")
            others = f"coalesce((SELECT ' | ' || s.query FROM similar_words s WHERE s.number = {number}), '')"
            query.append(f"'(' || {self.parameters.add(piece.query)}::text || {others} || ')'")
        return [
            "similar_words AS MATERIALIZED ("
            "SELECT t.number, array_agg(w) AS words, string_agg('''' || w || '''', ' | ') AS query"
            f" FROM (VALUES {', '.join(candidates)}) AS t (number, word, strokes, swaps),"
            " search.similar_words(t.word, t.strokes, t.swaps) AS w"
            f" WHERE {nothing_found} GROUP BY t.number)",
            f"forgiven AS MATERIALIZED (SELECT ({' || '.join(query)})::tsquery AS query WHERE {nothing_found})",
        ]

    def _kept(self, *, but: SearchFacet | None = None) -> str:
        """What the filter says of the facets asked for, leaving one of them out."""
        return " AND ".join(condition for facet, condition in self._deferred.items() if facet is not but) or "true"

    def _page(self) -> str:
        return (
            f"page AS (SELECT d.document_id, d.score, {', '.join(f'{k.expression} AS {n}' for n, k in self._named)}"
            f" FROM matched d WHERE {self._kept()} AND {behind(self._keys, self._after, self.parameters)}"
            f" ORDER BY {', '.join(key.ordered(key.expression) for key in self._keys)} LIMIT {self._query.first + 1})"
        )

    @property
    def _named(self) -> list[tuple[str, SortKey]]:
        return [(f"key_{number}", key) for number, key in enumerate(self._keys)]

    def _results(self) -> list[str]:
        key = f"json_build_array({', '.join(f'd.{name}' for name, _ in self._named)})"
        shown = f"w.entity, w.database_id, w.asset_id, w.path, d.score, {key}, {self._highlighted()}"
        order = ", ".join(key.ordered(f"d.{name}") for name, key in self._named)
        hits = f"json_agg(json_build_array({shown}) ORDER BY {order})"
        total = f"(SELECT count(*) FROM matched d WHERE {self._kept()})" if self._query.want_total else "NULL"
        similar = "(SELECT json_agg(words) FROM similar_words)" if self._forgiving else "NULL"
        return [
            f"(SELECT {hits} FROM page d JOIN search.documents w USING (document_id))",
            total,
            self._facet_results(),
            similar,
        ]

    def _facet_results(self) -> str:
        counted = ", ".join(f"'{facet}', ({self._facet(facet)})" for facet in self._facets)
        return f"json_build_object({counted})"

    def _facet(self, facet: SearchFacet) -> str:
        column = f"d.{FACET_COLUMNS[facet]}"
        value = f"unnest({column})" if facet is SearchFacet.TAG else column
        return (
            "SELECT json_agg(json_build_array(f.value, f.documents)) FROM ("
            f"SELECT v.value, count(*) AS documents"
            f" FROM (SELECT {value} AS value FROM matched d WHERE {self._kept(but=facet)}) AS v"
            f" WHERE v.value IS NOT NULL GROUP BY v.value"
            f' ORDER BY count(*) DESC, v.value COLLATE "C" LIMIT {MAX_FACET_VALUES}) AS f'
        )

    def _highlighted(self) -> str:
        words = [word for term in self._query.terms if not term.is_excluded for word in term.words]
        if not self._query.want_highlights or not words:
            return "NULL"
        lexemes = {f"'{word.text}':*" for word in words} | {f"'{value_of(w.text)}'" for w in words if w.is_number}
        any_word = f"{self.parameters.add(' | '.join(sorted(lexemes)))}::tsquery"
        if self._forgiving:
            any_word += " || coalesce((SELECT string_agg(s.query, ' | ') FROM similar_words s), '')::tsquery"
        return f"({HIGHLIGHTED.format(any_word=any_word)})"


def compile_search(query: SearchQuery) -> tuple[str, dict[str, object]]:
    """One statement with its parameters; it gives one row, for `read_page`. Raises CursorInvalid."""
    statement = _Statement(query)
    return statement.text(), statement.parameters


def read_page(query: SearchQuery, row: Sequence[Any]) -> SearchPage:
    """The page in the row that the query's statement gave."""
    found, total, facets, similar = row
    marks = matches(query.terms, [word for words in similar or () for word in words])
    shown = (found or [])[: query.first]
    return SearchPage(
        hits=tuple(_hit(query, values, marks) for values in shown),
        total=total,
        facets=tuple(
            FacetResult(facet, tuple(FacetValue(*value) for value in facets[facet] or ()))
            for facet in dict.fromkeys(query.facets)
        ),
        has_next=len(found or []) > query.first,
    )


def _hit(query: SearchQuery, values: Sequence[Any], marks: Matches) -> Hit:
    entity, database_id, asset_id, path, score, key, fields = values
    return Hit(
        entity=SearchEntity(entity),
        database_id=database_id,
        asset_id=asset_id,
        path=path,
        score=None if score is None else float(score),
        highlights=highlights(_fields(fields), marks) if fields else (),
        cursor=cursor(query, tuple(key)),
    )


def _fields(fields: dict[str, Any]) -> dict[str, list[str]]:
    entries = cast("list[list[str]]", fields.pop("entries") or [])
    return fields | {name: [value] for name, value in entries}


class PostgresSearch:
    """The search index of the embedded mode, on the live print of the search projection."""

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool

    def search(self, query: SearchQuery) -> SearchPage:
        """See SearchIndex. Raises CursorInvalid."""
        statement, parameters = compile_search(query)
        with self._pool.connection() as connection:
            row = connection.cursor(row_factory=tuple_row).execute(statement.encode(), parameters).fetchone()
        assert row is not None
        return read_page(query, row)
