"""Which bytes of a body a Range header asks for (RFC 9110, section 14)."""

from __future__ import annotations

import re

_SINGLE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)


class RangeUnsatisfiable(Exception):
    """The range begins at or after the end of a body of `size_bytes`."""

    def __init__(self, size_bytes: int) -> None:
        self.size_bytes = size_bytes
        super().__init__(f"The requested range is not satisfiable: the object has {size_bytes} bytes.")


def requested_range(header: str | None, size_bytes: int) -> tuple[int, int] | None:
    """Start inclusive and end exclusive, or None to send everything.

    None is also the answer to a malformed header and, as on S3, to several ranges at once; the RFC lets a
    server ignore both. Raises RangeUnsatisfiable.
    """
    match = _SINGLE.fullmatch(header.strip()) if header else None
    if match is None or match[0].endswith("=-"):
        return None
    first, last = match[1], match[2]
    if not first:
        start, end = max(size_bytes - int(last), 0), size_bytes
    else:
        start, end = int(first), min(int(last) + 1, size_bytes) if last else size_bytes
        if last and int(last) < start:
            return None
    if start >= size_bytes:
        raise RangeUnsatisfiable(size_bytes)
    return start, end
