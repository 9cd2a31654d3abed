"""How the parts of a multipart upload become one object: which parts may, and what its ETag is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from processors.objects.disk.multiparts import OpenMultipart
from processors.objects.errors import PartMismatch, StoreRejected
from processors.objects.limits import MIN_PART_BYTES
from processors.objects.store import StoredPart

_MD5 = re.compile(r"[0-9a-f]{32}")


def is_md5(etag: str) -> bool:
    """Whether a part could have that etag at all."""
    return _MD5.fullmatch(etag) is not None


def joined_etag(etags: Sequence[str]) -> str:
    """S3's ETag of a multipart object: the MD5 of the parts' MD5s, a dash, and how many there are."""
    digests = bytes.fromhex("".join(etags))
    return f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(etags)}"


def checked_parts(upload: OpenMultipart, named: Sequence[tuple[int, str]]) -> list[tuple[StoredPart, Path]]:
    """The stored parts that are named and where they are.

    Raises PartMismatch, and StoreRejected if a part before the last is too small.
    """
    stored = upload.parts()
    for number, etag in named:
        there = stored[number][0].etag if number in stored else None
        if there != etag:
            raise PartMismatch(part_number=number, declared=etag, stored=there)
    chosen = [stored[number] for number, _ in named]
    for part, _ in chosen[:-1]:
        if part.size_bytes < MIN_PART_BYTES:
            short = f"part {part.part_number} has {part.size_bytes} bytes, below {MIN_PART_BYTES}"
            raise StoreRejected("complete the multipart upload", f"{short}, and is not the last")
    return chosen
