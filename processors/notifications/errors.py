"""Why a notification could not be delivered."""

from __future__ import annotations


class DeliveryFailed(Exception):
    """The subscriber's side did not take it; it is tried again later."""


class TargetRefused(DeliveryFailed):
    """The host's addresses include one of this server itself, or beside it."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"The host {host} is {address}, which webhooks may not reach: set INTERNEG_LOCAL_WEBHOOKS=1.")
