"""A client that repeats every call with its key until the server has acknowledged it, whatever breaks meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from threading import Event
from typing import Any, TypeVar

import httpx

from tests.system.client import Client

PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.05
ASKING_VISIBLE = "visible position errors"
T = TypeVar("T")


class Patient:
    """Safe to use from many threads."""

    def __init__(self, url: str, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._http = httpx.Client(timeout=20, limits=httpx.Limits(max_connections=32))
        self.client = Client(url, self._http)
        self._patience_seconds = patience_seconds
        self._gave_up = Event()

    def close(self) -> None:
        """Let go of the connections, and of calls that are still being repeated."""
        self._gave_up.set()
        self._http.close()

    def mutate(self, document: str, *, until_visible: bool = True, **given: Any) -> Any:
        """The payload of the mutation once it is done, and if wanted once reads show it."""
        return self.until_answered(lambda: self._payload(document, given, until_visible=until_visible))

    def send(self, file: Any, body: bytes) -> dict[str, Any]:
        """Send every part of a file; gives what completeUpload wants to be told of it."""
        parts = [self.until_answered(partial(self._put, part, body)) for part in file["parts"]]
        return {"path": file["path"], "parts": parts}

    def until_answered(self, call: Callable[[], T | None]) -> T:
        """The first answer of a call that is not None; connections that break and services away are not answers."""
        deadline = time.monotonic() + self._patience_seconds
        while time.monotonic() < deadline and not self._gave_up.is_set():
            try:
                answer = call()
            except httpx.TransportError:
                answer = None
            if answer is not None:
                return answer
            self._gave_up.wait(PAUSE_SECONDS)
        raise TimeoutError("The call was not acknowledged")

    def _put(self, part: Any, body: bytes) -> dict[str, Any] | None:
        headers = {header["name"]: header["value"] for header in part["headers"]}
        response = self._http.put(part["url"], content=body, headers=headers)
        if response.status_code == 503:
            return None
        assert response.status_code == 200, response.text
        return {"partNumber": part["partNumber"], "etag": response.headers["etag"]}

    def _payload(self, document: str, given: Mapping[str, Any], *, until_visible: bool) -> Any:
        answer = self.client.answer(document.replace("position errors", ASKING_VISIBLE), input=given)
        failed = {error["extensions"]["code"] for error in answer.get("errors", ())}
        if failed == {"UNAVAILABLE"}:
            return None
        assert not failed, answer
        (payload,) = answer["data"].values()
        refused = {error["code"] for error in payload["errors"]}
        if refused == {"UNAVAILABLE"}:
            return None
        assert not refused, payload["errors"]
        # What reads do not show yet was done all the same; asking again with the key waits once more.
        return payload if payload["visible"] or not until_visible else None
