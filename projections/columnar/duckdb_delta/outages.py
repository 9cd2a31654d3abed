"""Storage failures as the store's own errors, so that an outage never looks like an empty table."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa
from deltalake.exceptions import CommitFailedError, DeltaError

from projections.columnar.errors import AccessRefused, OutOfSpace, Unavailable

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_WORDS = ("No space left", "Disk quota exceeded", "File too large", "errno 27")
_REFUSED_WORDS = ("SignatureDoesNotMatch", "InvalidAccessKeyId", "AccessDenied", "ACCESS_DENIED", "403 Forbidden")
_COLOUR = re.compile("\x1b\\[[0-9;]*m")


@contextmanager
def reported(where: str) -> Iterator[None]:
    """Raise Unavailable for what the storage, the Delta log or DuckDB could not read or write."""
    try:
        yield
    except CommitFailedError:
        raise
    except (OSError, DeltaError, pa.ArrowException, duckdb.Error) as error:
        text = _sentence(error)
        raise _kind(error, text)(f"{where} could not be reached, read or written: {text}") from error


def _kind(error: Exception, text: str) -> type[Unavailable]:
    """What of it the operator has to see to; the libraries tell it in their messages alone."""
    if getattr(error, "errno", None) in _FULL or any(word in text for word in _FULL_WORDS):
        return OutOfSpace
    return AccessRefused if any(word in text for word in _REFUSED_WORDS) else Unavailable


def _sentence(error: Exception) -> str:
    """The message on one line; the Delta library draws its causes as a coloured tree."""
    return " ".join(_COLOUR.sub("", str(error)).split())
