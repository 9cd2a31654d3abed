"""Posting to endpoints that are well, dead, slow or not to be reached."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from processors.notifications.errors import DeliveryFailed, TargetRefused
from processors.notifications.webhook import WebhookSender
from tests.doubles.endpoint import endpoint

SENDER = WebhookSender(allows_local=True, timeout_seconds=5)


@contextmanager
def _dripping() -> Iterator[str]:
    """An endpoint that answers one byte at a time and never comes to an end."""
    stop = Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    while not stop.wait(0.02):
                        connection.sendall(b"H")
                except OSError:
                    return

        thread = Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        stop.set()
        thread.join()


def test_the_body_and_headers_arrive_at_path_and_query() -> None:
    with endpoint() as subscriber:
        SENDER.post(f"{subscriber.url}/hook?a=1", b"{}", {"webhook-id": "m1"})
        told = subscriber.told.get_nowait()
    assert (told.path, told.body, told.headers["webhook-id"]) == ("/hook?a=1", b"{}", "m1")
    assert told.headers["host"] == subscriber.url.removeprefix("http://")


@pytest.mark.parametrize("status", [199, 301, 307, 400, 410, 500])
def test_any_answer_but_success_is_a_failure_and_no_redirect_is_followed(status: int) -> None:
    with endpoint(status) as subscriber:
        with pytest.raises(DeliveryFailed, match=f"status {status}"):
            SENDER.post(subscriber.url, b"{}", {})
        assert subscriber.told.qsize() == 1


def test_nobody_listening_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(DeliveryFailed):
        SENDER.post(url, b"{}", {})


def test_an_answer_that_drips_for_ever_is_cut() -> None:
    with _dripping() as url, pytest.raises(DeliveryFailed):
        WebhookSender(allows_local=True, timeout_seconds=0.3).post(url, b"{}", {})


def test_a_tls_endpoint_without_a_trusted_certificate_is_a_failure() -> None:
    with endpoint() as subscriber:
        with pytest.raises(DeliveryFailed):
            SENDER.post(subscriber.url.replace("http:", "https:"), b"{}", {})
        assert subscriber.told.empty()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"])
def test_this_machine_is_not_reached_under_any_name(host: str) -> None:
    with endpoint() as subscriber:
        port = subscriber.url.rpartition(":")[2]
        with pytest.raises(TargetRefused):
            WebhookSender(allows_local=False).post(f"http://{host}:{port}", b"{}", {})
        assert subscriber.told.empty()
