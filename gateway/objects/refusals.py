"""What a refused request is answered: an HTTP status and an error document like S3's."""

from __future__ import annotations

from html import escape

from starlette.requests import ClientDisconnect
from starlette.responses import Response

from gateway.objects.ranges import RangeUnsatisfiable
from processors.objects.errors import (
    MultipartMissing,
    ObjectMissing,
    ObjectStoreError,
    PartSizeMismatch,
    SignatureMismatch,
    StoreRejected,
    StoreUnavailable,
    UrlExpired,
)

REFUSALS = (ObjectStoreError, RangeUnsatisfiable, ClientDisconnect)

_ANSWERS: dict[type[Exception], tuple[int, str]] = {
    SignatureMismatch: (403, "SignatureDoesNotMatch"),
    UrlExpired: (403, "AccessDenied"),
    ObjectMissing: (404, "NoSuchKey"),
    MultipartMissing: (404, "NoSuchUpload"),
    RangeUnsatisfiable: (416, "InvalidRange"),
    StoreUnavailable: (503, "ServiceUnavailable"),
    StoreRejected: (400, "InvalidRequest"),
    ClientDisconnect: (400, "IncompleteBody"),
}


def refusal(error: Exception) -> Response:
    """Answer one of REFUSALS."""
    if isinstance(error, PartSizeMismatch):
        status, code = (
            400,
            "EntityTooLarge" if error.received_bytes > error.signed_bytes else "IncompleteBody",
        )
    else:
        status, code = _ANSWERS[type(error)]
    headers = {"content-range": f"bytes */{error.size_bytes}"} if isinstance(error, RangeUnsatisfiable) else {}
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{escape(str(error), quote=False)}</Message></Error>"
    )
    return Response(document, status, headers, media_type="application/xml")
