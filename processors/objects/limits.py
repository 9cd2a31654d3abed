"""The limits S3 sets, checked in every store so that nothing works on one store only.

Source: "Amazon S3 multipart upload limits", "Bucket naming rules" and "Working with object metadata" in the
Amazon S3 user guide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from processors.objects.errors import StoreRejected

MIN_PART_BYTES = 5 * 1024**2
"""Every part but the last is at least this large."""
MAX_PART_BYTES = 5 * 1024**3
MAX_PUT_BYTES = 5 * 1024**3
MAX_PART_NUMBER = 10_000
MAX_KEY_BYTES = 1024
MAX_METADATA_BYTES = 2048
MAX_EXPIRES_SECONDS = 7 * 24 * 3600

_BUCKET = re.compile(r"[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]")
_METADATA_NAME = re.compile(r"[a-z0-9!#$&'*+.^_`|~-]+")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")


def check_bucket(bucket: str) -> None:
    """Raise StoreRejected unless the name fits S3's rules, which also make it a safe directory name."""
    if not _BUCKET.fullmatch(bucket):
        raise StoreRejected(
            f"use bucket {bucket!r}", "a bucket name has 3 to 63 lower-case letters, digits, dots and hyphens"
        )


def check_key(key: str) -> None:
    """Raise StoreRejected unless the key is valid text of 1 to 1024 UTF-8 bytes."""
    try:
        size = len(key.encode())
    except UnicodeEncodeError as error:
        raise StoreRejected(f"use key {key!r}", "it is not valid Unicode text") from error
    if not 1 <= size <= MAX_KEY_BYTES:
        raise StoreRejected(f"use key {key[:40]!r}…", f"it has {size} UTF-8 bytes and a key has 1 to {MAX_KEY_BYTES}")


def check_description(content_type: str, metadata: Mapping[str, str]) -> None:
    """Raise StoreRejected unless content type and metadata can travel as HTTP headers."""
    if not content_type or content_type.strip() != content_type or not _PRINTABLE.fullmatch(content_type):
        raise StoreRejected(f"store content type {content_type!r}", "it is not one line of printable ASCII")
    for name, value in metadata.items():
        if not _METADATA_NAME.fullmatch(name) or value.strip() != value or not _PRINTABLE.fullmatch(value):
            raise StoreRejected(
                f"store metadata {name!r}",
                "names are lower-case header names, values trimmed printable ASCII",
            )
    if sum(len(name) + len(value) for name, value in metadata.items()) > MAX_METADATA_BYTES:
        raise StoreRejected("store the metadata", f"names and values exceed {MAX_METADATA_BYTES} bytes together")


def check_expiry(expires_seconds: int) -> None:
    """Raise StoreRejected unless the URL's life is 1 second to 7 days."""
    if not 1 <= expires_seconds <= MAX_EXPIRES_SECONDS:
        raise StoreRejected(
            f"sign a URL for {expires_seconds} seconds", f"a URL lives 1 to {MAX_EXPIRES_SECONDS} seconds"
        )


def check_part(part_number: int, size_bytes: int) -> None:
    """Raise StoreRejected unless the part's number and size are ones a multipart upload can have."""
    if not 1 <= part_number <= MAX_PART_NUMBER:
        raise StoreRejected(f"use part number {part_number}", f"part numbers are 1 to {MAX_PART_NUMBER}")
    if not 0 <= size_bytes <= MAX_PART_BYTES:
        raise StoreRejected(f"send part {part_number} of {size_bytes} bytes", f"a part has 0 to {MAX_PART_BYTES} bytes")


def check_part_order(parts: Sequence[tuple[int, str]]) -> None:
    """Raise StoreRejected unless at least one part is named and the numbers ascend."""
    numbers = [number for number, _ in parts]
    if not numbers or any(after <= before for before, after in pairwise(numbers)):
        raise StoreRejected("complete the multipart upload", "it needs one part or more, numbers strictly ascending")


def check_put_size(size_bytes: int) -> None:
    """Raise StoreRejected if one put cannot carry that much."""
    if size_bytes > MAX_PUT_BYTES:
        raise StoreRejected(
            f"put {size_bytes} bytes at once",
            f"one put carries at most {MAX_PUT_BYTES}; use a multipart upload",
        )


def check_range(start: int, length: int) -> None:
    """Raise StoreRejected unless the range starts in or after the body and asks for at least one byte."""
    if start < 0 or length < 1:
        raise StoreRejected(
            f"read {length} bytes from byte {start}", "a range starts at 0 or later and has 1 byte or more"
        )
