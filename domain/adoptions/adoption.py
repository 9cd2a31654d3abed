"""The adoption aggregate: how far the objects below an asset's prefix have become its files."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.adoptions.events import (
    AdoptionEvent,
    AssetAdopted,
    AssetAdoptionAdvanced,
    AssetAdoptionFailed,
    AssetAdoptionRequested,
)
from domain.stream import Aggregate


@dataclass(frozen=True)
class Adoption:
    """What commands need to know of an adoption."""

    database_id: str
    asset_id: str
    s3_bucket: str
    asset_location: str
    after_key: str | None = None
    """The last key that was looked at; None before the first."""
    is_open: bool = True

    @property
    def key(self) -> dict[str, str]:
        """The natural key, as every event of the adoption carries it."""
        return {"database_id": self.database_id, "asset_id": self.asset_id}


def evolve(adoption: Adoption | None, event: AdoptionEvent) -> Adoption:
    """The adoption after the event."""
    if isinstance(event, AssetAdoptionRequested):
        return Adoption(event.database_id, event.asset_id, event.s3_bucket, event.asset_location)
    assert adoption is not None
    match event:
        case AssetAdoptionAdvanced():
            return replace(adoption, after_key=event.after_key)
        case AssetAdopted() | AssetAdoptionFailed():
            return replace(adoption, is_open=False)
    raise TypeError(f"{type(event).__name__} is not an event of an adoption")


ADOPTIONS = Aggregate("asset-adoption", evolve)
