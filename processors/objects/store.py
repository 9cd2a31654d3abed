"""What an object store must do; S3 defines every behaviour, and one contract suite holds all stores to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec


class ObjectVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One stored version of an object, as `head` tells it."""

    bucket: str
    key: str
    version_id: str
    etag: str
    """Unquoted. MD5 hex of a put; MD5 of the parts' MD5s, a dash and their number for a multipart upload."""
    size_bytes: int
    last_modified: datetime
    """UTC, whole seconds."""
    content_type: str
    metadata: Mapping[str, str]
    """User metadata; the names are lower case."""
    is_delete_marker: bool = False


class ListedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a listing; S3 lists neither content type nor metadata, so `head` tells those."""

    bucket: str
    key: str
    version_id: str
    etag: str
    """As in ObjectVersion; empty for a delete marker."""
    size_bytes: int
    last_modified: datetime
    is_latest: bool
    is_delete_marker: bool


class StoredPart(msgspec.Struct, frozen=True, kw_only=True):
    """One part that a multipart upload holds."""

    part_number: int
    """1 to 10 000."""
    etag: str
    size_bytes: int


class SignedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """An HTTP request that anyone may send until it expires; the headers must go with it as they are."""

    url: str
    method: str
    headers: tuple[tuple[str, str], ...]


class ObjectStore(Protocol):
    """Versioned objects in buckets.

    A key is any text of 1 to 1024 UTF-8 bytes. `version_id=None` means the latest version.
    Every method may raise StoreUnavailable (try again) and StoreRejected (do not).
    """

    def ensure_bucket(self, bucket: str) -> None:
        """Create the bucket with versioning on if it is absent; StoreRejected if it is there without."""

    def create_multipart(self, bucket: str, key: str, *, content_type: str, metadata: Mapping[str, str]) -> str:
        """Begin a multipart upload and return its id.

        Metadata is printable ASCII with lower-case names, 2 KiB in all.
        """

    def sign_part(
        self,
        bucket: str,
        key: str,
        *,
        multipart_id: str,
        part_number: int,
        size_bytes: int,
        expires_seconds: int,
    ) -> SignedRequest:
        """Sign the upload of one part of exactly `size_bytes`; it expires after 1 second to 7 days.

        Its answer carries the part's ETag. Sending a part again replaces it.
        """

    def parts(self, bucket: str, key: str, *, multipart_id: str) -> list[StoredPart]:
        """Every part stored so far, ascending by number; raises MultipartMissing."""

    def complete_multipart(
        self, bucket: str, key: str, *, multipart_id: str, parts: Sequence[tuple[int, str]]
    ) -> ObjectVersion:
        """Join the named (part number, etag) pairs into one new version.

        Numbers ascend, and every part but the last is at least 5 MiB, else StoreRejected; an etag that is not
        the stored one raises PartMismatch; an upload that is not open raises MultipartMissing. None of these
        changes anything. Repeating a successful call returns the version it made, or raises MultipartMissing
        where the store has forgotten the upload; it never makes a second version.
        """

    def abort_multipart(self, bucket: str, key: str, *, multipart_id: str) -> None:
        """Forget the upload and its parts; one that is not open is left as it is."""

    def put(
        self, bucket: str, key: str, body: Path | bytes, *, content_type: str, metadata: Mapping[str, str]
    ) -> ObjectVersion:
        """Store one new version of at most 5 GiB; larger bodies are multipart uploads."""

    def copy(
        self,
        bucket: str,
        key: str,
        *,
        version_id: str | None,
        to_key: str,
        to_bucket: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectVersion:
        """Store one new version at `to_key` with the bytes of a version, which stay in the store.

        `to_bucket` is another bucket of the same store; None stands for the one that the bytes are in.

        The content type is kept, and the metadata too unless other is given. The etag may differ from the source's
        where that was a multipart upload. Raises ObjectMissing.
        """

    def head(self, bucket: str, key: str, *, version_id: str | None = None) -> ObjectVersion:
        """Describe one version; raises ObjectMissing, also for a delete marker."""

    def download(self, bucket: str, key: str, *, version_id: str | None, to: Path) -> None:
        """Write the body to `to`, replacing it; a failure leaves `to` as it was. Raises ObjectMissing."""

    def open_range(self, bucket: str, key: str, *, version_id: str | None, start: int, length: int) -> bytes:
        """The bytes from `start` (0-based, inclusive) on, at most `length` of them; empty at or past the end.

        Raises ObjectMissing.
        """

    def sign_download(
        self, bucket: str, key: str, *, version_id: str | None, expires_seconds: int, file_name: str | None
    ) -> str:
        """A URL that anyone may GET, with ranges, for 1 second to 7 days.

        A browser saves it as `file_name`; None lets the browser show it in place. Whether the object exists
        is not checked here.
        """

    def versions(self, bucket: str, prefix: str, *, after: str | None = None) -> Iterator[ListedVersion]:
        """Every version and delete marker under the prefix: keys by UTF-8 bytes, newest first within a key.

        With `after`, those of later keys only; that key itself need not exist.

        The latest always comes first. S3 tells times in seconds, so there the order of an older version and a
        delete marker made within the same second is not known.
        """

    def versions_of(self, bucket: str, key: str) -> list[ListedVersion]:
        """Every version and delete marker of exactly this key, ordered as `versions` orders them."""

    def objects(self, bucket: str, prefix: str) -> Iterator[ListedVersion]:
        """The latest version of every key under the prefix that is not deleted, in order of keys."""

    def delete(self, bucket: str, key: str) -> str | None:
        """Put a delete marker on top and return its version id.

        None is returned where the store makes no marker for a key that is absent.
        """

    def delete_version(self, bucket: str, key: str, *, version_id: str) -> None:
        """Erase one version or delete marker for good; one that is gone already is no error."""
