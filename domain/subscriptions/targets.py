"""Where notifications may be sent: what a URL and a mail address may look like."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from domain.subscriptions.errors import MailNotConfigured, TargetInvalid
from domain.subscriptions.events import Channel

MAX_TARGET_LENGTH = 2048
MAIL_ADDRESS = re.compile(r"[\w.+\-]{1,64}@(?:[a-zA-Z0-9-]{1,63}\.)*[a-zA-Z0-9-]{1,63}", re.ASCII)
PRINTABLE_ASCII = re.compile(r"[!-~]+")


@dataclass(frozen=True)
class DeliveryPolicy:
    """What this server's settings allow."""

    allows_local_webhooks: bool = False
    """Webhooks on the server's own loopback and link-local addresses."""
    sends_mail: bool = False


def check_target(channel: Channel, target: str, *, policy: DeliveryPolicy) -> None:
    """Raise TargetInvalid, or MailNotConfigured, for what could not be delivered to."""
    if channel is Channel.MAIL:
        if not policy.sends_mail:
            raise MailNotConfigured
        if not MAIL_ADDRESS.fullmatch(target):
            raise TargetInvalid(f"{target[:80]!r} is no mail address.")
        return
    host = _host(target)
    if not policy.allows_local_webhooks and is_local_name(host):
        raise TargetInvalid(f"The host {host!r} is this server itself, or beside it: such webhooks are not allowed.")


def is_local_name(host: str) -> bool:
    """Whether a host's name alone says that it is loopback or link-local. Addresses behind names are not looked up."""
    try:
        return is_local_address(host)
    except ValueError:
        return f".{host.rstrip('.').lower()}".endswith(".localhost")


def is_local_address(address: str) -> bool:
    """Loopback, link-local, unspecified or multicast, also as an IPv4 address inside IPv6. Raises ValueError."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = _embedded(found) if isinstance(found, ipaddress.IPv6Address) else None
    checked = inner or found
    return checked.is_loopback or checked.is_link_local or checked.is_unspecified or checked.is_multicast


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that reaching this IPv6 address may mean."""
    nat64 = ipaddress.IPv6Network("64:ff9b::/96")
    if address in nat64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _host(target: str) -> str:
    if len(target) > MAX_TARGET_LENGTH or not PRINTABLE_ASCII.fullmatch(target):
        raise TargetInvalid(f"A URL has at most {MAX_TARGET_LENGTH} characters, without blanks and in ASCII.")
    try:
        parts = urlsplit(target)
        is_sound = _is_sound(parts)
    except ValueError:
        is_sound = False
    if not is_sound:
        raise TargetInvalid(
            f"{target[:80]!r} is no webhook URL: it is http or https with a host, and without user, password or '#'."
        )
    assert parts.hostname is not None
    return parts.hostname


def _is_sound(parts: SplitResult) -> bool:
    has_port = parts.port is None or 0 < parts.port < 65536
    bare = parts.username is None and parts.password is None and not parts.fragment
    return parts.scheme in ("http", "https") and bool(parts.hostname) and has_port and bare
