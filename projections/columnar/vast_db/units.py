"""Units of work: everything a write does, in one transaction whose outcome is always known in the end."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from uuid import uuid4

from vastdb import errors

from projections.columnar.errors import Conflict, Unavailable
from projections.columnar.vast_db.catalog import Catalog
from projections.columnar.vast_db.outages import ChangedMeanwhile
from projections.columnar.vast_db.transactions import OutcomeUnknown, Server, Transaction

_ATTEMPTS = 80
_LONGEST_PAUSE_SECONDS = 0.5
_LOST_COMMITS = 3


class Unit:
    """A transaction under way, and the tables it has changed."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.commit_id = uuid4().hex
        self.touched: dict[str, None] = {}

    def touch(self, table: str) -> None:
        """Say that the table has another version after this."""
        self.touched[table] = None


Work = Callable[[Unit], bool]
"""What to do in the transaction; False when there is nothing to commit. Run again after every lost race."""


def in_one_commit(
    server: Server, catalog: Catalog, work: Work, *, write_id: str | None = None, is_recorded: bool = True
) -> bool:
    """Do the work and commit it, once. False when the work said so, and then nothing is changed.

    Each table that it touched gets a record of the commit in the same transaction, which is how a commit that
    was not answered is found out about. Raises Conflict after many lost races, and Unavailable.
    """
    lost: list[OutcomeUnknown] = []
    for attempt in range(_ATTEMPTS):
        unit = Unit(server.begin())
        try:
            return _committed(unit, catalog, work, write_id=write_id, is_recorded=is_recorded)
        except (ChangedMeanwhile, errors.NotFound) as error:
            # NotFound: a table was dropped or renamed by whoever came first.
            cause: Exception = error
        except OutcomeUnknown as error:
            lost.append(error)
            if _happened(server, catalog, unit):
                return True
            if len(lost) == _LOST_COMMITS:
                raise error.__cause__ or error from None
            cause = error
        finally:
            unit.tx.roll_back()
        # A random pause lets one of the racing writers win; it grows so that many of them spread out.
        time.sleep(random.uniform(0, min(0.01 * 2 ** min(attempt, 10), _LONGEST_PAUSE_SECONDS)))  # noqa: S311
    raise Conflict(
        f"{server}: others came first in {_ATTEMPTS} attempts, or one that died holds the table until the cluster "
        f"ends its transaction; write again later ({cause})"
    ) from cause


def _committed(unit: Unit, catalog: Catalog, work: Work, *, write_id: str | None, is_recorded: bool) -> bool:
    if not work(unit):
        return False
    if is_recorded and unit.touched:
        catalog.record(unit, write_id=write_id)
    unit.tx.commit()
    return True


def _happened(server: Server, catalog: Catalog, unit: Unit) -> bool:
    """Whether a commit that was not answered took place. Raises OutcomeUnknown when nobody can say."""
    try:
        unit.tx.forbid_commit()
    except errors.NotFound:
        # It ended, by our commit or by the cluster's own decision; the record of the commit tells which.
        pass
    except Unavailable as error:
        raise _unknown(server, error) from error
    if not unit.touched:
        return False
    try:
        with server.reading() as tx:
            return catalog.has_commit(tx, unit.commit_id)
    except Unavailable as error:
        raise _unknown(server, error) from error


def _unknown(server: Server, error: Exception) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"{server}: it is not known whether the last commit took place; write it again under a write_id, or read "
        f"what is there ({error})"
    )
