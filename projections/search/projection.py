"""The search projection: prints of search documents in Postgres."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from psycopg import Connection

from domain.event import Recorded
from projections.printing import SchemaPrint, Target
from projections.search.fold import fold_batch

SCHEMA_SQL = files(__package__).joinpath("schema.sql").read_text("utf-8")


class SearchProjection(SchemaPrint):
    """Documents of assets and files; the live print is the schema `search`, which questions name."""

    shape = 1

    def __init__(self) -> None:
        super().__init__("search", SCHEMA_SQL)

    def prepare(self, batch: Sequence[Recorded], *, target: Target) -> None:
        """Nothing: the documents are in Postgres and are written with the position."""

    def apply(self, batch: Sequence[Recorded], connection: Connection[Any], *, target: Target) -> None:
        """See Projection.apply."""
        self.use(connection, target=target)
        fold_batch(batch, connection)
