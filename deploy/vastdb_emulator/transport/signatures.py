"""Verification of AWS Signature Version 4, as the SDK, boto3 and Arrow's S3 file system make it.

The algorithm is that of "Authenticating Requests (AWS Signature Version 4)" in the S3 API reference.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from deploy.vastdb_emulator.errors import Forbidden
from deploy.vastdb_emulator.transport.messages import Request

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>[^,]+),\s*"
    r"SignedHeaders=(?P<headers>[^,]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class _Signed:
    key: str
    scope: str
    headers: tuple[str, ...]
    signature: str


def verify(request: Request, secrets: Mapping[str, str]) -> None:
    """Raise Forbidden unless the request is signed with the secret that `secrets` has for its access key."""
    signed = _parse(request.headers.get("authorization", ""))
    secret = secrets.get(signed.key)
    if secret is None:
        raise Forbidden(f"The access key {signed.key} does not exist.")
    key = _signing_key(secret, signed.scope)
    for path in _canonical_paths(request.raw_path):
        expected = hmac.new(key, _string_to_sign(request, signed, path).encode(), hashlib.sha256).hexdigest()
        if hmac.compare_digest(expected, signed.signature):
            return
    raise Forbidden("The signature does not match the request; check the secret key.")


def _parse(authorization: str) -> _Signed:
    match = AUTHORIZATION.fullmatch(authorization)
    if match is None:
        raise Forbidden("The request has no AWS Signature Version 4 in its Authorization header.")
    headers = tuple(match["headers"].split(";"))
    if "host" not in headers:
        raise Forbidden("The signature does not cover the Host header.")
    return _Signed(match["key"], match["scope"], headers, match["signature"])


def _canonical_paths(raw_path: str) -> tuple[str, ...]:
    # S3 signs the path as it is sent; the SDK's signer escapes the escaped path once more.
    return raw_path, quote(raw_path, safe="/-_.~")


def _string_to_sign(request: Request, signed: _Signed, path: str) -> str:
    canonical = "\n".join(
        [
            request.method,
            path,
            _canonical_query(request.raw_query),
            *(f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in signed.headers),
            "",
            ";".join(signed.headers),
            _payload_hash(request),
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return "\n".join(["AWS4-HMAC-SHA256", request.headers.get("x-amz-date", ""), signed.scope, digest])


def _canonical_query(raw_query: str) -> str:
    pairs = sorted(pair for pair in raw_query.split("&") if pair)
    return "&".join(pair if "=" in pair else f"{pair}=" for pair in pairs)


def _payload_hash(request: Request) -> str:
    declared = request.headers.get("x-amz-content-sha256", "")
    if declared == "UNSIGNED-PAYLOAD" or declared.startswith("STREAMING-"):
        return declared
    return hashlib.sha256(request.body).hexdigest()


def _signing_key(secret: str, scope: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
