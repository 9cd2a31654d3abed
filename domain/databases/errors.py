"""Refusals about databases."""

from __future__ import annotations

from domain.errors import AlreadyExists, Archived, Conflict, NotFound


class DatabaseNotFound(NotFound):
    """No database has this id."""

    def __init__(self, database_id: str) -> None:
        super().__init__("database", database_id, path=("databaseId",))


class DatabaseAlreadyExists(AlreadyExists):
    """The database id is taken."""

    def __init__(self, database_id: str) -> None:
        super().__init__(f"There is already a database {database_id!r}: choose another id.", path=("databaseId",))


class DatabaseIsDeleted(Archived):
    """The database was deleted softly."""

    def __init__(self, database_id: str) -> None:
        super().__init__(f"The database {database_id!r} is deleted: restore it first.", path=("databaseId",))


class DatabaseNotDeleted(Conflict):
    """The database is not deleted, so it can't be restored."""

    def __init__(self, database_id: str) -> None:
        super().__init__(f"The database {database_id!r} is not deleted.", path=("databaseId",))


class DatabaseNotEmpty(Conflict):
    """The database holds assets that forbid to delete it."""

    def __init__(self, database_id: str, *, active: int, archived: int) -> None:
        super().__init__(
            f"The database {database_id!r} holds {active} active and {archived} archived assets: archive the active "
            "ones, and say withArchivedAssets to leave the archived ones in it.",
            path=("databaseId",),
        )


class DatabaseHasPipelines(Conflict):
    """The database has pipelines or workflows of its own."""

    def __init__(self, database_id: str, *, pipelines: int, workflows: int) -> None:
        super().__init__(
            f"The database {database_id!r} has {pipelines} pipelines and {workflows} workflows: delete them first.",
            path=("databaseId",),
        )
