"""Refusals about buckets."""

from __future__ import annotations

from domain.errors import AlreadyExists


class PrefixBelongsToAsset(AlreadyExists):
    """An asset owns the base prefix, or one that it lies in."""

    def __init__(self, location: str) -> None:
        super().__init__(
            f"The prefix {location!r} belongs to an asset: assets can't lie inside it.", path=("baseAssetsPrefix",)
        )
