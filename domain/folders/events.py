"""What happened to folders."""

from __future__ import annotations

from domain.event import Event


class FolderEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one folder."""

    database_id: str
    asset_id: str
    path: str
    """Without a slash at either end."""


class FolderCreated(FolderEvent, frozen=True, kw_only=True):
    """The folder is there from now on, with or without files."""

    TOPIC = "folder-created"


class FolderDeleted(FolderEvent, frozen=True, kw_only=True):
    """The folder is there only as long as files lie in it."""

    TOPIC = "folder-deleted"


EVENTS: tuple[type[Event], ...] = (FolderCreated, FolderDeleted)
