"""A small client of the public API: GraphQL over HTTP, parts by their signed requests, subscriptions both ways."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.gateway.transport.sockets import ready_socket

START = """mutation($input: StartUploadInput!) { startUpload(input: $input) {
  upload { uploadId state files { path state parts {
    partNumber offset sizeBytes url headers { name value } received } } }
  position errors { code message path } } }"""
COMPLETE = """mutation($input: CompleteUploadInput!) { completeUpload(input: $input) {
  upload { state files { path state error { code message path } } }
  files { id path sizeBytes etag s3VersionId } position errors { code message path } } }"""


@dataclass(frozen=True)
class Answered:
    """One request and its response."""

    document: str
    body: dict[str, Any]
    request_id: str
    """What the log calls it; empty when the server did not say."""


@dataclass(frozen=True)
class Client:
    """Asks the server at `url`."""

    url: str
    http: httpx.Client

    def answer(self, document: str, **variables: Any) -> dict[str, Any]:
        """The whole response, errors and all."""
        response = self.http.post(f"{self.url}/graphql", json={"query": document, "variables": variables})
        found: dict[str, Any] = response.json()
        for watch in WATCHERS:
            watch(self, Answered(document, found, response.headers.get("x-request-id", "")))
        return found

    def data(self, document: str, **variables: Any) -> Any:
        """The data of a response without errors."""
        answer = self.answer(document, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def one(self, document: str, **variables: Any) -> Any:
        """The value of the only root field."""
        (value,) = self.data(document, **variables).values()
        return value

    def done(self, document: str, **given: Any) -> Any:
        """The payload of a mutation that was carried out and is visible."""
        payload = self.one(document, input=given)
        assert payload["errors"] == [], payload["errors"]
        return payload

    def refused(self, document: str, **given: Any) -> dict[str, Any]:
        """The only refusal of a mutation."""
        payload = self.one(document, input=given)
        (error,) = payload["errors"]
        assert payload["position"] is None
        found: dict[str, Any] = error
        return found

    def start(self, asset: tuple[str, str], files: Mapping[str, bytes], **options: Any) -> Any:
        """A started upload of these files; `options` go to every file, as partSizeBytes."""
        listed = [{"path": path, "sizeBytes": len(body), **options} for path, body in files.items()]
        return self.done(START, databaseId=asset[0], assetId=asset[1], files=listed)["upload"]

    def send(self, upload: Any, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
        """Send every part; gives what completeUpload wants to be told of the files."""
        return [
            {"path": file["path"], "parts": [self.put(part, files[file["path"]]) for part in file["parts"]]}
            for file in upload["files"]
        ]

    def put(self, part: Any, body: bytes) -> dict[str, Any]:
        """Send one part of a file's bytes."""
        headers = {header["name"]: header["value"] for header in part["headers"]}
        sent = self.http.put(
            part["url"], content=body[part["offset"] : part["offset"] + part["sizeBytes"]], headers=headers
        )
        assert sent.status_code == 200, sent.text
        return {"partNumber": part["partNumber"], "etag": sent.headers["etag"]}

    def complete(self, upload: Any, sent: list[dict[str, Any]]) -> Any:
        """The payload of completeUpload."""
        return self.done(COMPLETE, uploadId=upload["uploadId"], files=sent)

    def upload(self, asset: tuple[str, str], files: Mapping[str, bytes], **options: Any) -> Any:
        """Start, send and complete."""
        upload = self.start(asset, files, **options)
        return self.complete(upload, self.send(upload, files))

    def create_asset(self, database_id: str, asset_id: str, **given: Any) -> Any:
        """A new asset, and its database when that is new too."""
        self.one(
            "mutation($input: CreateDatabaseInput!) { createDatabase(input: $input) { errors { code } } }",
            input={"databaseId": database_id, "description": "made by a test"},
        )
        document = """mutation($input: CreateAssetInput!) { createAsset(input: $input) {
            asset { id assetId assetName } position errors { code message path } } }"""
        wanted = {"assetName": asset_id, "description": "made by a test", "isDistributable": True, **given}
        return self.done(document, databaseId=database_id, assetId=asset_id, **wanted)

    def name_tags(self, *tags: str) -> None:
        """Create those of the tags that are new, of the type `test`."""
        document = "mutation($input: CreateTagTypeInput!) { createTagType(input: $input) { errors { code } } }"
        self.one(document, input={"tagTypeName": "test"})
        for tag in tags:
            document = "mutation($input: CreateTagInput!) { createTag(input: $input) { errors { code } } }"
            self.one(document, input={"tagName": tag, "tagTypeName": "test"})

    def head(self) -> int:
        """The newest position of the log."""
        return max(int(one["head"]) for one in self.one("{ projections { head } }"))

    def metric(self, name: str) -> float:
        """The value of a metric without labels."""
        metrics = self.http.get(f"{self.url}/metrics").text
        found = re.search(rf"^{name} (\S+)$", metrics, re.MULTILINE)
        assert found is not None, metrics
        return float(found[1])

    def subscribe(self, document: str, *, over: str, **variables: Any) -> Any:
        """A context manager giving an iterator of results; `over` is websocket or sse."""
        opened = {"websocket": self._socket, "sse": self._event_stream}[over]
        return opened(document, variables)

    @contextmanager
    def _socket(self, document: str, variables: Mapping[str, Any]) -> Iterator[Iterator[Any]]:
        with ready_socket(self.url) as socket:
            socket.subscribe("1", document, variables=dict(variables))

            def results() -> Iterator[Any]:
                while (message := socket.receive())["type"] == "next":
                    assert "errors" not in message["payload"], message
                    yield message["payload"]["data"]
                assert message["type"] == "complete", message

            yield results()

    @contextmanager
    def _event_stream(self, document: str, variables: Mapping[str, Any]) -> Iterator[Iterator[Any]]:
        body = {"query": document, "variables": dict(variables)}
        headers = {"accept": "text/event-stream"}
        with self.http.stream("POST", f"{self.url}/graphql", json=body, headers=headers) as response:
            assert response.status_code == 200, response.read()
            yield _event_data(response.iter_lines())


WATCHERS: list[Callable[[Client, Answered], None]] = []
"""Are told of everything that any client asked."""


def _event_data(lines: Iterator[str]) -> Iterator[Any]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        if line.startswith("data: ") and name == "next":
            payload = json.loads(line.removeprefix("data: "))
            assert "errors" not in payload, payload
            yield payload["data"]
        if line == "event: complete":
            return
