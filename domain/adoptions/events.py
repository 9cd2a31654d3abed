"""What happened to adoptions of key prefixes."""

from __future__ import annotations

import msgspec

from domain.event import Event


class AdoptionEvent(Event, frozen=True, kw_only=True):
    """Base of the events of the adoption of one asset's prefix."""

    database_id: str
    asset_id: str


class SkippedObject(msgspec.Struct, frozen=True, kw_only=True):
    """An object below the prefix that became no file."""

    s3_key: str
    reason: str


class AssetAdoptionRequested(AdoptionEvent, frozen=True, kw_only=True):
    """The objects below the asset's prefix are to become its files; a processor does it and records how far it came."""

    TOPIC = "asset-adoption-requested"
    s3_bucket: str
    asset_location: str


class AssetAdoptionAdvanced(AdoptionEvent, frozen=True, kw_only=True):
    """The objects up to a key are files now, recorded together with this, or were left out."""

    TOPIC = "asset-adoption-advanced"
    after_key: str
    """The last key that was looked at, in S3's order of keys."""
    registered: int
    """Files among them, counting each key once."""
    reserved: int = 0
    """Objects in reserved folders and folder markers, which are no files."""
    skipped: tuple[SkippedObject, ...] = ()


class AssetAdopted(AdoptionEvent, frozen=True, kw_only=True):
    """Every object below the prefix was looked at."""

    TOPIC = "asset-adopted"


class AssetAdoptionFailed(AdoptionEvent, frozen=True, kw_only=True):
    """The adoption was given up; what was registered until then stays."""

    TOPIC = "asset-adoption-failed"
    message: str


EVENTS: tuple[type[Event], ...] = (AssetAdoptionRequested, AssetAdoptionAdvanced, AssetAdopted, AssetAdoptionFailed)
