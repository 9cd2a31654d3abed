"""What people asked of projections."""

from __future__ import annotations

from domain.event import Event


class ProjectionRebuildRequested(Event, frozen=True, kw_only=True):
    """Somebody wants this projection rebuilt beside the live one."""

    TOPIC = "projection-rebuild-requested"
    projection_name: str
    reason: str | None = None


class ProjectionRollbackRequested(Event, frozen=True, kw_only=True):
    """Somebody wants the print back that the live one replaced."""

    TOPIC = "projection-rollback-requested"
    projection_name: str
    reason: str | None = None


class ProjectionEventSkipped(Event, frozen=True, kw_only=True):
    """Somebody decided that this follower of the log passes over one event, in every print."""

    TOPIC = "projection-event-skipped"
    projection_name: str
    skipped_position: int
    reason: str


EVENTS: tuple[type[Event], ...] = (ProjectionRebuildRequested, ProjectionRollbackRequested, ProjectionEventSkipped)
