"""Sends mail through the SMTP server of the settings."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from processors.notifications.errors import DeliveryFailed

TIMEOUT_SECONDS = 30.0
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class SmtpUrlInvalid(Exception):
    """The URL names no SMTP server."""

    def __init__(self) -> None:
        # The URL may hold a password, so it is not shown.
        super().__init__("The SMTP URL must be smtp://, smtp+starttls:// or smtps:// with [user:password@]host[:port].")


@dataclass(frozen=True, repr=False)
class MailSender:
    """A connection for each mail."""

    url: str
    """`smtp://` is plain, `smtp+starttls://` and `smtps://` are encrypted and check the certificate."""
    sender: str
    """The address mails come from."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise SmtpUrlInvalid

    def send(self, message: EmailMessage) -> None:
        """Return when the server took it for its recipient. Raises DeliveryFailed."""
        try:
            with self._connect() as connection:
                connection.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryFailed(f"The mail server did not take it: {error}") from error

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            connection = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        if parts.scheme == "smtp+starttls":
            connection.starttls(context=context)
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
        return connection
