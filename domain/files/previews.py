"""Previews of files: files of their own, beside what they show, named `{file}.previewFile.{ext}`."""

from __future__ import annotations

from domain.files.errors import FilePreviewInvalid

MARK = ".previewFile"
EXTENSIONS = ("gif", "jpeg", "jpg", "png", "svg")
"""In the order in which the first that exists is shown."""
MAX_BYTES = 5 << 20


def base_of(path: str) -> str | None:
    """The path that this one is a preview of; None when it is none."""
    stem, dot, last = path.rpartition(".")
    base = stem.removesuffix(MARK)
    is_preview = bool(dot) and last in EXTENSIONS and base != stem and base != "" and not base.endswith("/")
    return base if is_preview else None


def candidates(path: str) -> tuple[str, ...]:
    """Every path that would be a preview of this one; none for a preview."""
    return () if base_of(path) else tuple(f"{path}{MARK}.{extension}" for extension in EXTENSIONS)


def check_preview(path: str, size_bytes: int, *, field: tuple[str, ...]) -> None:
    """Raise FilePreviewInvalid for a file that is named like a preview and is too large, or of another format."""
    name = path.rpartition("/")[2]
    if MARK not in name.rpartition(".")[0][-len(MARK) :]:
        return
    if base_of(path) is None:
        known = ", ".join(EXTENSIONS)
        raise FilePreviewInvalid(f"{path!r} is named like a preview, which is one of {known}.", path=(*field, "path"))
    if size_bytes > MAX_BYTES:
        raise FilePreviewInvalid(
            f"A preview has at most {MAX_BYTES} bytes, not {size_bytes}.", path=(*field, "sizeBytes")
        )
