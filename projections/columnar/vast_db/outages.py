"""What the SDK raises, as the store's own errors: an outage never looks like an empty table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
import requests
import urllib3
from vastdb import errors
from vastdb._internal import QueryDataInternalError

from projections.columnar.errors import (
    AccessRefused,
    ColumnarError,
    Conflict,
    OutOfSpace,
    Rejected,
    Unavailable,
    UnsupportedType,
)

_AWAY = (
    errors.ConnectionError,
    errors.InternalServerError,
    errors.RequestTimeout,
    errors.ServiceUnavailable,
    errors.ApiResponseError,
    QueryDataInternalError,
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    OSError,
)


class ChangedMeanwhile(Conflict):
    """Another transaction changed the same rows or names; this one changed nothing and may be run again."""


_MEANINGS: tuple[tuple[tuple[type[Exception], ...], type[ColumnarError], str], ...] = (
    ((errors.Conflict, errors.Exists), ChangedMeanwhile, "another transaction came first"),
    ((errors.Forbidden,), AccessRefused, "the credentials were refused"),
    ((errors.InsufficientCapacity,), OutOfSpace, "there is no room left"),
    ((errors.MissingBucket,), Unavailable, "the bucket does not exist; create it on the cluster"),
    ((errors.NotSupportedSchema,), UnsupportedType, "a column has a type that VAST DB does not have"),
    (_AWAY, Unavailable, "it could not be reached"),
    ((errors.HttpError, errors.InvalidArgument, errors.NotSupported), Rejected, "it was refused"),
    # The SDK raises these for an answer that was cut, and for one that no VAST cluster gives.
    ((pa.ArrowException, NotImplementedError, ValueError), Unavailable, "the answer cannot be read"),
)
_LEFT_TO_CALLERS = (errors.NotFound, errors.MissingSchema, errors.MissingTable, ColumnarError)


@contextmanager
def reported(where: str) -> Iterator[None]:
    """Raise a ColumnarError for what the cluster refused or failed to do.

    A schema or table that does not exist is left to callers, who know what that means.
    """
    try:
        yield
    except _LEFT_TO_CALLERS:
        raise
    except Exception as error:
        for kinds, kind, meaning in _MEANINGS:
            if isinstance(error, kinds):
                raise kind(f"{where}: {meaning}: {sentence(error)}") from error
        raise


def sentence(error: Exception) -> str:
    """What happened in one line, without the headers and addresses that the SDK's errors list."""
    if isinstance(error, errors.HttpError):
        return f"{type(error).__name__}: {error.message or error.code or error.status}"
    if isinstance(error, errors.ConnectionError):
        return f"{type(error).__name__}: {error.cause}"
    return f"{type(error).__name__}: {error}"
