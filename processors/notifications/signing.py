"""Signs webhooks as the Standard Webhooks specification 1.0.0 says (standardwebhooks.com): any verifier of it fits."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

PREFIX = "whsec_"


@dataclass(frozen=True)
class SigningKeys:
    """Makes each subscription's secret from the server's own, so that none is stored, not even in the log."""

    server_secret: bytes

    def secret(self, subscription_id: str, generation: int) -> str:
        """The secret to give the subscriber: `whsec_` and base64 of 32 bytes."""
        name = f"webhook:{subscription_id}:{generation}".encode()
        return PREFIX + base64.b64encode(hmac.digest(self.server_secret, name, hashlib.sha256)).decode()


def signed_headers(secret: str, message_id: str, *, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that prove who sent the body, under which id, and when (seconds since 1970)."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = f"{message_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": f"v1,{signature}"}
