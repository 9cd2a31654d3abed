"""What names, ids and comments of assets may look like (rules of VAMS, `vams.md` sections 0.1 and 1.3)."""

from __future__ import annotations

import re

from domain.errors import Invalid

ASSET_ID = re.compile(r"[\w ,'.\-]{1,256}")
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


def _is_file_name(text: str) -> bool:
    return bool(ASSET_ID.fullmatch(text)) and text == text.strip() and not text.endswith(".")
