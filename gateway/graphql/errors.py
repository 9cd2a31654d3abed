"""Which errors a caller may read: refusals and ClientErrors; anything else is an "Internal error"."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from graphql import GraphQLError

DATABASE_AWAY = "The database cannot be reached now: try again."
logger = logging.getLogger(__name__)


class ClientError(Exception):
    """Raised by a resolver when the caller can act on it; `message` and `code` are shown to the caller."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class OperationRefused(Exception):
    """The operation was not executed; `errors` say why and are safe to show."""

    def __init__(self, errors: Iterable[GraphQLError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(error.message for error in self.errors))


def readable(error: Exception, request_id: str) -> GraphQLError:
    """The error as the caller may see it; what is hidden is logged with its traceback under `request_id`."""
    located = error if isinstance(error, GraphQLError) else None
    cause = _cause(error)
    if isinstance(cause, ClientError):
        return GraphQLError(
            cause.message,
            nodes=located.nodes if located else None,
            path=located.path if located else None,
            extensions={"code": cause.code},
        )
    # graphql-core gives a path to everything that resolvers raise, and none to its own refusals of a request.
    if cause is None or (located is not None and located.path is None):
        return located or GraphQLError(str(error))
    path = list(located.path) if located and located.path else []
    logger.error("Internal error at %s in request %s.", path, request_id, exc_info=cause)
    return GraphQLError(
        "Internal error",
        nodes=located.nodes if located else None,
        path=located.path if located else None,
        extensions={"requestId": request_id},
    )


def is_masked(error: GraphQLError) -> bool:
    """Whether `readable` hid the cause: the fault is ours and not the caller's."""
    return "requestId" in (error.extensions or {})


def _cause(error: Exception) -> Exception | None:
    """What a resolver raised behind graphql-core's wrapping; None when there is no such exception."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


class ConnectionRejected(Exception):
    """The caller is not let in; the message says what to send, in at most 123 bytes, which fit a close frame."""
