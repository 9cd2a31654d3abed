"""How the preview images of files are named: `{file}.previewFile.{ext}`, beside the file."""

from __future__ import annotations

MARK = ".previewFile"
EXTENSIONS = (".png", ".jpg", ".jpeg", ".svg", ".gif")


def preview_paths(path: str) -> tuple[str, ...]:
    """Every path that a preview of the file could have, the first alphabetically first."""
    return tuple(f"{path}{MARK}{extension}" for extension in sorted(EXTENSIONS))


def previewed_path(path: str) -> str | None:
    """The path of the file that this is a preview of; None for what is no preview."""
    base, mark, extension = path.rpartition(MARK)
    return base if mark and base and extension in EXTENSIONS else None
