"""Copies that an S3 server makes by itself: in one request, or in parts where the object is larger than it may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from processors.objects.store import ObjectVersion

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, CopySourceTypeDef


def copied(
    client: S3Client, source: ObjectVersion, *, to: tuple[str, str], metadata: Mapping[str, str], part_bytes: int
) -> str | None:
    """Copy to a (bucket, key) of the server; the new version's id, or None where the bucket makes no versions.

    `part_bytes` is the most that one request copies, 5 MiB to 5 GiB. Raises botocore's ClientError.
    """
    if source.size_bytes > part_bytes:
        return _in_parts(client, source, to=to, metadata=metadata, part_bytes=part_bytes)
    answer = client.copy_object(
        Bucket=to[0],
        Key=to[1],
        CopySource=_named(source),
        MetadataDirective="REPLACE",
        ContentType=source.content_type,
        Metadata=metadata,
    )
    return answer.get("VersionId")


def _in_parts(
    client: S3Client, source: ObjectVersion, *, to: tuple[str, str], metadata: Mapping[str, str], part_bytes: int
) -> str | None:
    upload_id = client.create_multipart_upload(
        Bucket=to[0], Key=to[1], ContentType=source.content_type, Metadata=metadata
    )["UploadId"]
    try:
        parts = [
            _part(client, source, to=to, upload_id=upload_id, number=number, start=start, size=part_bytes)
            for number, start in enumerate(range(0, source.size_bytes, part_bytes), 1)
        ]
        answer = client.complete_multipart_upload(
            Bucket=to[0], Key=to[1], UploadId=upload_id, MultipartUpload={"Parts": parts}
        )
    except Exception:
        client.abort_multipart_upload(Bucket=to[0], Key=to[1], UploadId=upload_id)
        raise
    return answer.get("VersionId") or client.head_object(Bucket=to[0], Key=to[1]).get("VersionId")


def _part(
    client: S3Client, source: ObjectVersion, *, to: tuple[str, str], upload_id: str, number: int, start: int, size: int
) -> CompletedPartTypeDef:
    answer = client.upload_part_copy(
        Bucket=to[0],
        Key=to[1],
        UploadId=upload_id,
        PartNumber=number,
        CopySource=_named(source),
        CopySourceRange=f"bytes={start}-{min(start + size, source.size_bytes) - 1}",
    )
    return {"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]}


def _named(source: ObjectVersion) -> CopySourceTypeDef:
    return {"Bucket": source.bucket, "Key": source.key, "VersionId": source.version_id}
