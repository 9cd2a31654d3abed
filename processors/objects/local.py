"""The embedded object store: a versioned directory with S3's semantics, safe to kill at any moment.

The root holds `buckets/<bucket>/objects` (a tree of keys, see key_paths), `buckets/<bucket>/uploads` (open
multipart uploads) and `drafts` (half-made things of live processes). A version, a part and an upload each
come into being by one rename of a finished, synced directory, and go by one rename out of sight; so any
number of processes share a root.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from processors.objects import limits
from processors.objects.disk import key_paths, multiparts, versions
from processors.objects.disk.body import CHUNK_BYTES, body_path, join_bodies, link_body, write_body
from processors.objects.disk.completion import checked_parts, is_md5, joined_etag
from processors.objects.disk.durable import sync_directory
from processors.objects.disk.failures import disk
from processors.objects.disk.multiparts import OpenMultipart
from processors.objects.disk.reception import PartReception
from processors.objects.disk.versions import Manifest, StoredVersion
from processors.objects.disk.workspace import Workspace
from processors.objects.errors import MultipartMissing, ObjectMissing, StoreRejected
from processors.objects.signing import DownloadGrant, PartGrant, UrlSigner
from processors.objects.store import ListedVersion, ObjectVersion, SignedRequest, StoredPart


class LocatedObject(msgspec.Struct, frozen=True, kw_only=True):
    """A version and the file that is its body."""

    version: ObjectVersion
    body: Path


class LocalObjectStore:
    """ObjectStore over a directory; `base_url` is where the gateway that serves its URLs is reached."""

    def __init__(self, root: Path, base_url: str, secret: bytes, *, clock: Callable[[], float] = time.time) -> None:
        self._buckets = root / "buckets"
        self._clock = clock
        self.urls = UrlSigner(base_url=base_url, secret=secret, clock=clock)
        with disk(f"open the object store at {root}"):
            self._buckets.mkdir(parents=True, exist_ok=True)
            self._workspace = Workspace(root / "drafts")

    def close(self) -> None:
        """Remove this process's drafts; the store is not used afterwards."""
        self._workspace.close()

    def ensure_bucket(self, bucket: str) -> None:
        """See ObjectStore."""
        limits.check_bucket(bucket)
        with disk(f"create bucket {bucket!r}"), self._workspace.draft() as draft:
            for part in ("objects", "uploads"):
                (draft / part).mkdir()
            sync_directory(draft)
            try:
                draft.rename(self._buckets / bucket)
            except OSError:
                # The name is taken by a non-empty directory: the bucket, perhaps made this very moment.
                if not (self._buckets / bucket).is_dir():
                    raise
            sync_directory(self._buckets)

    def create_multipart(self, bucket: str, key: str, *, content_type: str, metadata: Mapping[str, str]) -> str:
        """See ObjectStore."""
        uploads = self._objects(bucket, key).with_name("uploads")
        limits.check_description(content_type, metadata)
        with disk(f"begin a multipart upload of {key!r}"):
            return multiparts.create(
                uploads, key=key, content_type=content_type, metadata=metadata, workspace=self._workspace
            )

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
        """See ObjectStore."""
        self._check_names(bucket, key)
        limits.check_part(part_number, size_bytes)
        limits.check_expiry(expires_seconds)
        grant = PartGrant(
            bucket=bucket,
            key=key,
            multipart_id=multipart_id,
            part_number=part_number,
            size_bytes=size_bytes,
            expires_at=self.urls.expiry(expires_seconds),
        )
        headers = (("Content-Length", str(size_bytes)),)
        return SignedRequest(url=self.urls.url(grant), method="PUT", headers=headers)

    def receive_part(self, grant: PartGrant) -> PartReception:
        """Make room for a part that a verified URL grants; raises MultipartMissing."""
        return PartReception(grant, uploads=self._uploads(grant.bucket, grant.key), workspace=self._workspace)

    def parts(self, bucket: str, key: str, *, multipart_id: str) -> list[StoredPart]:
        """See ObjectStore."""
        uploads = self._uploads(bucket, key)
        with (
            disk(f"list the parts of {key!r}"),
            multiparts.opened(uploads, multipart_id, key=key, exclusive=False) as upload,
        ):
            if upload is None:
                raise MultipartMissing(bucket, key, multipart_id)
            return [part for part, _ in upload.parts().values()]

    def complete_multipart(
        self, bucket: str, key: str, *, multipart_id: str, parts: Sequence[tuple[int, str]]
    ) -> ObjectVersion:
        """See ObjectStore; the upload is remembered for as long as its version exists."""
        uploads = self._uploads(bucket, key)
        limits.check_part_order(parts)
        named = [(number, etag.strip('"')) for number, etag in parts]
        with (
            disk(f"complete the multipart upload of {key!r}"),
            multiparts.opened(uploads, multipart_id, key=key, exclusive=True) as upload,
        ):
            version = self._completed(bucket, key, multipart_id=multipart_id, etags=[etag for _, etag in named])
            if upload is not None:
                sources = [] if version else checked_parts(upload, named)
                version = version or self._joined(bucket, upload, sources)
                self._workspace.discard(upload.directory)
        if version is None:
            raise MultipartMissing(bucket, key, multipart_id)
        return version.described(bucket, key)

    def abort_multipart(self, bucket: str, key: str, *, multipart_id: str) -> None:
        """See ObjectStore."""
        uploads = self._uploads(bucket, key)
        with (
            disk(f"abort the multipart upload of {key!r}"),
            multiparts.opened(uploads, multipart_id, key=key, exclusive=True) as upload,
        ):
            if upload is not None:
                self._workspace.discard(upload.directory)

    def put(
        self, bucket: str, key: str, body: Path | bytes, *, content_type: str, metadata: Mapping[str, str]
    ) -> ObjectVersion:
        """See ObjectStore."""
        objects = self._objects(bucket, key)
        limits.check_description(content_type, metadata)
        limits.check_put_size(len(body) if isinstance(body, bytes) else body.stat().st_size)
        with disk(f"put {key!r}"), self._workspace.draft() as draft:
            etag, size_bytes = write_body(draft, body)
            manifest = Manifest(
                token=versions.new_token(),
                etag=etag,
                size_bytes=size_bytes,
                last_modified=self._now(),
                content_type=content_type,
                metadata=dict(metadata),
            )
            into = key_paths.versions_directory(objects, key)
            return versions.commit(draft, manifest, into=into, below=objects).described(bucket, key)

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
        """See ObjectStore; both versions share one file on the disk."""
        target = to_bucket or bucket
        objects = self._objects(target, to_key)
        source = self.locate(bucket, key, version_id=version_id)
        limits.check_description(source.version.content_type, metadata or {})
        manifest = Manifest(
            token=versions.new_token(),
            etag=source.version.etag,
            size_bytes=source.version.size_bytes,
            last_modified=self._now(),
            content_type=source.version.content_type,
            metadata=dict(source.version.metadata if metadata is None else metadata),
        )
        with disk(f"copy {key!r} to {to_key!r}"), self._workspace.draft() as draft:
            try:
                link_body(draft, source.body)
            except FileNotFoundError as error:
                # The version was erased after it was found.
                raise ObjectMissing(bucket, key, version_id) from error
            into = key_paths.versions_directory(objects, to_key)
            return versions.commit(draft, manifest, into=into, below=objects).described(target, to_key)

    def head(self, bucket: str, key: str, *, version_id: str | None = None) -> ObjectVersion:
        """See ObjectStore."""
        return self.locate(bucket, key, version_id=version_id).version

    def locate(self, bucket: str, key: str, *, version_id: str | None) -> LocatedObject:
        """Find a version and the file that is its body; raises ObjectMissing. The file never changes."""
        self._check_names(bucket, key)
        objects = self._buckets / bucket / "objects"
        with disk(f"find {key!r}"):
            found = versions.find(key_paths.versions_directory(objects, key), version_id)
        if found is None or found.manifest.is_delete_marker:
            raise ObjectMissing(bucket, key, version_id)
        return LocatedObject(version=found.described(bucket, key), body=body_path(found.directory))

    def download(self, bucket: str, key: str, *, version_id: str | None, to: Path) -> None:
        """See ObjectStore."""
        located = self.locate(bucket, key, version_id=version_id)
        partial = to.with_name(f".{versions.new_token()}.partial")
        try:
            with partial.open("xb") as copy, disk(f"download {key!r}"), located.body.open("rb") as body:
                shutil.copyfileobj(body, copy, CHUNK_BYTES)
            partial.replace(to)
        finally:
            partial.unlink(missing_ok=True)

    def open_range(self, bucket: str, key: str, *, version_id: str | None, start: int, length: int) -> bytes:
        """See ObjectStore."""
        limits.check_range(start, length)
        located = self.locate(bucket, key, version_id=version_id)
        with disk(f"read {key!r}"), located.body.open("rb") as body:
            body.seek(start)
            return body.read(length)

    def sign_download(
        self, bucket: str, key: str, *, version_id: str | None, expires_seconds: int, file_name: str | None
    ) -> str:
        """See ObjectStore."""
        self._check_names(bucket, key)
        limits.check_expiry(expires_seconds)
        return self.urls.url(
            DownloadGrant(
                bucket=bucket,
                key=key,
                version_id=version_id,
                file_name=file_name,
                expires_at=self.urls.expiry(expires_seconds),
            )
        )

    def versions(self, bucket: str, prefix: str, *, after: str | None = None) -> Iterator[ListedVersion]:
        """See ObjectStore."""
        objects = self._objects(bucket)
        last = b"" if after is None else after.encode()
        with disk(f"list {prefix!r} in bucket {bucket!r}"):
            for key, directory in key_paths.walk(objects, prefix):
                if key.encode() > last:
                    yield from _listed(bucket, key, directory)

    def versions_of(self, bucket: str, key: str) -> list[ListedVersion]:
        """See ObjectStore."""
        objects = self._objects(bucket, key)
        with disk(f"list the versions of {key!r}"):
            return list(_listed(bucket, key, key_paths.versions_directory(objects, key)))

    def objects(self, bucket: str, prefix: str) -> Iterator[ListedVersion]:
        """See ObjectStore."""
        return (v for v in self.versions(bucket, prefix) if v.is_latest and not v.is_delete_marker)

    def delete(self, bucket: str, key: str) -> str:
        """See ObjectStore; an absent key gets its marker too."""
        objects = self._objects(bucket, key)
        manifest = Manifest(
            token=versions.new_token(),
            etag="",
            size_bytes=0,
            last_modified=self._now(),
            content_type="",
            metadata={},
            is_delete_marker=True,
        )
        with disk(f"delete {key!r}"), self._workspace.draft() as draft:
            into = key_paths.versions_directory(objects, key)
            return versions.commit(draft, manifest, into=into, below=objects).version_id

    def delete_version(self, bucket: str, key: str, *, version_id: str) -> None:
        """See ObjectStore."""
        objects = self._objects(bucket, key)
        with disk(f"erase a version of {key!r}"):
            if found := versions.find(key_paths.versions_directory(objects, key), version_id):
                versions.erase(found, workspace=self._workspace, below=objects)

    def _completed(self, bucket: str, key: str, *, multipart_id: str, etags: Sequence[str]) -> StoredVersion | None:
        """The version that an earlier completion made, even if it was killed before it could say so."""
        if not all(is_md5(etag) for etag in etags):
            return None
        etag = joined_etag(etags)
        directory = key_paths.versions_directory(self._objects(bucket), key)
        return next(
            (
                version
                for version in versions.newest_first(directory)
                if version.manifest.multipart_id == multipart_id and version.manifest.etag == etag
            ),
            None,
        )

    def _joined(self, bucket: str, upload: OpenMultipart, sources: Sequence[tuple[StoredPart, Path]]) -> StoredVersion:
        objects = self._objects(bucket)
        manifest = Manifest(
            token=versions.new_token(),
            etag=joined_etag([part.etag for part, _ in sources]),
            size_bytes=sum(part.size_bytes for part, _ in sources),
            last_modified=self._now(),
            content_type=upload.description.content_type,
            metadata=upload.description.metadata,
            multipart_id=upload.directory.name,
        )
        with self._workspace.draft() as draft:
            join_bodies(draft, [source for _, source in sources])
            into = key_paths.versions_directory(objects, upload.description.key)
            return versions.commit(draft, manifest, into=into, below=objects)

    def _objects(self, bucket: str, key: str | None = None) -> Path:
        limits.check_bucket(bucket)
        if key is not None:
            limits.check_key(key)
        objects = self._buckets / bucket / "objects"
        if not objects.is_dir():
            raise StoreRejected(f"use bucket {bucket!r}", "there is no such bucket; ensure_bucket creates it")
        return objects

    def _uploads(self, bucket: str, key: str) -> Path:
        return self._objects(bucket, key).with_name("uploads")

    def _check_names(self, bucket: str, key: str) -> None:
        limits.check_bucket(bucket)
        limits.check_key(key)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(int(self._clock()), UTC)


def _listed(bucket: str, key: str, directory: Path) -> Iterator[ListedVersion]:
    for position, version in enumerate(versions.newest_first(directory)):
        yield version.listed(bucket, key, is_latest=position == 0)
