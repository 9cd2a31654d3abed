"""What every payload has, and how a command's outcome fills it."""

from __future__ import annotations

from typing import Any

import strawberry

from gateway.context import Done
from gateway.errors import UserError
from gateway.scalars import Position


@strawberry.interface(description="What became of a command.")
class Payload:
    """Base of payloads."""

    position: Position | None = strawberry.field(
        description="Log position after the command; null when it was refused."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it was carried out.")
    visible: bool = strawberry.field(
        description="Whether reads already show it; false when they did not within the bounded wait."
    )
    key: strawberry.Private[dict[str, str] | None]


def filled(done: Done, **key: str) -> dict[str, Any]:
    """Constructor arguments of a payload; the key names the row that its own field reads."""
    return {
        "position": done.position,
        "errors": done.errors,
        "visible": done.is_visible,
        "key": None if done.errors else key,
    }
