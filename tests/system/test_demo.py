"""The demo library: loaded through the public API, once, whatever is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.demo.queries import TO_TRY
from tests.system.client import Client
from tests.system.server import RunningServer, serving

EVERYTHING = """{ database(databaseId: "demo") { assetCount assets { edges { node {
  assetId tags metadata { valueType } sequences { firstFrame lastFrame frameCount missing { firstFrame } }
  currentVersion { versionAlias metadata { key value } }
  versions { edges { node { versionAlias metadata { key value }
    files(first: 30) { edges { node { path s3VersionId } } } } } }
  files(first: 30) { edges { node { path rendition(kind: THUMBNAIL) { state } media { parts {
    channels { channelName channelType } } attributes { attrName value } } } } } } } } } }"""
BEAUTY = {"R": "HALF", "G": "HALF", "B": "HALF", "A": "HALF"}
LAYERS = {
    **{f"{layer}.{c}": "HALF" for layer in ("diffuse", "specular") for c in "RGB"},
    **{f"normal.{c}": "HALF" for c in "XYZ"},
}


@pytest.fixture(scope="module")
def said(running_server: RunningServer) -> str:
    """What the command wrote."""
    done = running_server.run("demo", "--url", running_server.url)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_a_shot_in_two_versions_and_a_few_stills(client: Client, said: str) -> None:
    database = client.one(EVERYTHING)
    stills, shot = (edge["node"] for edge in database["assets"]["edges"])
    assert (database["assetCount"], stills["assetId"], shot["assetId"]) == (2, "reference", "spheres")
    assert shot["sequences"] == [{"firstFrame": 1001, "lastFrame": 1024, "frameCount": 24, "missing": []}]
    second, first = (edge["node"] for edge in shot["versions"]["edges"])
    assert (first["versionAlias"], second["versionAlias"]) == ("first-light", "approved")
    changed = dict(_held(second) - _held(first))
    assert list(changed) == ["renders/spheres.1012.exr"]
    assert (_metadata(first)["status"], _metadata(second)["status"]) == ("in review", "approved")
    kinds = {entry["valueType"] for asset in (shot, stills) for entry in asset["metadata"]}
    assert kinds >= {"NUMBER", "DATE", "GEOPOINT", "BOOLEAN", "XYZ"}


def test_every_file_has_a_thumbnail_and_every_frame_its_layers(client: Client, said: str) -> None:
    assets = [edge["node"] for edge in client.one(EVERYTHING)["assets"]["edges"]]
    files = [edge["node"] for asset in assets for edge in asset["files"]["edges"]]
    assert [file["rendition"]["state"] for file in files] == ["READY"] * 29
    frames = [file for file in files if file["path"].endswith(".exr")]
    for frame in frames:
        (part,) = frame["media"]["parts"]
        channels = {channel["channelName"]: channel["channelType"] for channel in part["channels"]}
        assert channels == {**BEAUTY, **LAYERS, "depth.Z": "FLOAT"}
        attributes = {one["attrName"]: one["value"] for one in frame["media"]["attributes"]}
        assert attributes["FramesPerSecond"] == [24, 1]
        assert "smpte:TimeCode" in attributes


def test_each_query_it_prints_answers_with_something(running_server: RunningServer, client: Client, said: str) -> None:
    assert f"{running_server.url}/graphiql" in said
    assert len(TO_TRY) == 3
    for query in TO_TRY.values():
        assert query in said
        assert all(_leaves(value) for value in client.data(query).values())


def test_loading_it_again_records_nothing(running_server: RunningServer, client: Client, said: str) -> None:
    head = client.head()
    again = running_server.run("demo", "--url", running_server.url)
    assert (again.returncode, again.stdout) == (0, said)
    assert "thumbnails: 29/29" in again.stderr
    assert client.head() == head


def test_a_server_that_is_not_there_is_named(running_server: RunningServer) -> None:
    failed = running_server.run("demo", "--url", "http://127.0.0.1:9")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "interneg: the demo library is not loaded. http://127.0.0.1:9 does not answer" in failed.stderr


def test_a_server_loads_it_when_it_starts_and_shows_its_key(tmp_path: Path) -> None:
    with serving(tmp_path, "--demo", api_key="a long random key") as server:
        assert server.read_line() == "\n"
        assert server.read_line() == f"The demo library is loaded. Open {server.url}/graphiql and try:\n"
        assert httpx.get(f"{server.url}/graphql?query={{viewer{{id}}}}").status_code == 401
        without = server.run("demo", "--url", server.url)
        assert (without.returncode, without.stdout) == (1, "")
        assert "interneg: the demo library is not loaded. A request was refused:" in without.stderr
        assert "Send Authorization: Bearer and the API key" in without.stderr
        with_key = server.run("demo", "--url", server.url, api_key="a long random key")
        assert (with_key.returncode, "thumbnails: 29/29" in with_key.stderr) == (0, True)


def _held(version: Any) -> set[tuple[str, str]]:
    return {(edge["node"]["path"], edge["node"]["s3VersionId"]) for edge in version["files"]["edges"]}


def _metadata(version: Any) -> dict[str, str]:
    return {entry["key"]: entry["value"] for entry in version["metadata"]}


def _leaves(value: Any) -> list[Any]:
    """Everything in an answer that is no list or object."""
    if isinstance(value, dict):
        return [leaf for child in value.values() for leaf in _leaves(child)]
    if isinstance(value, list):
        return [leaf for child in value for leaf in _leaves(child)]
    return [value]
