"""Who may send bucket notifications: whoever shows the token, or signs the body with it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

SIGNATURE = "x-interneg-signature"
CHALLENGE = {"www-authenticate": 'Basic realm="interneg", Bearer realm="interneg"'}
HOW = (
    "Send the token of INTERNEG_S3_EVENTS_TOKEN as Authorization: Bearer, as the password of Basic, or sign the body: "
    f"{SIGNATURE}: sha256=<HMAC-SHA256 in hex>."
)


class SenderRefused(Exception):
    """The request shows no token, or another; with the status that says which."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(CHALLENGE) if status == 401 else {}


def check_sender(token: str, headers: Mapping[str, str], body: bytes) -> None:
    """Return for a sender that knows the token. Raises SenderRefused."""
    if not token:
        raise SenderRefused(
            403, "Bucket notifications are not taken: set INTERNEG_S3_EVENTS_TOKEN on the server first."
        )
    if SIGNATURE in headers:
        digest = hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
        _check(headers[SIGNATURE].removeprefix("sha256="), digest, "The signature is not that of this body.")
        return
    shown = _shown(headers.get("authorization", ""))
    if shown is None:
        raise SenderRefused(401, HOW)
    _check(shown, token, "This is not the token of INTERNEG_S3_EVENTS_TOKEN.")


def _shown(authorization: str) -> str | None:
    """The token in the header, None when there is none; MinIO sends a bare one for some settings."""
    scheme, _, value = authorization.strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        return _password(value)
    return scheme or None


def _password(credentials: str) -> str:
    try:
        text = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return text.partition(":")[2]


def _check(shown: str, expected: str, message: str) -> None:
    if not hmac.compare_digest(shown.encode(), expected.encode()):
        raise SenderRefused(403, message)
