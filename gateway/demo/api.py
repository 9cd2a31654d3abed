"""The public API as a client sees it: GraphQL over HTTP, and parts sent by their signed requests."""

from __future__ import annotations

from typing import Any

import orjson
import urllib3

TIMEOUT = urllib3.Timeout(connect=10, read=60)
RETRIES = urllib3.Retry(3, backoff_factor=0.2, status_forcelist=(502, 503), allowed_methods=None)
"""Repeating is harmless, as every change carries an idempotency key and a part is the same part however often."""


class DemoNotLoaded(Exception):
    """The demo library could not be loaded."""


class ServerUnreachable(DemoNotLoaded):
    """Nothing answers at the URL."""

    def __init__(self, url: str, error: Exception) -> None:
        super().__init__(f"{url} does not answer ({error}): start `interneg serve`, or name the server with --url.")


class RequestRefused(DemoNotLoaded):
    """The server answered with errors."""

    def __init__(self, what: str, errors: object) -> None:
        super().__init__(f"{what} was refused: {errors}")


class Api:
    """Asks one server, with an API key where it has one."""

    def __init__(self, url: str, api_key: str) -> None:
        self.url = url.rstrip("/")
        self._headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        self._http = urllib3.PoolManager(timeout=TIMEOUT, retries=RETRIES)

    def query(self, document: str, **variables: object) -> Any:
        """The value of the document's only root field. Raises ServerUnreachable, RequestRefused."""
        body = orjson.dumps({"query": document, "variables": variables})
        headers = {**self._headers, "content-type": "application/json"}
        response = self._send("POST", f"{self.url}/graphql", body=body, headers=headers)
        try:
            answer = orjson.loads(response.data)
        except orjson.JSONDecodeError:
            answer = {"errors": response.data[:200].decode(errors="replace")}
        if answer.get("errors"):
            raise RequestRefused("A request", answer["errors"])
        (value,) = answer["data"].values()
        return value

    def change(self, name: str, selection: str, **given: object) -> Any:
        """The payload of the mutation `name`. Raises ServerUnreachable, RequestRefused."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        document = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {selection} errors {{ code message }} }} }}"
        payload = self.query(document, input=given)
        if payload["errors"]:
            raise RequestRefused(name, payload["errors"])
        return payload

    def put(self, part: Any, body: bytes) -> dict[str, object]:
        """Send one part of a file; what completeUpload is told of it. Raises ServerUnreachable, RequestRefused."""
        headers = {header["name"]: header["value"] for header in part["headers"]}
        sent = body[part["offset"] : part["offset"] + part["sizeBytes"]]
        response = self._send("PUT", part["url"], body=sent, headers=headers)
        if response.status != 200:
            raise RequestRefused(f"Part {part['partNumber']}", response.data[:200].decode(errors="replace"))
        return {"partNumber": part["partNumber"], "etag": response.headers["etag"]}

    def _send(self, method: str, url: str, *, body: bytes, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        try:
            return self._http.request(method, url, body=body, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise ServerUnreachable(self.url, error) from error
