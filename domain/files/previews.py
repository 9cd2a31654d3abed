"""Previews of files: files of their own, beside what they show, named `{file}.previewFile.{ext}`."""

from __future__ import annotations

MARK = ".previewFile"
EXTENSIONS = ("gif", "jpeg", "jpg", "png", "svg")
"""In the order in which the first that exists is shown."""


def base_of(path: str) -> str | None:
    """The path that this one is a preview of; None when it is none."""
    stem, dot, last = path.rpartition(".")
    base = stem.removesuffix(MARK)
    is_preview = bool(dot) and last in EXTENSIONS and base != stem and base != "" and not base.endswith("/")
    return base if is_preview else None


def candidates(path: str) -> tuple[str, ...]:
    """Every path that would be a preview of this one; none for a preview."""
    return () if base_of(path) else tuple(f"{path}{MARK}.{extension}" for extension in EXTENSIONS)
