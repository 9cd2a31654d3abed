"""Questions that cannot be asked. Each is a refusal of the domain's families, so the gateway has a code for it.

LimitExceeded
├── QueryTooLong
├── TooManyTerms
└── TooManyValues
Invalid
├── PageSizeInvalid
├── FacetUnknown
├── OrderRepeated
├── CursorInvalid
├── TextInvalid       a value that no document could hold
├── BoundInvalid      a range bound that is neither number nor date
└── CircleInvalid
"""

from __future__ import annotations

from domain.errors import Invalid, LimitExceeded


class QueryTooLong(LimitExceeded):
    """The text of the question has too many characters."""

    def __init__(self, length: int, longest: int) -> None:
        super().__init__(f"A search query has at most {longest} characters, not {length}.", path=("query",))


class TooManyTerms(LimitExceeded):
    """The text of the question has too many words and phrases."""

    def __init__(self, count: int, most: int) -> None:
        super().__init__(f"A search query has at most {most} words and phrases, not {count}.", path=("query",))


class TooManyValues(LimitExceeded):
    """A list in the filter is too long."""

    def __init__(self, name: str, *, count: int, most: int) -> None:
        super().__init__(f"{name} takes at most {most} values, not {count}.", path=("filter", name))


class PageSizeInvalid(Invalid):
    """The page is empty or too large."""

    def __init__(self, first: int, largest: int) -> None:
        super().__init__(f"A page has 1 to {largest} hits, not {first}.", path=("first",))


class FacetUnknown(Invalid):
    """Nothing is counted by that name."""

    def __init__(self, facet: object) -> None:
        super().__init__(f"There is no search facet {facet!r}.", path=("facets",))


class OrderRepeated(Invalid):
    """A field is to be sorted by twice."""

    def __init__(self) -> None:
        super().__init__("orderBy names a field twice.", path=("orderBy",))


class CursorInvalid(Invalid):
    """The cursor was changed, or belongs to another question."""

    def __init__(self) -> None:
        super().__init__(
            "The cursor does not belong to this query, filter and order: start again without it.", path=("after",)
        )


class TextInvalid(Invalid):
    """A value of the filter holds a NUL or half a character."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} holds a NUL or a lone surrogate, which no document does.", path=("filter", name))


class BoundInvalid(Invalid):
    """The bound of a range cannot be compared with."""

    def __init__(self, name: str, bound: str) -> None:
        super().__init__(
            f"{name} compares with a finite number or an ISO 8601 date, and {bound[:60]!r} is neither.",
            path=("filter", "metadata", name),
        )


class CircleInvalid(Invalid):
    """The circle is not one on the Earth."""

    def __init__(self) -> None:
        super().__init__(
            "A circle has a latitude of -90 to 90, a longitude of -180 to 180 and a finite radius of 0 metres or more.",
            path=("filter", "metadata", "within"),
        )
