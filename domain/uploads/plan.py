"""How a file is cut into parts, within the limits of S3 multipart uploads."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import Invalid
from domain.uploads.errors import UploadTooLarge

MIB = 1 << 20
SMALLEST_PART_BYTES = 5 * MIB
LARGEST_PART_BYTES = 5 * 1024 * MIB
DEFAULT_PART_BYTES = 64 * MIB
MAX_PARTS = 10_000
MAX_PREVIEW_BYTES = 5 * MIB
PREVIEW_EXTENSIONS = (".png", ".jpg", ".jpeg", ".svg", ".gif")


@dataclass(frozen=True)
class PlannedPart:
    """One part: 1-based number, offset of its first byte, and size."""

    part_number: int
    offset: int
    size_bytes: int


def part_size(size_bytes: int, *, wanted: int | None, field: tuple[str, ...]) -> int:
    """The part size to use: the wanted one, else 64 MiB or more, so that 10 000 parts suffice.

    Raises UploadTooLarge, or Invalid for a wanted size outside 5 MiB to 5 GiB.
    """
    if size_bytes < 0:
        raise Invalid(f"A file can't have {size_bytes} bytes.", path=(*field, "sizeBytes"))
    if wanted is not None and not SMALLEST_PART_BYTES <= wanted <= LARGEST_PART_BYTES:
        raise Invalid(
            f"A part has {SMALLEST_PART_BYTES} to {LARGEST_PART_BYTES} bytes, not {wanted}.",
            path=(*field, "partSizeBytes"),
        )
    chosen = wanted or max(DEFAULT_PART_BYTES, -(-size_bytes // MAX_PARTS))
    if chosen > LARGEST_PART_BYTES or -(-size_bytes // chosen) > MAX_PARTS:
        raise UploadTooLarge(
            f"{size_bytes} bytes do not fit into {MAX_PARTS} parts of {chosen} bytes.",
            path=(*field, "sizeBytes"),
        )
    return chosen


def parts(size_bytes: int, part_size_bytes: int) -> list[PlannedPart]:
    """The parts of a file in order; none for an empty file."""
    return [
        PlannedPart(number, offset, min(part_size_bytes, size_bytes - offset))
        for number, offset in enumerate(range(0, size_bytes, part_size_bytes), 1)
    ]
