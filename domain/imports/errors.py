"""Refusals of imports."""

from __future__ import annotations

from domain.errors import Conflict


class LocationTaken(Conflict):
    """Another asset, or a bucket's base prefix, has the key prefix."""

    def __init__(self, asset_location: str) -> None:
        super().__init__(f"The key prefix {asset_location!r} belongs to another asset, or assets lie under it.")
