"""The tables projection: prints of VAMS's tables in Postgres."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from psycopg import Connection

from domain.catalogue import EVENTS
from domain.event import Recorded
from projections.printing import SchemaPrint, Target, Views
from projections.vams.fold import fold_batch

PARTS = (
    "schema.sql",
    "log.sql",
    "lifecycle.sql",
    "metadata_schemas.sql",
    "people.sql",
    "transfers.sql",
    "pipelines.sql",
    "imports.sql",
)


def _sql(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


SCHEMA_SQL = "\n".join(_sql(name) for name in PARTS)
VIEWS = Views("vams", _sql("views.sql"))


class TablesProjection(SchemaPrint):
    """Databases, assets, files, versions, media and an index of the log; the live print is the schema `tables`,
    shown under VAMS's names by the views of the schema `vams`.
    """

    shape = 10 + sum(event.CLASS_VERSION - 1 for event in EVENTS)
    """Grows with every class version of an event, because of `log_lifted`."""
    page = 10_000

    def __init__(self) -> None:
        super().__init__("tables", SCHEMA_SQL, views=VIEWS, early=())

    def prepare(self, batch: Sequence[Recorded], *, target: Target) -> None:
        """Nothing: the tables are in Postgres and are written with the position."""

    def apply(self, batch: Sequence[Recorded], connection: Connection[Any], *, target: Target) -> None:
        """See Projection.apply."""
        self.use(connection, target=target)
        fold_batch(batch, connection)
