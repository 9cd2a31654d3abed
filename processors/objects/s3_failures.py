"""What an S3 server's refusals mean to the caller of a store."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from processors.objects.errors import MultipartMissing, ObjectMissing, StoreRejected, StoreUnavailable

_PASSING = frozenset(
    {
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "RequestTimeout",
        "OperationAborted",
        "RequestTimeTooSkewed",
    }
)
_ABSENT = frozenset({"NoSuchKey", "NoSuchVersion", "NoSuchBucket", "MethodNotAllowed", "404", "405"})
# A server refuses an unknown version id as malformed; the answer to HEAD has no body, so only the status.
_MALFORMED_VERSION = frozenset({"InvalidArgument", "400"})


@contextlib.contextmanager
def s3(attempted: str) -> Iterator[None]:
    """Raise StoreUnavailable for what may pass and StoreRejected for what will not; the cause is kept."""
    try:
        yield
    except ClientError as error:
        refusal = StoreUnavailable if _may_pass(error) else StoreRejected
        raise refusal(attempted, str(error)) from error
    except ParamValidationError as error:
        raise StoreRejected(attempted, str(error)) from error
    except BotoCoreError as error:
        raise StoreUnavailable(attempted, str(error)) from error


def code(error: ClientError) -> str:
    """The S3 error code, or the HTTP status as text where the answer had no body."""
    return str(error.response.get("Error", {}).get("Code", ""))


@contextlib.contextmanager
def present(bucket: str, key: str, version_id: str | None) -> Iterator[None]:
    """Raise ObjectMissing if no readable object of that version (None: the latest) exists."""
    try:
        yield
    except ClientError as error:
        malformed = version_id is not None and code(error) in _MALFORMED_VERSION
        if not malformed and code(error) not in _ABSENT:
            raise
        raise ObjectMissing(bucket, key, version_id) from error


@contextlib.contextmanager
def multipart_open(bucket: str, key: str, multipart_id: str) -> Iterator[None]:
    """Raise MultipartMissing if the upload is not open."""
    try:
        yield
    except ClientError as error:
        if code(error) != "NoSuchUpload":
            raise
        raise MultipartMissing(bucket, key, multipart_id) from error


def _may_pass(error: ClientError) -> bool:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or status == 429 or code(error) in _PASSING
