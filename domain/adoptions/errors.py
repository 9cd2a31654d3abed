"""Refusals about key prefixes that are to become assets."""

from __future__ import annotations

from domain.errors import AlreadyExists, Conflict, Invalid

FIELD = ("bucketExistingKey",)


class AdoptedPrefixInvalid(Invalid):
    """The prefix can't be an asset's: it lies outside the bucket's, is none, or is kept for other things."""

    def __init__(self, prefix: str, fault: str) -> None:
        super().__init__(f"The prefix {prefix[:80]!r} {fault}.", path=FIELD)


class AdoptedPrefixTaken(AlreadyExists):
    """The prefix belongs to an asset, lies inside the prefix of one, or holds the prefixes of others."""

    def __init__(self, prefix: str, owner: str) -> None:
        super().__init__(f"The prefix {prefix!r} {owner}: every object belongs to one asset at most.", path=FIELD)


class AdoptedPrefixEmpty(Conflict):
    """There is no object below the prefix, so nothing to adopt."""

    def __init__(self, prefix: str) -> None:
        super().__init__(
            f"The bucket holds no object below {prefix!r}: check its spelling, or create the asset without it.",
            path=FIELD,
        )


class AssetPrefixNotEmpty(Conflict):
    """A new asset would get a key prefix below which others have put objects."""

    def __init__(self, prefix: str) -> None:
        super().__init__(
            f"The bucket already holds objects below {prefix!r}, which would be this asset's: adopt them by "
            f"bucketExistingKey: {prefix!r}, or choose another assetId.",
            path=("assetId",),
        )
