"""Answers questions about the library by reading every document: plain Python that shares no code with the product."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from projections.search.queries import GeoCircle, MetadataCriterion, SearchFacet, SearchFilter
from tests.contracts.search.library.catalogue import Document, documents
from tests.contracts.search.library.facts import Fact

EARTH_METERS = 6_371_008.7714
Part = Callable[[str], bool]
"""Whether one word of a document is meant."""
Wanted = Callable[[Document], bool]


def plain(text: str) -> str:
    """Without accents and case."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()


@cache
def readings(document: Document) -> tuple[tuple[str, ...], ...]:
    """The words of each field, camelCase names once in humps and once whole."""
    return tuple({found for text in _texts(document) for found in _read(text)})


def _texts(document: Document) -> Iterator[str]:
    asset = document.asset
    own = (asset.asset_id, asset.description, asset.comment or "")
    yield from (asset.name, *asset.tags, *((document.path,) if document.path is not None else own))
    yield from (fact.value for fact in document.facts if fact.is_text)


def _read(text: str) -> Iterator[tuple[str, ...]]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    for pattern in (r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", r"[A-Za-z]+|\d+"):
        yield tuple(word.lower() for word in re.findall(pattern, bare))


def whole(word: str) -> Part:
    return lambda found: found == word


def last(text: str) -> Part:
    """The last word of what was typed: it may go on; a number may also be padded otherwise."""
    return lambda found: found.startswith(text) or (text.isdigit() and found.isdigit() and int(found) == int(text))


def of_value(number: int) -> Part:
    return lambda found: found.isdigit() and int(found) == number


def like(word: str, *, strokes: int) -> Part:
    """Letters so many slips away: a letter wrong, missing or too many, or two neighbours exchanged."""
    return lambda found: found.isalpha() and 4 <= len(found) <= 32 and _slips(word, found, strokes) <= strokes


def words(*given: str | int | Part) -> Wanted:
    """Words of one field, in this order, none between; an int stands for a number in any padding."""
    parts = tuple(map(_part, given))

    @cache
    def holders() -> set[Document]:
        return {document for document in _with_all(parts) if any(_holds(found, parts) for found in readings(document))}

    return lambda document: document in holders()


def _part(given: str | int | Part) -> Part:
    if isinstance(given, str):
        return whole(given)
    return of_value(given) if isinstance(given, int) else given


@cache
def _by_word() -> dict[str, set[Document]]:
    found: dict[str, set[Document]] = {}
    for document in documents():
        for word in {word for reading in readings(document) for word in reading}:
            found.setdefault(word, set()).add(document)
    return found


def _with_all(parts: tuple[Part, ...]) -> set[Document]:
    """Documents that have a word for each part, wherever it stands."""
    holders = [set().union(*(held for word, held in _by_word().items() if part(word))) for part in parts]
    return set.intersection(*holders)


def _holds(found: tuple[str, ...], parts: tuple[Part, ...]) -> bool:
    starts = range(len(found) - len(parts) + 1)
    return any(all(part(found[start + i]) for i, part in enumerate(parts)) for start in starts)


def every(*wanted: Wanted) -> Wanted:
    """All of these, anywhere."""
    return lambda document: all(condition(document) for condition in wanted)


def without(wanted: Wanted) -> Wanted:
    return lambda document: not wanted(document)


def anything(document: Document) -> bool:
    """A question without text."""
    return True


def answers(wanted: Wanted, narrowed: SearchFilter) -> list[Document]:
    """In the order of the log."""
    return [document for document in documents() if _passes(document, narrowed) and wanted(document)]


def counts(wanted: Wanted, narrowed: SearchFilter, facet: SearchFacet) -> dict[str, int]:
    """Documents by value, the filter's word on this dimension left out."""
    own = {
        SearchFacet.DATABASE: "database_ids",
        SearchFacet.ASSET_TYPE: "asset_types",
        SearchFacet.TAG: "tags_any",
        SearchFacet.FILE_EXTENSION: "file_extensions",
    }[facet]
    found = answers(wanted, replace(narrowed, **{own: ()}))  # type: ignore[arg-type]
    return dict(Counter(value for document in found for value in _values(document, facet)))


def _values(document: Document, facet: SearchFacet) -> Iterable[str]:
    match facet:
        case SearchFacet.DATABASE:
            return (document.asset.database_id,)
        case SearchFacet.ASSET_TYPE:
            return (document.asset_type,)
        case SearchFacet.TAG:
            return document.asset.tags
        case SearchFacet.FILE_EXTENSION:
            return () if document.extension is None else (document.extension,)


def _passes(document: Document, narrowed: SearchFilter) -> bool:
    entity = "ASSET" if document.path is None else "FILE"
    tags, extensions = document.asset.tags, ["." + e.removeprefix(".").lower() for e in narrowed.file_extensions]
    return (
        (narrowed.include_archived or not document.asset.is_archived)
        and (not narrowed.entity_types or entity in narrowed.entity_types)
        and (not narrowed.database_ids or document.asset.database_id in narrowed.database_ids)
        and (not narrowed.asset_types or document.asset_type in narrowed.asset_types)
        and (not narrowed.tags_any or any(tag in tags for tag in narrowed.tags_any))
        and all(tag in tags for tag in narrowed.tags_all)
        and (not extensions or document.extension in extensions)
        and all(any(_satisfies(fact, criterion) for fact in document.facts) for criterion in narrowed.metadata)
    )


def _satisfies(fact: Fact, criterion: MetadataCriterion) -> bool:
    return (
        fact.key == criterion.key
        and (criterion.equals is None or fact.value == criterion.equals)
        and (criterion.contains is None or plain(criterion.contains) in plain(fact.value))
        and _lies_between(fact, criterion.gte, criterion.lte)
        and (criterion.within is None or (fact.place is not None and _is_inside(fact.place, criterion.within)))
    )


def _lies_between(fact: Fact, gte: str | None, lte: str | None) -> bool:
    if gte is None and lte is None:
        return True
    if fact.number is not None:
        bounds = [None if bound is None else float(bound) for bound in (gte, lte) if bound is None or _is_number(bound)]
        if len(bounds) < 2:
            return False
        low, high = bounds
        return (low is None or low <= fact.number) and (high is None or fact.number <= high)
    if fact.moment is None or any(bound is not None and _is_number(bound) for bound in (gte, lte)):
        return False
    is_late_enough = gte is None or fact.moment >= _moment(gte)
    end = timedelta(days=1, microseconds=-1) if lte is not None and len(lte) == len("2026-01-31") else timedelta()
    return is_late_enough and (lte is None or fact.moment <= _moment(lte) + end)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.\d+)?(e\d+)?", text) is not None


def _moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _is_inside(place: tuple[float, float], circle: GeoCircle) -> bool:
    """By the angle between the two points as unit vectors."""
    one, other = _on_sphere(*place), _on_sphere(circle.latitude, circle.longitude)
    cosine = sum(a * b for a, b in zip(one, other, strict=True))
    return EARTH_METERS * math.acos(max(-1.0, min(1.0, cosine))) <= circle.radius_meters + 0.2


def _on_sphere(latitude: float, longitude: float) -> tuple[float, float, float]:
    north, east = math.radians(latitude), math.radians(longitude)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


@cache
def _slips(typed: str, meant: str, most: int) -> int:
    """The fewest single slips, each letter touched once; `most + 1` for any more."""
    if abs(len(typed) - len(meant)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(typed, 1):
        last, row, before = before, [i], row
        for j, other in enumerate(meant, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == meant[j - 2] and typed[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
