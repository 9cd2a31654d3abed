"""The query `constraints`."""

from __future__ import annotations

from typing import cast

import strawberry

from gateway.connections import Connection
from gateway.constraints.types import CONSTRAINT_ORDER, Constraint
from gateway.context import Info
from gateway.reads.root import read_pages
from gateway.reads.sources import Pages
from gateway.scalars import Position

CONSTRAINTS = Pages("Constraint", "true", CONSTRAINT_ORDER)


@strawberry.type
class ConstraintQueries:
    """Queries of constraints."""

    @strawberry.field(description="Constraints by id.")
    async def constraints(
        self, info: Info, first: int | None = None, after: str | None = None, at_least: Position | None = None
    ) -> Connection[Constraint]:
        return cast("Connection[Constraint]", await read_pages(info, CONSTRAINTS))
