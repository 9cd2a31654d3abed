"""The few steps a consumer runner does on a mirrored print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from domain.event import Recorded
from projections.printing import Difference, Target
from projections.search.opensearch.documents import index_id
from projections.search.opensearch.indices import Indices
from projections.search.opensearch.projection import OpenSearchProjection


class Mirror:
    """Generation 1 is live from the start."""

    def __init__(self, indices: Indices, connection: Connection[Any]) -> None:
        self.indices = indices
        self.connection = connection
        self.projection = OpenSearchProjection(indices)
        self.projection.create(connection, generation=1)
        self.projection.publish(connection, generation=1, replaced=None)
        connection.commit()

    def apply(self, log: Sequence[Recorded], *, generation: int = 1, is_live: bool = True) -> None:
        """One batch, committed; nothing of it stays when it fails."""
        target = Target(generation, is_live=is_live)
        try:
            self.projection.prepare(log, target=target)
            self.projection.apply(log, self.connection, target=target)
            self.connection.commit()
        finally:
            self.connection.rollback()

    def fail(self, log: Sequence[Recorded]) -> None:
        """One batch whose commit fails, as when the database ends at that moment; OpenSearch has taken it."""
        self.projection.apply(log, self.connection, target=Target(1, is_live=True))
        self.connection.rollback()

    def source(self, entity: str, document_id: str, *, generation: int = 1) -> dict[str, Any] | None:
        """The document as OpenSearch holds it."""
        name = self.indices.name(entity, generation)
        [found] = self.indices.client.mget(body={"ids": [index_id(document_id)]}, index=name)["docs"]
        return found["_source"] if found["found"] else None

    def settings(self, *, generation: int) -> dict[str, Any]:
        """Of the index of files."""
        name = self.indices.name("FILE", generation)
        found: dict[str, Any] = self.indices.client.indices.get_settings(index=name)[name]["settings"]["index"]
        return found

    def differences(self, log: Sequence[Recorded]) -> list[Difference]:
        """What verify would print, from a print struck afresh of this log."""
        self.projection.create(self.connection, generation=9)
        scratch = Target(9, is_live=False)
        self.projection.apply(log, self.connection, target=scratch)
        live = Target(1, is_live=True)
        found = list(self.projection.differences(self.connection, live=live, scratch=scratch, limit=20))
        self.connection.rollback()
        self.indices.drop(9)
        return found

    def aliased(self) -> set[str]:
        """The indexes that our two aliases mean."""
        prefix = self.indices.config.prefix
        found = self.indices.client.indices.get_alias(index=f"{prefix}-*")
        return {name for name, given in found.items() if given["aliases"]}
