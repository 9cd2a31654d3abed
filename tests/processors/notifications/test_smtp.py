"""Mail through a real SMTP conversation."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from domain.assets.events import AssetArchived
from domain.cause import ActorKind, Cause
from domain.event import Recorded
from processors.notifications.errors import DeliveryFailed
from processors.notifications.message import mail
from processors.notifications.smtp import MailSender, SmtpUrlInvalid
from tests.doubles.mail_server import mail_server

CAUSE = Cause(
    actor_kind=ActorKind.USER, actor_id="ada", correlation_id="r", at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
)
EVENT = Recorded(7, uuid4(), 1, CAUSE, AssetArchived(database_id="shows", asset_id="ショット", reason="Wrap"))
MAIL = mail(EVENT, "s1.7", sender="interneg@example.org", recipient="grace@example.org")


def test_a_mail_says_what_happened_to_what_by_whom_and_when() -> None:
    with mail_server() as server:
        MailSender(server.url, "interneg@example.org").send(MAIL)
        recipient, taken = server.taken.get_nowait()
    assert recipient == "grace@example.org"
    assert taken["subject"] == "AssetArchived: shows/ショット"
    assert (taken["from"], taken["message-id"]) == ("interneg@example.org", "<s1.7@interneg>")
    assert taken.get_content().splitlines() == [
        "AssetArchived",
        "",
        "on    shows/ショット",
        "by    user:ada",
        "at    2026-11-21T09:30:00+00:00",
        "event 7",
    ]


def test_a_refused_recipient_is_a_failure() -> None:
    with mail_server() as server:
        server.unknown.add("grace@example.org")
        with pytest.raises(DeliveryFailed, match="nobody here"):
            MailSender(server.url, "interneg@example.org").send(MAIL)
        assert server.taken.empty()


def test_a_server_that_is_away_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(DeliveryFailed):
        MailSender(f"smtp://127.0.0.1:{port}", "interneg@example.org").send(MAIL)


@pytest.mark.parametrize("url", ["", "mail.example.org", "http://mail.example.org", "smtp://"])
def test_a_url_that_names_no_mail_server_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(SmtpUrlInvalid):
        MailSender(url, "interneg@example.org")
    assert "secret" not in repr(MailSender("smtp://ada:secret@example.org", "a@b"))
