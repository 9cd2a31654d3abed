"""What an object store refuses, by what the caller can do about it.

ObjectStoreError
├── ObjectMissing        nothing readable is at that key or version
├── MultipartMissing     the multipart upload was completed, aborted or never begun
├── PartMismatch         a part named for completion is not the part that was stored
├── PartSizeMismatch     a part's body is not of the size its URL was signed for
├── UrlRefused           the URL does not grant this request
│   ├── SignatureMismatch
│   └── UrlExpired
├── StoreUnavailable     try again later; nothing is known to be wrong with the request
└── StoreRejected        trying again changes nothing
"""

from __future__ import annotations


class ObjectStoreError(Exception):
    """Any refusal of an object store."""


class ObjectMissing(ObjectStoreError):
    """No object is readable there: absent, deleted, or the version is a delete marker."""

    def __init__(self, bucket: str, key: str, version_id: str | None) -> None:
        self.bucket, self.key, self.version_id = bucket, key, version_id
        which = "its latest version" if version_id is None else f"version {version_id!r}"
        super().__init__(f"Object {key!r} in bucket {bucket!r}: {which} is absent or deleted.")


class MultipartMissing(ObjectStoreError):
    """The multipart upload is not open for that key."""

    def __init__(self, bucket: str, key: str, multipart_id: str) -> None:
        self.bucket, self.key, self.multipart_id = bucket, key, multipart_id
        super().__init__(
            f"Multipart upload {multipart_id!r} of {key!r} in bucket {bucket!r} is completed, aborted or"
            " unknown; begin a new one."
        )


class PartMismatch(ObjectStoreError):
    """A part named for completion differs from the stored one; `stored` is None when none is stored."""

    def __init__(self, *, part_number: int, declared: str, stored: str | None) -> None:
        self.part_number, self.declared, self.stored = part_number, declared, stored
        there = "is not stored" if stored is None else f"is stored with etag {stored!r}"
        super().__init__(f"Part {part_number} was declared with etag {declared!r} but {there}; send it again.")


class PartSizeMismatch(ObjectStoreError):
    """A part's body is larger or smaller than signed; `received_bytes` stops at the first chunk too many."""

    def __init__(self, *, part_number: int, signed_bytes: int, received_bytes: int) -> None:
        self.part_number, self.signed_bytes, self.received_bytes = part_number, signed_bytes, received_bytes
        super().__init__(
            f"Part {part_number} was signed for {signed_bytes} bytes and {received_bytes} came; nothing of it was kept."
        )


class UrlRefused(ObjectStoreError):
    """A signed URL does not grant this request."""


class SignatureMismatch(UrlRefused):
    """The URL was not signed by this store, or something in it was changed since."""

    def __init__(self) -> None:
        super().__init__("The signature does not match this request; ask for a new URL and use it unchanged.")


class UrlExpired(UrlRefused):
    """The URL was good once; `expired_at` is in seconds since the Unix epoch."""

    def __init__(self, expired_at: int) -> None:
        self.expired_at = expired_at
        super().__init__(f"Request has expired: the URL was good until {expired_at} (Unix time); ask for a new one.")


class StoreUnavailable(ObjectStoreError):
    """The store did not do it this time; the cause is the driver's own error."""

    is_transient = True

    def __init__(self, attempted: str, reason: str) -> None:
        self.attempted, self.reason = attempted, reason
        super().__init__(f"Could not {attempted}: {reason}. Try again.")


class StoreRejected(ObjectStoreError):
    """The store will never do it as asked; the cause, if any, is the driver's own error."""

    def __init__(self, attempted: str, reason: str) -> None:
        self.attempted, self.reason = attempted, reason
        super().__init__(f"Could not {attempted}: {reason}.")
