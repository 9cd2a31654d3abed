"""What can go wrong while following the log, and which of it passes by itself.

ConsumerError
├── Fenced            another owner moved the position first
├── Stuck             one event alone cannot be applied
├── LogUnavailable    the log cannot be read at the moment; passes by itself
├── UnknownConsumer   nothing was ever set up under this name
├── ShapeChanged      the live print was struck by code of another shape
├── NothingToRollBackTo  no earlier print of this shape is kept
└── PrintsOccupied    a rebuild or verify of this projection runs already
"""

from __future__ import annotations

import psycopg

PASSING_SQLSTATES = ("08", "25P03", "40", "53", "55P03", "57")
"""Classes and codes of Postgres: connection, idle transaction ended, rollback, resources, lock, intervention."""


class ConsumerError(Exception):
    """Base of the failures of this package."""


class Fenced(ConsumerError):
    """The caller no longer owns what it was about to move; nothing was applied."""

    def __init__(self, name: str, generation: int, position: int) -> None:
        super().__init__(
            f"Generation {generation} of {name!r} is no longer at position {position} in the role it was read in:"
            " another owner moved it. Read it again."
        )


class Stuck(ConsumerError):
    """One event alone fails; it was not skipped, and nothing after it was applied. The cause is chained."""

    def __init__(self, name: str, position: int, cause: Exception) -> None:
        super().__init__(
            f"{name!r} cannot apply the event at position {position}: {type(cause).__name__}: {cause}."
            " Correct the cause, then retry it."
        )
        self.position = position


class LogUnavailable(ConsumerError):
    """Reading the log failed for a reason that lies in no event. The cause is chained."""

    is_transient = True

    def __init__(self, name: str, after: int, cause: Exception) -> None:
        super().__init__(
            f"{name!r} cannot read the log after position {after}: {type(cause).__name__}: {cause}."
            " A runner tries again by itself."
        )


class UnknownConsumer(ConsumerError):
    """There is no live row of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No follower of the log is called {name!r}: call ensure() for it before running it.")


class ShapeChanged(ConsumerError):
    """The code's tables are not those of the live print."""

    def __init__(self, name: str, *, live: int | None, code: int | None) -> None:
        super().__init__(
            f"The live print of {name!r} has shape {live}, this code makes shape {code}: rebuild it before serving."
        )
        self.name = name
        self.is_of_later_code = (live or 0) > (code or 0)


class NothingToRollBackTo(ConsumerError):
    """The print that was replaced last is dropped, or was struck by code of another shape."""

    def __init__(self, name: str, *, shape: int | None, code: int) -> None:
        why = "is kept" if shape is None else f"of shape {code} is kept, only one of shape {shape}"
        super().__init__(f"No earlier print of {name!r} {why}: rebuild it instead.")


class PrintsOccupied(ConsumerError):
    """Two rebuilds or verifies of one projection do not run at once."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Another process is rebuilding or verifying {name!r}: wait until it is done.")


def is_transient(error: Exception) -> bool:
    """Whether trying again unchanged may help.

    True for a lost or refused connection, a rollback by the server, and any error with a true
    `is_transient`, which is how stores other than Postgres say that they are away.
    """
    if getattr(error, "is_transient", False) or isinstance(error, ConnectionError | TimeoutError):
        return True
    if isinstance(error, psycopg.Error) and error.sqlstate is not None:
        return error.sqlstate.startswith(PASSING_SQLSTATES)
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def unreadable_position(error: BaseException | None) -> int | None:
    """The position of the event that a feed says it cannot read; None for any other failure of a feed."""
    position = getattr(error, "position", None)
    return position if isinstance(position, int) else None
