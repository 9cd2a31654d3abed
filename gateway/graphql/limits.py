"""What one GraphQL request may ask for, and the error that says which limit it passed."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import GraphQLError

# Doubled fragments reach counts of hundreds of digits, which JSON readers cannot hold.
_LARGEST_JSON_INTEGER = 2**53 - 1


@dataclass(frozen=True, slots=True)
class GraphQLLimits:
    """Maxima, all inclusive; a request at the maximum is served.

    Counts of a document are those of its most expensive operation with every fragment spread in place, so
    that hiding a field in a fragment does not make it cheaper.
    """

    max_body_bytes: int = 16 * 1024 * 1024
    """HTTP body or WebSocket message. Bulk mutations carry thousands of rows in their variables."""
    max_document_bytes: int = 64 * 1024
    """The query text alone, in UTF-8."""
    max_tokens: int = 2_000
    max_depth: int = 30
    max_fields: int = 5_000
    max_aliases: int = 100
    max_directives: int = 50
    max_root_fields: int = 30
    max_overlaps: int = 5_000
    """Pairs of fields with one name in one place; validation takes about 6 µs a pair."""
    max_fragments: int = 100
    """Fragment definitions in a document, whether used or not."""
    max_socket_operations: int = 100
    """Operations running at once on one WebSocket."""
    max_cached_documents: int = 1_000
    max_cached_bytes: int = 8 * 1024 * 1024
    """Query text kept by the document cache, in UTF-8; the parsed form takes about fifty times that."""


class LimitExceeded(GraphQLError):
    """A request asked for more than a limit allows. `limit` is the name of a field of `GraphQLLimits`."""

    def __init__(self, limit: str, *, value: int | None, maximum: int) -> None:
        """`value` is None when counting stopped at the maximum, so that only "more than" is known."""
        if value is not None and value > _LARGEST_JSON_INTEGER:
            value = None
        found = f"more than {maximum}" if value is None else str(value)
        super().__init__(
            f"The request passes the limit {limit}: it has {found}, the maximum is {maximum}.",
            extensions={"code": "LIMIT_EXCEEDED", "limit": limit, "value": value, "maximum": maximum},
        )
        self.limit = limit
