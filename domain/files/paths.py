"""What a file's path inside its asset may be."""

from __future__ import annotations

import unicodedata

from domain.errors import Invalid

MAX_KEY_BYTES = 1024 - 36
"""The S3 limit, less what the longest name of a rendition adds: `.proxies/`, a digest and `_thumb.jpg`."""
MAX_PATH_BYTES = 700
"""Leaves room in the key for the asset's prefix."""
RENDITIONS_FOLDER = ".proxies"
WORKING_FOLDER = ".pipelines"
"""At the top of an asset: what executions of workflows make before it becomes files, and their logs."""


class PathInvalid(Invalid):
    """The path could not be a file inside an asset."""


def check_path(path: str, *, field: tuple[str, ...] = ("path",)) -> str:
    """The path in its one stored form: relative, "/" between parts, no leading slash. Raises PathInvalid."""
    relative = path.removeprefix("/")
    fault = _fault(relative)
    if fault:
        raise PathInvalid(f"The path {path[:80]!r} {fault}.", path=field)
    return relative


def check_key(s3_key: str, *, field: tuple[str, ...]) -> str:
    """The key, when S3 could store it and the renditions of it. Raises PathInvalid."""
    size = len(s3_key.encode())
    if size > MAX_KEY_BYTES:
        raise PathInvalid(f"The path makes an object key of {size} bytes; {MAX_KEY_BYTES} are allowed.", path=field)
    return s3_key


def extension(path: str) -> str:
    """Lower-case extension with its dot; empty when the name has none."""
    name = path.rsplit("/", 1)[-1]
    stem, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot and stem and last else ""


def _fault(path: str) -> str | None:
    parts = path.split("/")
    if not path or "" in parts:
        return "is empty or has an empty part"
    if any(part in (".", "..") for part in parts):
        return "has a part '.' or '..'"
    if "\\" in path or not _is_text(path):
        return "holds a backslash, a control character or a character outside Unicode"
    if len(path.encode()) > MAX_PATH_BYTES:
        return f"has {len(path.encode())} bytes; {MAX_PATH_BYTES} are allowed"
    if RENDITIONS_FOLDER in parts:
        return f"lies in a folder {RENDITIONS_FOLDER!r}, which is kept for renditions"
    if parts[0] == WORKING_FOLDER:
        return f"lies in the folder {WORKING_FOLDER!r}, which is kept for executions of workflows"
    return None


def _is_text(path: str) -> bool:
    if path.isascii():
        return path.isprintable()
    return not any(unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") for character in path)
