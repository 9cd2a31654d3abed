"""Refusals about subscriptions."""

from __future__ import annotations

from domain.errors import Conflict, Denied, Invalid, NotFound


class SubscriptionNotFound(NotFound):
    """No subscription has this id, or it was deleted."""

    def __init__(self, subscription_id: str) -> None:
        super().__init__("subscription", subscription_id, path=("subscriptionId",))


class SubscriptionNotOwned(Denied):
    """Somebody else made the subscription."""

    def __init__(self, subscription_id: str) -> None:
        super().__init__(
            f"The subscription {subscription_id!r} is somebody else's: only who made it may change it.",
            path=("subscriptionId",),
        )


class TargetInvalid(Invalid):
    """Nothing can, or may, be delivered there."""

    def __init__(self, message: str) -> None:
        super().__init__(message, path=("target",))


class EventTypeUnknown(Invalid):
    """No event of an asset or database has this name."""

    def __init__(self, event_type: str) -> None:
        super().__init__(
            f"No event about assets or databases is named {event_type[:80]!r}: they are named as AssetArchived.",
            path=("eventTypes",),
        )


class MailNotConfigured(Conflict):
    """The server has no way to send mail."""

    def __init__(self) -> None:
        super().__init__("This server sends no mail: set INTERNEG_SMTP_URL, or choose a webhook.", path=("channel",))
