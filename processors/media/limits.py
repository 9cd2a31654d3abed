"""What one media job may use before it is refused or stopped."""

from __future__ import annotations

import msgspec

MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Upper bounds, all inclusive, of one job on one file."""

    side_px: int = 32768
    """Width or height of any part."""
    image_bytes: int = 4 * GIBIBYTE
    """One part's pixels as the file stores them, all channels. Read in bands, so never held at once."""
    whole_read_px: int = 16_000_000
    """Pixels up to which a part is read in one piece; above it, in bands that are shrunk as they arrive."""
    channel_count: int = 1024
    part_count: int = 256
    attribute_bytes: int = MEBIBYTE
    """A longer attribute is kept as its length and hash."""
    memory_bytes: int = 2 * GIBIBYTE
    """Address space beyond what the waiting process already has."""
    cpu_seconds: int = 60
    wall_seconds: float = 120.0
    output_bytes: int = 256 * MEBIBYTE
    """Any one file the job writes."""
    report_bytes: int = 64 * MEBIBYTE
    """The encoded inspection that the job sends back."""
