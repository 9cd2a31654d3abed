"""What names, ids, tags and comments of assets may look like (rules of VAMS, `vams.md` sections 0.1 and 1.3)."""

from __future__ import annotations

import re

from domain.errors import Invalid

ASSET_ID = re.compile(r"[\w ,'.\-]{1,256}")
MAX_TAGS = 100
MAX_ASSET_ID_BYTES = 256
"""In UTF-8: ids are parts of object keys and of index rows, which have limits of their own."""


def check_asset_id(asset_id: str) -> None:
    """Raise Invalid unless it could be a file name: word characters, blanks, . , ' or -, of 1 to 256 bytes."""
    if not _is_file_name(asset_id) or len(asset_id.encode()) > MAX_ASSET_ID_BYTES:
        raise Invalid(
            "An asset id is 1 to 256 bytes of letters, digits, blanks or _ . , ' - and ends in no dot or blank; "
            f"{asset_id[:80]!r} is not.",
            path=("assetId",),
        )
    if asset_id.strip(".") == "":
        raise Invalid(f"The asset id {asset_id!r} would be a path of its own.", path=("assetId",))


def check_asset_name(asset_name: str) -> None:
    """Raise Invalid unless it has 1 to 256 printable characters that are not all blank."""
    if not 1 <= len(asset_name) <= 256 or not asset_name.strip() or not asset_name.isprintable():
        raise Invalid(
            f"An asset name has 1 to 256 printable characters; {asset_name[:80]!r} does not.",
            path=("assetName",),
        )


def check_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """The tags in order, each once. Raises Invalid for an empty, over-long or unprintable one."""
    for tag in tags:
        if not 1 <= len(tag) <= 256 or not tag.isprintable() or tag != tag.strip():
            raise Invalid(
                f"A tag has 1 to 256 printable characters and no blanks at its ends; {tag[:80]!r} does not.",
                path=("tags",),
            )
    unique = tuple(dict.fromkeys(tags))
    if len(unique) > MAX_TAGS:
        raise Invalid(f"An asset has at most {MAX_TAGS} tags, not {len(unique)}.", path=("tags",))
    return unique


def _is_file_name(text: str) -> bool:
    return bool(ASSET_ID.fullmatch(text)) and text == text.strip() and not text.endswith(".")
