"""What the operating system's refusals mean to the caller of a store."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator

from processors.objects.errors import StoreRejected, StoreUnavailable


@contextlib.contextmanager
def disk(attempted: str) -> Iterator[None]:
    """Raise StoreUnavailable for a failing disk, StoreRejected for a path that no file system takes.

    Only the cause names the path on disk: the message may travel to whoever holds a signed URL.
    """
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise StoreRejected(attempted, "its path on disk is too long; use a shorter data directory") from error
        raise StoreUnavailable(attempted, error.strerror or str(error)) from error
