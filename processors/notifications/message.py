"""What a subscriber is told of an event: the document of a webhook and the mail."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import msgspec

from domain.event import Recorded


def document(recorded: Recorded, subscription_id: str) -> bytes:
    """The event in the names of the GraphQL type Event, with the subscription it is sent for."""
    cause, event = recorded.cause, recorded.event
    causation = cause.causation_position
    told: dict[str, Any] = {
        "subscriptionId": subscription_id,
        "position": str(recorded.position),
        "eventType": type(event).__name__,
        "recordedAt": cause.at,
        "actor": cause.actor,
        "correlationId": cause.correlation_id,
        "causationPosition": None if causation is None else str(causation),
        "databaseId": getattr(event, "database_id", None),
        "assetId": getattr(event, "asset_id", None),
        "path": getattr(event, "path", None),
        "payload": event,
    }
    return msgspec.json.encode(told)


def mail(recorded: Recorded, message_id: str, *, sender: str, recipient: str) -> EmailMessage:
    """A mail that says what happened to what, by whom and when; the payload is left to those who may read it."""
    event, cause = recorded.event, recorded.cause
    names = ("database_id", "asset_id", "path")
    subject = "/".join(str(value) for name in names if (value := getattr(event, name, None)) is not None)
    message = EmailMessage()
    message["Subject"] = f"{type(event).__name__}: {subject}"
    message["From"] = sender
    message["To"] = recipient
    message["Date"] = cause.at
    message["Message-ID"] = f"<{message_id}@interneg>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"{type(event).__name__}\n\non    {subject}\nby    {cause.actor}\nat    {cause.at.isoformat()}\n"
        f"event {recorded.position}\n"
    )
    return message
