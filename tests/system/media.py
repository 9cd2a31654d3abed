"""Waiting for pictures by the log itself, and what a picture is when it is decoded."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from tests.system.client import Client

ENDED = ["RenditionsProduced", "RenditionsFailed"]
FOLLOWED = """subscription($after: Position, $filter: EventFilter) {
  events(after: $after, filter: $filter) { position path eventType } }"""
RENDITIONS = """query($d: String!, $a: String!, $p: String!, $at: Position) {
  file(databaseId: $d, assetId: $a, path: $p, atLeast: $at) { renditions {
    kind state url contentType width height sizeBytes colorSpace failure failureCode attempts sourceS3VersionId } } }"""


def await_media(client: Client, asset: tuple[str, str], *, after: str, count: int) -> str:
    """The position at which this many media attempts of the asset had ended, counted from `after`."""
    about = {"eventTypes": ENDED, "databaseId": asset[0], "assetId": asset[1]}
    with client.subscribe(FOLLOWED, over="websocket", after=after, filter=about) as events:
        ended = [next(events)["events"] for _ in range(count)]
    return str(ended[-1]["position"])


def renditions(client: Client, asset: tuple[str, str], path: str, *, at: str) -> dict[str, Any]:
    """The renditions of a file by kind."""
    file = client.one(RENDITIONS, d=asset[0], a=asset[1], p=path, at=at)
    return {one["kind"]: one for one in file["renditions"]}


def decoded(client: Client, rendition: dict[str, Any]) -> Image.Image:
    """The picture behind a rendition's URL, with its pixels read."""
    response = client.http.get(rendition["url"])
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == rendition["contentType"]
    assert len(response.content) == rendition["sizeBytes"]
    picture = Image.open(io.BytesIO(response.content))
    picture.load()
    return picture
