"""Signed URLs of the local store: what a URL grants, how it is signed, and how a request is held to it."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import quote, urlencode

import msgspec

from processors.objects.errors import SignatureMismatch, UrlExpired

OBJECTS_PATH = "/objects"
"""Where the gateway mounts the object routes, below the base URL."""
_SIGNATURE = "signature"


class PartGrant(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", omit_defaults=True):
    """The right to PUT one part of exactly `size_bytes`; `expires_at` is in seconds since the Unix epoch."""

    bucket: str
    key: str
    multipart_id: str
    part_number: int
    size_bytes: int
    expires_at: int


class DownloadGrant(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", omit_defaults=True):
    """The right to GET one version; `version_id` None is the latest, `file_name` None shows it in place."""

    bucket: str
    key: str
    expires_at: int
    version_id: str | None = None
    file_name: str | None = None


Grant = PartGrant | DownloadGrant
_G = TypeVar("_G", PartGrant, DownloadGrant)


class UrlSigner:
    """Signs grants into URLs and verifies requests against them; shared by the store and its routes."""

    def __init__(self, *, base_url: str, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._base_url = base_url.rstrip("/") + OBJECTS_PATH
        self._secret = secret
        self._clock = clock

    def expiry(self, expires_seconds: int) -> int:
        """The Unix time that many seconds from now."""
        return int(self._clock()) + expires_seconds

    def url(self, grant: Grant) -> str:
        """The URL that carries the grant."""
        query: dict[str, str | int] = msgspec.to_builtins(grant)
        bucket, key = str(query.pop("bucket")), str(query.pop("key"))
        query[_SIGNATURE] = self._signature(grant)
        return f"{self._base_url}/{bucket}/{_quoted(key)}?{urlencode(query, quote_via=quote)}"

    def verify_part(self, bucket: str, key: str, query: Mapping[str, str]) -> PartGrant:
        """What a PUT is granted; raises SignatureMismatch or UrlExpired."""
        return self._verified(_grant(PartGrant, {**query, "bucket": bucket, "key": key}), query)

    def verify_download(self, bucket: str, key: str, query: Mapping[str, str]) -> DownloadGrant:
        """What a GET or HEAD is granted; raises SignatureMismatch or UrlExpired."""
        return self._verified(_grant(DownloadGrant, {**query, "bucket": bucket, "key": key}), query)

    def _verified(self, grant: _G, query: Mapping[str, str]) -> _G:
        given = query.get(_SIGNATURE, "").encode()
        if not hmac.compare_digest(given, self._signature(grant).encode()):
            raise SignatureMismatch
        if self._clock() > grant.expires_at:
            raise UrlExpired(grant.expires_at)
        return grant

    def _signature(self, grant: Grant) -> str:
        method = "PUT" if isinstance(grant, PartGrant) else "GET"
        signed = msgspec.json.encode([method, msgspec.structs.asdict(grant)], order="sorted")
        return hmac.digest(self._secret, signed, "sha256").hex()


def _grant(kind: type[_G], claims: Mapping[str, str]) -> _G:
    try:
        return msgspec.convert(claims, kind, strict=False)
    except msgspec.ValidationError as error:
        raise SignatureMismatch from error


def _quoted(key: str) -> str:
    """Percent-encode a key for a URL path, and a segment of dots too, or clients would resolve it away."""
    return "/".join(
        segment.replace(".", "%2E") if segment in (".", "..") else quote(segment, safe="") for segment in key.split("/")
    )
