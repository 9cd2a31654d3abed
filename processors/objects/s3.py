"""The object store on any S3 server, through boto3."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import msgspec
from botocore.config import Config
from botocore.exceptions import ClientError

from processors.objects import limits
from processors.objects.disposition import attachment
from processors.objects.errors import (
    MultipartMissing,
    ObjectMissing,
    PartMismatch,
    StoreRejected,
)
from processors.objects.s3_answers import described, listed, unquoted, unrepeated
from processors.objects.s3_copies import copied
from processors.objects.s3_failures import code, multipart_open, present, s3
from processors.objects.store import ListedVersion, ObjectVersion, SignedRequest, StoredPart

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_CHUNK_BYTES = 1024**2
_FEW_VERSIONS = 50
_CONNECT_SECONDS = 5.0
"""Not the SDK's minute, three times: a server that takes no connection in that time is away."""


class S3Connection(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach an S3 server; None leaves the choice to boto3 (AWS, and its chain of credentials)."""

    region_name: str = "us-east-1"
    endpoint_url: str | None = None
    public_endpoint_url: str | None = None
    """What signed URLs begin with where callers reach the server by another address; None is endpoint_url."""
    access_key_id: str | None = None
    secret_access_key: str | None = None
    path_style: bool = True
    """Bucket in the path rather than in the host name; most servers other than AWS need it."""


def connect(connection: S3Connection) -> S3ObjectStore:
    """Make a store; nothing is sent until its first method is called."""
    public_url = connection.public_endpoint_url
    client = _client(connection, endpoint_url=connection.endpoint_url)
    signing_client = _client(connection, endpoint_url=public_url) if public_url else client
    return S3ObjectStore(client, signing_client=signing_client)


class S3ObjectStore:
    """ObjectStore over a boto3 client; `signing_client` differs where signed URLs carry another host."""

    def __init__(
        self, client: S3Client, *, signing_client: S3Client, copy_part_bytes: int = limits.MAX_PART_BYTES
    ) -> None:
        self._client = client
        self._copy_part_bytes = copy_part_bytes
        self._signing_client = signing_client

    def ensure_bucket(self, bucket: str) -> None:
        """See ObjectStore."""
        limits.check_bucket(bucket)
        with s3(f"create bucket {bucket!r}"):
            try:
                status = self._client.get_bucket_versioning(Bucket=bucket).get("Status")
            except ClientError as error:
                if code(error) != "NoSuchBucket":
                    raise
                self._create_bucket(bucket)
                status = "Enabled"
        if status != "Enabled":
            raise StoreRejected(f"use bucket {bucket!r}", "it exists with versioning off; turn versioning on")

    def create_multipart(self, bucket: str, key: str, *, content_type: str, metadata: Mapping[str, str]) -> str:
        """See ObjectStore."""
        limits.check_key(key)
        limits.check_description(content_type, metadata)
        with s3(f"begin a multipart upload of {key!r}"):
            answer = self._client.create_multipart_upload(
                Bucket=bucket, Key=key, ContentType=content_type, Metadata=metadata
            )
        return answer["UploadId"]

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
        """See ObjectStore; the size is bound by signing the Content-Length header."""
        limits.check_key(key)
        limits.check_part(part_number, size_bytes)
        limits.check_expiry(expires_seconds)
        params = {
            "Bucket": bucket,
            "Key": key,
            "UploadId": multipart_id,
            "PartNumber": part_number,
            "ContentLength": size_bytes,
        }
        with s3(f"sign part {part_number} of {key!r}"):
            url = self._signing_client.generate_presigned_url("upload_part", params, expires_seconds)
        return SignedRequest(url=url, method="PUT", headers=(("Content-Length", str(size_bytes)),))

    def parts(self, bucket: str, key: str, *, multipart_id: str) -> list[StoredPart]:
        """See ObjectStore."""
        pages = self._client.get_paginator("list_parts")
        with s3(f"list the parts of {key!r}"), multipart_open(bucket, key, multipart_id):
            return [
                StoredPart(part_number=part["PartNumber"], etag=unquoted(part["ETag"]), size_bytes=part["Size"])
                for page in pages.paginate(Bucket=bucket, Key=key, UploadId=multipart_id)
                for part in page.get("Parts", [])
            ]

    def complete_multipart(
        self, bucket: str, key: str, *, multipart_id: str, parts: Sequence[tuple[int, str]]
    ) -> ObjectVersion:
        """See ObjectStore."""
        limits.check_part_order(parts)
        named: list[CompletedPartTypeDef] = [{"PartNumber": number, "ETag": unquoted(etag)} for number, etag in parts]
        with s3(f"complete the multipart upload of {key!r}"), multipart_open(bucket, key, multipart_id):
            try:
                answer = self._client.complete_multipart_upload(
                    Bucket=bucket, Key=key, UploadId=multipart_id, MultipartUpload={"Parts": named}
                )
            except ClientError as error:
                if code(error) != "InvalidPart":
                    raise
                raise self._mismatch(bucket, key, multipart_id=multipart_id, parts=parts) from error
        version_id = answer.get("VersionId") or self._version_of(bucket, key, etag=unquoted(answer["ETag"]))
        if version_id is None:
            raise MultipartMissing(bucket, key, multipart_id)
        return self.head(bucket, key, version_id=version_id)

    def abort_multipart(self, bucket: str, key: str, *, multipart_id: str) -> None:
        """See ObjectStore."""
        with (
            s3(f"abort the multipart upload of {key!r}"),
            contextlib.suppress(MultipartMissing),
            multipart_open(bucket, key, multipart_id),
        ):
            self._client.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=multipart_id)

    def put(
        self, bucket: str, key: str, body: Path | bytes, *, content_type: str, metadata: Mapping[str, str]
    ) -> ObjectVersion:
        """See ObjectStore."""
        limits.check_key(key)
        limits.check_description(content_type, metadata)
        limits.check_put_size(len(body) if isinstance(body, bytes) else body.stat().st_size)
        with contextlib.ExitStack() as stack:
            content = body if isinstance(body, bytes) else stack.enter_context(body.open("rb"))
            with s3(f"put {key!r}"):
                answer = self._client.put_object(
                    Bucket=bucket, Key=key, Body=content, ContentType=content_type, Metadata=metadata
                )
        if "VersionId" not in answer:
            raise StoreRejected(f"put {key!r}", f"bucket {bucket!r} has versioning off; turn versioning on")
        return self.head(bucket, key, version_id=answer["VersionId"])

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
        """See ObjectStore; what one request cannot copy goes in parts."""
        place = (to_bucket or bucket, to_key)
        limits.check_key(to_key)
        source = self.head(bucket, key, version_id=version_id)
        kept = source.metadata if metadata is None else metadata
        limits.check_description(source.content_type, kept)
        with s3(f"copy {key!r} to {to_key!r}"), present(bucket, key, version_id):
            made = copied(self._client, source, to=place, metadata=kept, part_bytes=self._copy_part_bytes)
        if made is None:
            raise StoreRejected(f"copy {key!r}", f"bucket {place[0]!r} has versioning off; turn versioning on")
        return self.head(*place, version_id=made)

    def head(self, bucket: str, key: str, *, version_id: str | None = None) -> ObjectVersion:
        """See ObjectStore."""
        with s3(f"find {key!r}"), present(bucket, key, version_id):
            answer = self._client.head_object(Bucket=bucket, Key=key, **_version(version_id))
        return described(bucket, key, answer)

    def download(self, bucket: str, key: str, *, version_id: str | None, to: Path) -> None:
        """See ObjectStore."""
        partial = to.with_name(f".{secrets.token_hex(12)}.partial")
        try:
            with partial.open("xb") as copy, s3(f"download {key!r}"), present(bucket, key, version_id):
                body = self._client.get_object(Bucket=bucket, Key=key, **_version(version_id))["Body"]
                with contextlib.closing(body):
                    for chunk in body.iter_chunks(_CHUNK_BYTES):
                        copy.write(chunk)
            partial.replace(to)
        finally:
            partial.unlink(missing_ok=True)

    def open_range(self, bucket: str, key: str, *, version_id: str | None, start: int, length: int) -> bytes:
        """See ObjectStore."""
        limits.check_range(start, length)
        wanted = f"bytes={start}-{start + length - 1}"
        with s3(f"read {key!r}"), present(bucket, key, version_id):
            try:
                answer = self._client.get_object(Bucket=bucket, Key=key, Range=wanted, **_version(version_id))
            except ClientError as error:
                if code(error) != "InvalidRange":
                    raise
                return b""
            with contextlib.closing(answer["Body"]) as body:
                return body.read()

    def sign_download(
        self, bucket: str, key: str, *, version_id: str | None, expires_seconds: int, file_name: str | None
    ) -> str:
        """See ObjectStore."""
        limits.check_key(key)
        limits.check_expiry(expires_seconds)
        params = {"Bucket": bucket, "Key": key, **_version(version_id)}
        if file_name is not None:
            params["ResponseContentDisposition"] = attachment(file_name)
        with s3(f"sign a download of {key!r}"):
            return self._signing_client.generate_presigned_url("get_object", params, expires_seconds)

    def versions(self, bucket: str, prefix: str, *, after: str | None = None) -> Iterator[ListedVersion]:
        """See ObjectStore; S3 begins behind the versions of the key that it is told to begin with."""
        return unrepeated(self._versions(bucket, prefix, after))

    def _versions(self, bucket: str, prefix: str, after: str | None) -> Iterator[ListedVersion]:
        begin: dict[str, Any] = {} if after is None else {"KeyMarker": after}
        last = b"" if after is None else after.encode()
        with s3(f"list {prefix!r} in bucket {bucket!r}"):
            while True:
                page = self._client.list_object_versions(Bucket=bucket, Prefix=prefix, **begin)
                yield from (version for version in listed(bucket, page) if version.key.encode() > last)
                if not page["IsTruncated"]:
                    return
                begin = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}

    def versions_of(self, bucket: str, key: str) -> list[ListedVersion]:
        """See ObjectStore; a key's versions come before those of the keys that it is the beginning of."""
        limits.check_key(key)
        pages = self._client.get_paginator("list_object_versions")
        found: list[ListedVersion] = []
        with s3(f"list the versions of {key!r}"):
            for page in pages.paginate(Bucket=bucket, Prefix=key, PaginationConfig={"PageSize": _FEW_VERSIONS}):
                entries = listed(bucket, page)
                found += [version for version in entries if version.key == key]
                if any(version.key != key for version in entries):
                    break
        return list(unrepeated(found))

    def objects(self, bucket: str, prefix: str) -> Iterator[ListedVersion]:
        """See ObjectStore; S3 lists version ids only beside older versions, which are read and skipped."""
        return (v for v in self.versions(bucket, prefix) if v.is_latest and not v.is_delete_marker)

    def delete(self, bucket: str, key: str) -> str | None:
        """See ObjectStore."""
        limits.check_key(key)
        with s3(f"delete {key!r}"):
            return self._client.delete_object(Bucket=bucket, Key=key).get("VersionId")

    def delete_version(self, bucket: str, key: str, *, version_id: str) -> None:
        """See ObjectStore."""
        with (
            s3(f"erase a version of {key!r}"),
            contextlib.suppress(ObjectMissing),
            present(bucket, key, version_id),
        ):
            self._client.delete_object(Bucket=bucket, Key=key, VersionId=version_id)

    def _create_bucket(self, bucket: str) -> None:
        region = self._client.meta.region_name
        # S3 refuses its own default region as a location constraint.
        place: dict[str, Any] = (
            {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        )
        try:
            self._client.create_bucket(Bucket=bucket, **place)
        except ClientError as error:
            if code(error) != "BucketAlreadyOwnedByYou":
                raise
        self._client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})

    def _mismatch(
        self, bucket: str, key: str, *, multipart_id: str, parts: Sequence[tuple[int, str]]
    ) -> PartMismatch | StoreRejected:
        stored = {part.part_number: part.etag for part in self.parts(bucket, key, multipart_id=multipart_id)}
        for number, etag in parts:
            if stored.get(number) != unquoted(etag):
                return PartMismatch(part_number=number, declared=unquoted(etag), stored=stored.get(number))
        return StoreRejected(f"complete the multipart upload of {key!r}", "the server refused a part it lists")

    def _version_of(self, bucket: str, key: str, *, etag: str) -> str | None:
        """The newest version with that etag: a repeated completion is answered without its version id."""
        return next((v.version_id for v in self.versions(bucket, key) if v.key == key and v.etag == etag), None)


def _client(connection: S3Connection, *, endpoint_url: str | None) -> S3Client:
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if connection.path_style else "auto"},
        # Many servers do not know the checksum trailers that newer SDKs add to every upload.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        retries={"mode": "standard"},
        connect_timeout=_CONNECT_SECONDS,
    )
    return boto3.client(
        "s3",
        region_name=connection.region_name,
        endpoint_url=endpoint_url,
        aws_access_key_id=connection.access_key_id,
        aws_secret_access_key=connection.secret_access_key,
        config=config,
    )


def _version(version_id: str | None) -> dict[str, Any]:
    return {} if version_id is None else {"VersionId": version_id}
