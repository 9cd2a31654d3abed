"""Give a bulk command the files that a caller means: named paths, a prefix, or both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

from psycopg_pool import ConnectionPool

from domain.cause import Order
from domain.errors import Invalid, LimitExceeded
from domain.files.commands import MAX_FILES
from domain.files.errors import FileNotFound
from domain.files.file import FILES, File
from domain.files.paths import check_path
from domain.ledger import Ledger
from domain.stream import Outcome
from processors.lifecycle.paths import paths_after

LOOK = 1_000
"""Paths that are looked at together."""


class Chosen(Enum):
    """Which of the files below a prefix are meant."""

    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"
    ALL = "ALL"

    def holds(self, file: File | None) -> bool:
        """Whether this file is one of them."""
        if file is None or not file.is_there:
            return False
        return self is Chosen.ALL or file.is_archived == (self is Chosen.ARCHIVED)


def choose(
    command: Callable[..., Outcome],
    chosen: Chosen,
    ledger: Ledger,
    asset: tuple[str, str],
    *,
    paths: Sequence[str],
    prefix: str | None,
    pool: ConnectionPool[Any],
    reason: str | None,
    order: Order,
) -> Outcome:
    """Carry out the command on the named paths, and on those below the prefix, of an asset (database id, asset id).

    A prefix means the files that are there now. Raises what the command raises, Invalid for an empty prefix,
    FileNotFound for one of nothing, LimitExceeded.
    """
    remembered = ledger.remembered(order)
    if remembered:
        return remembered
    meant = list(paths)
    if prefix is not None:
        named = {check_path(path, field=("paths", str(i))) for i, path in enumerate(paths)}
        below = [path for path in _below(ledger, pool, asset, prefix, chosen) if path not in named]
        meant += below
    return command(ledger, *asset, paths=meant, reason=reason, order=order)


def files_below(
    ledger: Ledger,
    pool: ConnectionPool[Any],
    asset: tuple[str, str],
    prefix: str,
    *,
    holds: Callable[[File | None], bool],
    field: str,
) -> list[str]:
    """Those files whose paths begin like this, in byte order; however many the asset had there before.

    Raises LimitExceeded when there are more than one command takes.
    """
    found: list[str] = []
    after = ""
    while True:
        with pool.connection() as connection:
            listed = paths_after(connection, *asset, after=after, limit=LOOK, prefix=prefix)
        if not listed:
            return found
        states = ledger.load_many(FILES, [(*asset, path) for path in listed])
        found += [path for path, stream in zip(listed, states, strict=True) if holds(stream.state)]
        if len(found) > MAX_FILES:
            raise LimitExceeded(
                f"More than {MAX_FILES} files begin with {prefix[:80]!r}: do it in parts, each by a longer prefix, "
                "which may end within a name.",
                path=(field,),
            )
        after = listed[-1]


def _below(ledger: Ledger, pool: ConnectionPool[Any], asset: tuple[str, str], given: str, chosen: Chosen) -> list[str]:
    prefix = given.removeprefix("/")
    if not prefix:
        raise Invalid("A prefix has at least one character: archive or delete the asset itself.", path=("prefix",))
    found = files_below(ledger, pool, asset, prefix, holds=chosen.holds, field="prefix")
    if not found:
        raise FileNotFound(f"{prefix}*", field=("prefix",))
    return found
