"""The Content-Disposition header that names a download."""

from __future__ import annotations

from urllib.parse import quote


def attachment(file_name: str) -> str:
    """Name a download: an ASCII fallback, and the exact name in UTF-8 (RFC 6266, RFC 5987)."""
    ascii_name = "".join(
        character if character.isascii() and character.isprintable() and character not in '"\\%/' else "_"
        for character in file_name
    )
    exact = quote(file_name, safe="!#$&+.^_`|~-", errors="replace")
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{exact}"
