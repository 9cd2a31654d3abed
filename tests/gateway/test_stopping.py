"""A process tells its service manager how it is; a gateway that stops says so, and serves on for its balancer."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gateway.stopping import READY, Draining, tell_service_manager


async def _hello(_: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


def _answers(draining: Draining, *paths: str) -> list[tuple[int, str, str | None]]:
    async def ask() -> list[tuple[int, str, str | None]]:
        transport = httpx.ASGITransport(app=draining)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            found = [await client.get(path) for path in paths]
        return [(answer.status_code, answer.text, answer.headers.get("connection")) for answer in found]

    return asyncio.run(ask())


def test_a_stopping_gateway_is_unready_and_closes_connections_with_their_answers() -> None:
    draining = Draining(Starlette(routes=[Route("/", _hello), Route("/readyz/gateway", _hello)]))
    assert _answers(draining, "/", "/readyz/gateway") == [(200, "hello", None), (200, "hello", None)]
    draining.begun.set()
    unready = '{"ready": false, "checks": {"gateway": "It is stopping."}}'
    assert _answers(draining, "/", "/readyz/gateway", "/readyz") == [
        (200, "hello", "close"),
        (503, unready, "close"),
        (503, unready, "close"),
    ]


def test_the_service_manager_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(5)
        tell_service_manager(READY)
        assert manager.recv(100) == b"READY=1"


def test_nobody_is_told_where_no_service_manager_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    tell_service_manager(READY)


def test_a_service_manager_that_is_gone_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    tell_service_manager(READY)
    assert "could not be told READY=1" in caplog.text
