"""What an S3 server's answers say, as the store's own values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from processors.objects.store import ListedVersion, ObjectVersion


def described(bucket: str, key: str, answer: Mapping[str, Any]) -> ObjectVersion:
    """The version that a HeadObject answer is about; an object made before versioning has the id `null`."""
    return ObjectVersion(
        bucket=bucket,
        key=key,
        version_id=answer.get("VersionId", "null"),
        etag=unquoted(answer["ETag"]),
        size_bytes=answer["ContentLength"],
        last_modified=whole_seconds(answer["LastModified"]),
        content_type=answer["ContentType"],
        metadata=answer["Metadata"],
    )


def listed(bucket: str, page: Mapping[str, Any]) -> list[ListedVersion]:
    """One page of ListObjectVersions in the order of `ObjectStore.versions`.

    S3 sorts versions and delete markers together and answers them apart, so their order is restored here.
    """
    entries = [_entry(bucket, entry, is_delete_marker=False) for entry in page.get("Versions", [])]
    entries += [_entry(bucket, entry, is_delete_marker=True) for entry in page.get("DeleteMarkers", [])]
    return sorted(entries, key=lambda v: (v.key.encode(), not v.is_latest, -v.last_modified.timestamp()))


def unrepeated(versions: Iterable[ListedVersion]) -> Iterator[ListedVersion]:
    """The versions of a listing, in order of keys, each once: versitygw begins a page with the end of the last."""
    key, known = None, set[str]()
    for version in versions:
        if version.key != key:
            key, known = version.key, set()
        if version.version_id not in known:
            known.add(version.version_id)
            yield version


def unquoted(etag: str) -> str:
    """An etag without the quotes that HTTP puts round it."""
    return etag.strip('"')


def whole_seconds(moment: datetime) -> datetime:
    """The moment in UTC, cut to the second as S3's headers are."""
    return moment.astimezone(UTC).replace(microsecond=0)


def _entry(bucket: str, entry: Mapping[str, Any], *, is_delete_marker: bool) -> ListedVersion:
    return ListedVersion(
        bucket=bucket,
        key=entry["Key"],
        version_id=entry["VersionId"],
        etag=unquoted(entry.get("ETag", "")),
        size_bytes=entry.get("Size", 0),
        last_modified=whole_seconds(entry["LastModified"]),
        is_latest=entry["IsLatest"],
        is_delete_marker=is_delete_marker,
    )
