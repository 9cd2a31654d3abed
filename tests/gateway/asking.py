"""Sends single requests to an ASGI application in this process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.types import ASGIApp

RESPONSE_JSON = "application/graphql-response+json"


@dataclass(frozen=True)
class Asker:
    app: ASGIApp

    def request(self, method: str, path: str = "/graphql", **arguments: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
                return await client.request(method, path, **arguments)

        return asyncio.run(send())

    def ask(self, query: str, *, accept: str = RESPONSE_JSON, **parts: Any) -> httpx.Response:
        return self.request("POST", json={"query": query, **parts}, headers={"accept": accept})

    def data(self, query: str, **parts: Any) -> Any:
        response = self.ask(query, **parts).json()
        assert "errors" not in response, response
        return response["data"]
