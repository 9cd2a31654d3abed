"""What an event is about: the database, the asset and the file that an index of the log finds it by."""

from __future__ import annotations

from typing import NamedTuple

from domain.event import Event
from domain.links.events import AssetLinkEvent
from domain.transfers.events import FileTransferEvent


class Subject(NamedTuple):
    """What an event is about; None where it is about no such thing."""

    database_id: str | None
    asset_id: str | None
    path: str | None


def subject_of(event: Event) -> Subject:
    """What the event is about. A link is about the asset that it goes from."""
    if isinstance(event, AssetLinkEvent):
        return Subject(event.from_database_id, event.from_asset_id, None)
    return Subject(getattr(event, "database_id", None), getattr(event, "asset_id", None), getattr(event, "path", None))


def other_asset_of(event: Event) -> tuple[str, str] | None:
    """Database id and asset id of a second asset that it is about: where a link goes to, or where files go."""
    match event:
        case AssetLinkEvent():
            other = (event.to_database_id, event.to_asset_id)
        case FileTransferEvent():
            other = (event.destination_database_id, event.destination_asset_id)
        case _:
            return None
    return None if other == subject_of(event)[:2] else other
