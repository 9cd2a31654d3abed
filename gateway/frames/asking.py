"""Questions to the columnar tables from the event loop: on a thread, and with errors that a caller can act on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import psycopg
from psycopg_pool import PoolTimeout

from gateway.context import Context
from gateway.graphql.errors import ClientError
from projections.columnar.errors import Conflict, InvalidFilter, Unavailable, UnknownTable
from projections.columnar.prints.record import NoLivePrint
from projections.columnar.statistics import TooManyGroups
from projections.columnar.store import ColumnarStore

P = ParamSpec("P")
T = TypeVar("T")

AWAY = (Unavailable, Conflict, NoLivePrint, UnknownTable, psycopg.OperationalError, PoolTimeout)


async def open_live(context: Context) -> ColumnarStore:
    """The live tables, held to one position for as long as the answer takes. Raises ClientError."""
    try:
        store: ColumnarStore = await context.run(context.services.columnar)
    except AWAY as error:
        raise _away(error) from error
    return store


async def ask(
    context: Context,
    question: Callable[Concatenate[ColumnarStore, P], T],
    store: ColumnarStore,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """What the question finds in the store. Raises ClientError UNAVAILABLE, INVALID or LIMIT_EXCEEDED."""
    try:
        found: T = await context.run(question, store, *args, **kwargs)
    except AWAY as error:
        raise _away(error) from error
    except InvalidFilter as error:
        raise ClientError(str(error), "INVALID") from error
    except TooManyGroups as error:
        raise ClientError(str(error), "LIMIT_EXCEEDED") from error
    return found


def _away(error: Exception) -> ClientError:
    del error
    return ClientError("The columnar tables cannot be read now: try again.", "UNAVAILABLE")
