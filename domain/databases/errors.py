"""Refusals about databases."""

from __future__ import annotations

from domain.errors import AlreadyExists, NotFound


class DatabaseNotFound(NotFound):
    """No database has this id."""

    def __init__(self, database_id: str) -> None:
        super().__init__("database", database_id, path=("databaseId",))


class DatabaseAlreadyExists(AlreadyExists):
    """The database id is taken."""

    def __init__(self, database_id: str) -> None:
        super().__init__(f"There is already a database {database_id!r}: choose another id.", path=("databaseId",))
