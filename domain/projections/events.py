"""What people asked of projections."""

from __future__ import annotations

from domain.event import Event


class ProjectionRebuildRequested(Event, frozen=True, kw_only=True):
    """Somebody wants this projection rebuilt beside the live one."""

    TOPIC = "projection-rebuild-requested"
    projection_name: str
    reason: str | None = None


EVENTS: tuple[type[Event], ...] = (ProjectionRebuildRequested,)
