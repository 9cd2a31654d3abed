"""What an idempotency key may look like."""

from __future__ import annotations

from domain.errors import Invalid

MAX_KEY_LENGTH = 256


def check_key(key: str | None) -> None:
    """Raise Invalid unless it has 1 to 256 printable characters. None passes."""
    if key is not None and not (1 <= len(key) <= MAX_KEY_LENGTH and key.isprintable()):
        raise Invalid(
            f"An idempotency key has 1 to {MAX_KEY_LENGTH} printable characters; {key[:80]!r} does not.",
            path=("idempotencyKey",),
        )
