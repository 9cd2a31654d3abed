"""Refusals about constraints."""

from __future__ import annotations

from domain.errors import AlreadyExists, Invalid, NotFound


class ConstraintNotFound(NotFound):
    """No constraint has this id."""

    def __init__(self, constraint_id: str) -> None:
        super().__init__("constraint", constraint_id, path=("constraintId",))


class ConstraintAlreadyExists(AlreadyExists):
    """The constraint id is taken."""

    def __init__(self, constraint_id: str) -> None:
        super().__init__(f"There is already a constraint {constraint_id!r}.", path=("constraintId",))


class CriterionInvalid(Invalid):
    """The comparison would mean nothing, and a constraint without it would hold for too much."""
