"""Which metadata and attributes a transferred file has, by the policy of its transfer."""

from __future__ import annotations

from domain.files.events import FileAttributesSet, FileEvent, FileMetadataSet, FilePlace
from domain.files.file import File
from domain.metadata import Metadata, MetadataEntry
from domain.transfers.events import MetadataPolicy


def clash(source: File, destination: File | None, policy: MetadataPolicy, *, most: int | None = None) -> str | None:
    """Why the entries of both can't be put together by this policy, or are more than `most`; None when they can."""
    if destination is None:
        return None
    sides = (source.metadata, destination.left_metadata), (source.attributes, destination.left_attributes)
    if policy is MetadataPolicy.FAIL:
        keys = [key for mine, theirs in sides for key in mine if key in theirs and mine[key] != theirs[key]]
        if keys:
            return f"the last file there had other values of {', '.join(sorted(keys))}"
    longest = max(len(_kept(mine, theirs, policy)) for mine, theirs in sides)
    is_too_long = most is not None and longest > most
    return f"together they have {longest} entries; {most} are allowed" if is_too_long else None


def entry_events(
    place: FilePlace, source: File | None, destination: File | None, *, policy: MetadataPolicy
) -> tuple[FileEvent, ...]:
    """What gives the new file its entries; nothing when it is to have none."""
    key = {"database_id": place.database_id, "asset_id": place.asset_id, "path": place.path}
    metadata = _kept(source.metadata if source else {}, destination.left_metadata if destination else {}, policy)
    attributes = _kept(source.attributes if source else {}, destination.left_attributes if destination else {}, policy)
    setting = (FileMetadataSet(**key, entries=metadata),) if metadata else ()
    return (*setting, FileAttributesSet(**key, entries=attributes)) if attributes else setting


def _kept(mine: Metadata, theirs: Metadata, policy: MetadataPolicy) -> tuple[MetadataEntry, ...]:
    if policy is MetadataPolicy.NONE:
        return ()
    both = {**mine, **theirs} if policy is MetadataPolicy.KEEP_DESTINATION else {**theirs, **mine}
    return tuple(both[key] for key in sorted(both))
