"""How a file is cut into parts, within the limits of S3 multipart uploads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import Invalid
from domain.uploads.errors import UploadTooLarge

MIB = 1 << 20
TIB = 1 << 40
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


@dataclass(frozen=True)
class UploadLimits:
    """How large a session, a file and a part may be; S3 allows no more than the defaults of a file."""

    files: int = 10_000
    total_bytes: int = 100 * TIB
    file_bytes: int = MAX_PARTS * LARGEST_PART_BYTES
    parts: int = MAX_PARTS
    part_bytes: int = DEFAULT_PART_BYTES
    """Size of a part unless the caller or the number of parts wants another."""

    def check_total(self, sizes: Sequence[int]) -> None:
        """Raise UploadTooLarge unless the files fit into one session."""
        total = sum(sizes)
        if total > self.total_bytes:
            message = f"The files have {total} bytes in all; one upload takes {self.total_bytes}: split it."
            raise UploadTooLarge(message, path=("files",))


LIMITS = UploadLimits()


def part_size(size_bytes: int, *, wanted: int | None, field: tuple[str, ...], limits: UploadLimits = LIMITS) -> int:
    """The part size to use: the wanted one, else 64 MiB or more, so that the allowed number of parts suffices.

    Raises UploadTooLarge, or Invalid for a wanted size outside 5 MiB to 5 GiB.
    """
    if size_bytes < 0:
        raise Invalid(f"A file can't have {size_bytes} bytes.", path=(*field, "sizeBytes"))
    if size_bytes > limits.file_bytes:
        message = f"The file has {size_bytes} bytes; at most {limits.file_bytes} are taken."
        raise UploadTooLarge(message, path=(*field, "sizeBytes"))
    if wanted is not None and not SMALLEST_PART_BYTES <= wanted <= LARGEST_PART_BYTES:
        raise Invalid(
            f"A part has {SMALLEST_PART_BYTES} to {LARGEST_PART_BYTES} bytes, not {wanted}.",
            path=(*field, "partSizeBytes"),
        )
    chosen = wanted or max(limits.part_bytes, -(-size_bytes // limits.parts))
    if chosen > LARGEST_PART_BYTES or -(-size_bytes // chosen) > limits.parts:
        raise UploadTooLarge(
            f"{size_bytes} bytes do not fit into {limits.parts} parts of {chosen} bytes.",
            path=(*field, "sizeBytes"),
        )
    return chosen


def parts(size_bytes: int, part_size_bytes: int) -> list[PlannedPart]:
    """The parts of a file in order; none for an empty file."""
    return [
        PlannedPart(number, offset, min(part_size_bytes, size_bytes - offset))
        for number, offset in enumerate(range(0, size_bytes, part_size_bytes), 1)
    ]
