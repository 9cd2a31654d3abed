"""What can be asked of a search index and what it answers, whichever backend holds the documents."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from projections.search.comparable import Range
from projections.search.errors import (
    CircleInvalid,
    FacetUnknown,
    PageSizeInvalid,
    QueryTooLong,
    TextInvalid,
    TooManyTerms,
    TooManyValues,
)
from projections.search.orders import SearchOrder, effective
from projections.search.text import Term, parse

MAX_TEXT_LENGTH = 1_000
MAX_TERMS = 32
MAX_FIRST = 100
MAX_VALUES = 100
MAX_FACET_VALUES = 1_000


class SearchEntity(StrEnum):
    """What a document describes."""

    ASSET = "ASSET"
    FILE = "FILE"


class SearchFacet(StrEnum):
    """A dimension that hits are counted by."""

    DATABASE = "DATABASE"
    ASSET_TYPE = "ASSET_TYPE"
    TAG = "TAG"
    FILE_EXTENSION = "FILE_EXTENSION"


@dataclass(frozen=True, kw_only=True)
class GeoCircle:
    """A place and everything at most `radius_meters` away along the surface. Raises CircleInvalid."""

    latitude: float
    longitude: float
    radius_meters: float

    def __post_init__(self) -> None:
        on_earth = abs(self.latitude) <= 90 and abs(self.longitude) <= 180
        if not (on_earth and 0 <= self.radius_meters < math.inf):
            raise CircleInvalid


@dataclass(frozen=True, kw_only=True)
class MetadataCriterion:
    """One entry, of metadata or attributes, satisfies all that is given; the key alone asks that it exists.

    `contains` ignores case and accents, `equals` does not. Raises BoundInvalid, TextInvalid.
    """

    key: str
    equals: str | None = None
    contains: str | None = None
    gte: str | None = None
    """Inclusive; a number or a date, compared with values stored as such."""
    lte: str | None = None
    """Inclusive; a date without a time means the end of that day."""
    within: GeoCircle | None = None

    def __post_init__(self) -> None:
        _check_text("metadata", [text for text in (self.key, self.equals, self.contains) if text is not None])
        Range.of(self.gte, self.lte)

    @property
    def range(self) -> Range | None:
        """What gte and lte say together; None when neither is given."""
        return Range.of(self.gte, self.lte)


@dataclass(frozen=True, kw_only=True)
class SearchFilter:
    """Everything given must hold; an empty list asks nothing. Raises TooManyValues, TextInvalid."""

    entity_types: tuple[SearchEntity, ...] = ()
    database_ids: tuple[str, ...] = ()
    asset_types: tuple[str, ...] = ()
    """A file has the type of its asset."""
    tags_any: tuple[str, ...] = ()
    """A file has the tags of its asset."""
    tags_all: tuple[str, ...] = ()
    file_extensions: tuple[str, ...] = ()
    """With or without the dot, in any case; no asset has one."""
    include_archived: bool = False
    metadata: tuple[MetadataCriterion, ...] = ()

    def __post_init__(self) -> None:
        lists = {
            "databaseIds": self.database_ids,
            "assetTypes": self.asset_types,
            "tagsAny": self.tags_any,
            "tagsAll": self.tags_all,
            "fileExtensions": self.file_extensions,
        }
        for name, values in (*lists.items(), ("metadata", self.metadata), ("entityTypes", self.entity_types)):
            if len(values) > MAX_VALUES:
                raise TooManyValues(name, count=len(values), most=MAX_VALUES)
        for name, texts in lists.items():
            _check_text(name, texts)


@dataclass(frozen=True, kw_only=True)
class SearchQuery:
    """A question that can be answered: whoever holds one need not check it again.

    Every term of the text must be found, `-term` must not; `"a phrase"` stands as it is, and the last word may be
    unfinished. Without text everything answers.
    Raises QueryTooLong, TooManyTerms, PageSizeInvalid, FacetUnknown, OrderRepeated.
    """

    text: str = ""
    filter: SearchFilter = field(default_factory=SearchFilter)
    facets: tuple[SearchFacet, ...] = ()
    order: tuple[SearchOrder, ...] = ()
    """The best first unless told otherwise; without text, what changed last."""
    first: int = 20
    after: str | None = None
    """A cursor of the same text, filter and order; the page begins behind its hit."""
    want_total: bool = False
    want_highlights: bool = False

    def __post_init__(self) -> None:
        if len(self.text) > MAX_TEXT_LENGTH:
            raise QueryTooLong(len(self.text), MAX_TEXT_LENGTH)
        if len(self.terms) > MAX_TERMS:
            raise TooManyTerms(len(self.terms), MAX_TERMS)
        if not 1 <= self.first <= MAX_FIRST:
            raise PageSizeInvalid(self.first, MAX_FIRST)
        for facet in self.facets:
            if not isinstance(facet, SearchFacet):
                raise FacetUnknown(facet)
        effective(self.order, is_blank=self.is_blank)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The words and phrases of the text."""
        return parse(self.text)

    @property
    def is_blank(self) -> bool:
        """Whether the text asks nothing, so that hits have no score."""
        return not self.text.strip()

    @property
    def sorted_by(self) -> tuple[SearchOrder, ...]:
        """The order that hits come in."""
        return effective(self.order, is_blank=self.is_blank)


@dataclass(frozen=True)
class Highlight:
    """Where a hit's field matches: HTML with `<em>` around each match, everything else escaped."""

    field: str
    """A field of the document; `MD_.key` and `AB_.key` for metadata and attributes."""
    fragments: tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """A document that answers."""

    entity: SearchEntity
    database_id: str
    asset_id: str
    path: str | None
    """None for an asset."""
    score: float | None
    """Comparable within one answer only; None when the question has no text."""
    highlights: tuple[Highlight, ...]
    cursor: str


@dataclass(frozen=True)
class FacetValue:
    """A value and the number of documents that have it."""

    value: str
    count: int


@dataclass(frozen=True)
class FacetResult:
    """The most frequent values, at most 1000; what the filter says of this facet itself is left out of account."""

    facet: SearchFacet
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class SearchPage:
    """Hits in the order asked for, and what is known of all of them."""

    hits: tuple[Hit, ...]
    total: int | None
    """Exact; None unless it was asked for."""
    facets: tuple[FacetResult, ...]
    has_next: bool


class SearchIndex(Protocol):
    """A backend that holds the documents."""

    def search(self, query: SearchQuery) -> SearchPage:
        """One page of answers. Raises CursorInvalid."""


def _check_text(name: str, values: Iterable[str]) -> None:
    for value in values:
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise TextInvalid(name)
