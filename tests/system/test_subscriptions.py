"""Subscriptions of a running server: every event in order, resumable, over WebSocket and over server-sent events."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.system.accounts import client_of
from tests.system.client import Client
from tests.system.media import await_media
from tests.system.server import serving
from tests.waiting import eventually

DATABASE = "watched"
EVENT = """position eventType topic recordedAt actor actorKind actorId actorName user { userId } apiKey { apiKeyName }
  correlationId causationPosition cause { position eventType } reason databaseId assetId path payload
  changes { entity entityId field key before after }"""
EVENTS = f"""subscription($after: Position, $filter: EventFilter) {{
  events(after: $after, filter: $filter) {{ {EVENT} }} }}"""
LOGGED = f"""query($after: Position, $filter: EventFilter, $at: Position) {{
  events(after: $after, filter: $filter, first: 500, atLeast: $at) {{ edges {{ cursor node {{ {EVENT} }} }} }} }}"""
ASSET_CHANGED = """subscription($a: String!, $after: Position) {
  assetChanged(databaseId: "watched", assetId: $a, after: $after) { assetName files { totalCount } } }"""
RENAME = """mutation($input: UpdateAssetInput!) { updateAsset(input: $input) { position errors { code } } }"""
PROGRESS = """subscription($id: ID!) { uploadProgress(uploadId: $id) { state files { parts { received } } } }"""
OVER = pytest.mark.parametrize("over", ["websocket", "sse"])


def files(samples: Path) -> dict[str, bytes]:
    return {name: (samples / "exr" / name).read_bytes() for name in ("t01.exr", "t05.exr", "t15.exr")}


def logged(client: Client, *, after: int | str = 0, at: str | None = None, **wanted: Any) -> list[Any]:
    """What the query `events` answers."""
    edges = client.one(LOGGED, after=str(after), filter=wanted, at=at)["edges"]
    assert [edge["cursor"] for edge in edges] == [edge["node"]["position"] for edge in edges]
    return [edge["node"] for edge in edges]


def until(events: Iterator[Any], position: str) -> list[Any]:
    """Everything up to and including the event at this position."""
    seen = [next(events)["events"]]
    while seen[-1]["position"] != position:
        seen.append(next(events)["events"])
    return seen


@OVER
def test_a_subscription_opened_before_an_upload_sees_every_event_in_order(
    client: Client, samples: Path, over: str
) -> None:
    asset = (DATABASE, f"order-{over}")
    before = client.head()
    with client.subscribe(EVENTS, over=over, after=str(before)) as events:
        client.create_asset(*asset)
        done = client.upload(asset, files(samples))
        end = await_media(client, asset, after=done["position"], count=3)
        seen = until(events, end)
    listed = logged(client, after=before, at=end)
    assert seen == listed[: len(seen)]
    assert [int(one["position"]) for one in seen] == list(range(before + 1, int(end) + 1))
    kinds = {one["eventType"] for one in seen}
    assert kinds >= {"AssetCreated", "UploadStarted", "UploadCompleted", "FileUploaded", "RenditionsRequested"}


@OVER
def test_closed_and_reopened_it_misses_and_repeats_nothing(client: Client, samples: Path, over: str) -> None:
    asset = (DATABASE, f"again-{over}")
    before = client.head()
    client.create_asset(*asset)
    done = client.upload(asset, files(samples))
    end = await_media(client, asset, after=done["position"], count=3)
    seen: list[Any] = []
    while not seen or seen[-1]["position"] != end:
        after = seen[-1]["position"] if seen else str(before)
        with client.subscribe(EVENTS, over=over, after=after) as events:
            seen += [one["events"] for one in islice(events, min(4, int(end) - int(after)))]
    assert seen == logged(client, after=before, at=end)[: len(seen)]


def test_a_filter_lets_through_what_meets_all_of_it(client: Client, samples: Path) -> None:
    asset = (DATABASE, "filtered")
    before = client.head()
    client.create_asset(*asset)
    client.create_asset(DATABASE, "beside")
    done = client.upload(asset, files(samples))
    await_media(client, asset, after=done["position"], count=3)
    kinds = ["FileUploaded", "RenditionsRequested"]
    wanted: dict[str, Any] = {
        "databaseId": DATABASE,
        "assetId": "filtered",
        "path": "t05.exr",
        "eventTypes": kinds,
    }
    with client.subscribe(EVENTS, over="sse", after=str(before), filter=wanted) as events:
        seen = [next(events)["events"] for _ in range(2)]
    assert [(one["eventType"], one["path"]) for one in seen] == [(kind, "t05.exr") for kind in kinds]
    assert seen == logged(client, after=before, **wanted)


def test_a_browser_goes_on_after_the_last_event_it_saw(client: Client) -> None:
    before = client.head()
    client.create_asset(DATABASE, "first")
    created = logged(client, after=before, eventTypes=["AssetCreated"])
    after = client.create_asset(DATABASE, "second")["position"]
    headers = {"accept": "text/event-stream", "last-event-id": created[-1]["position"]}
    body = {"query": EVENTS, "variables": {"after": "0"}}
    with client.http.stream("POST", f"{client.url}/graphql", json=body, headers=headers) as response:
        identifier = next(line for line in response.iter_lines() if line.startswith("id: "))
    assert int(created[-1]["position"]) < int(identifier.removeprefix("id: ")) <= int(after)


@OVER
def test_a_metric_counts_the_subscriptions_that_follow_the_log(client: Client, over: str) -> None:
    def following(count: int) -> Callable[[], bool]:
        return lambda: client.metric("interneg_subscriptions") == count

    eventually(following(0))
    with client.subscribe(EVENTS, over=over) as events:
        eventually(following(1))
        created = client.create_asset(DATABASE, f"counted-{over}")["position"]
        until(events, created)
        assert following(1)()
    eventually(following(0))


@OVER
def test_an_asset_is_told_of_after_each_change(client: Client, over: str) -> None:
    asset = (DATABASE, f"changed-{over}")
    created = client.create_asset(*asset)["position"]
    with client.subscribe(ASSET_CHANGED, over=over, a=asset[1], after=created) as changes:
        client.done(RENAME, databaseId=DATABASE, assetId=asset[1], assetName="renamed")
        assert next(changes)["assetChanged"] == {"assetName": "renamed", "files": {"totalCount": 0}}
        client.upload(asset, {"note.txt": b"hello"})
        told = next(changes)["assetChanged"]
        while told["files"]["totalCount"] == 0:
            told = next(changes)["assetChanged"]
    assert told == {"assetName": "renamed", "files": {"totalCount": 1}}


def test_a_change_that_the_tables_show_late_is_told_of_then(data_dir: Path) -> None:
    locked = "SELECT FROM consumers.positions WHERE name = 'tables' AND role = 'live' FOR UPDATE"
    with serving(data_dir, read_wait_seconds="0.2") as server, client_of(server) as client:
        created = client.create_asset(DATABASE, "late")["position"]
        with (
            psycopg.connect(server.run("db", "url").stdout.strip(), autocommit=True) as connection,
            client.subscribe(ASSET_CHANGED, over="websocket", a="late", after=created) as changes,
        ):
            with connection.transaction():
                connection.execute(locked)
                client.answer(RENAME, input={"databaseId": DATABASE, "assetId": "late", "assetName": "renamed"})
                time.sleep(1)
            assert next(changes)["assetChanged"]["assetName"] == "renamed"


def test_upload_progress_counts_parts_and_ends_with_the_upload(client: Client) -> None:
    asset = (DATABASE, "progress")
    client.create_asset(*asset)
    body = {"two-parts.bin": bytes(6 << 20)}
    upload = client.start(asset, body, partSizeBytes=5 << 20)
    parts = upload["files"][0]["parts"]
    with client.subscribe(PROGRESS, over="websocket", id=upload["uploadId"]) as progress:
        assert _received(next(progress)) == [False, False]
        sent = [client.put(part, body["two-parts.bin"]) for part in parts[1:]]
        assert _received(next(progress)) == [False, True]
        sent = [client.put(parts[0], body["two-parts.bin"]), *sent]
        assert _received(next(progress)) == [True, True]
        client.complete(upload, [{"path": "two-parts.bin", "parts": sent}])
        assert [one["uploadProgress"]["state"] for one in progress] == ["COMPLETED"]


def test_an_upload_that_does_not_exist_ends_its_subscription_with_an_error(client: Client) -> None:
    body = {"query": PROGRESS, "variables": {"id": "no-such-upload"}}
    response = client.http.post(f"{client.url}/graphql", json=body, headers={"accept": "text/event-stream"})
    assert "There is no upload 'no-such-upload'." in response.text
    assert response.text.endswith("event: complete\ndata: \n\n")


def test_projection_progress_shows_a_rebuild_to_its_end(client: Client) -> None:
    document = """subscription { projectionProgress(name: "search") {
        name generation state progress eventsPerSecond secondsLeft } }"""
    rebuild = """mutation($input: RebuildProjectionInput!) { rebuildProjection(input: $input) {
        position errors { code } } }"""
    with client.subscribe(document, over="websocket") as progress:
        before = next(progress)["projectionProgress"]
        client.done(rebuild, name="search")
        after = before
        while after["generation"] == before["generation"]:
            after = next(progress)["projectionProgress"]
    assert (after["name"], after["generation"]) == ("search", before["generation"] + 1)


def test_a_refused_subscription_says_why_before_any_stream(client: Client) -> None:
    response = httpx.post(
        f"{client.url}/graphql",
        json={"query": "subscription { nothing }"},
        headers={"accept": "text/event-stream, application/graphql-response+json"},
    )
    assert response.status_code == 400
    assert response.json()["errors"][0]["message"] == "Cannot query field 'nothing' on type 'Subscription'."


def _received(progress: Any) -> list[bool]:
    return [part["received"] for part in progress["uploadProgress"]["files"][0]["parts"]]
