"""The scripted run of one library, from an empty data directory to pictures, search and the past."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.system.client import Client
from tests.system.media import await_media, decoded, renditions
from tests.system.oiiotool import Printed, printed_parts

ASSET = ("shots", "cornell")
MULTIPART = "renders/multipart.0001.exr"
PATHS = {
    MULTIPART: "exr/multipart.0001.exr",
    "renders/cornellBox.0001.exr": "exr/cornellBox_CryptoWildcard.0001.exr",
    "renders/window.t08.exr": "exr/t08.exr",
    "renders/composited.exr": "exr/composited.exr",
    "plates/tahoe.jpg": "image/tahoe-gps.jpg",
    "plates/logo.png": "image/oiio-logo-with-alpha.png",
    "plates/quad.tif": "image/quad-tile.tif",
    "plates/scan.dpx": "image/dpx_nuke_10bits_rgb.dpx",
}
METADATA = [
    {"key": "sequence", "value": "glasshouse"},
    {"key": "focal_length", "value": "35.5", "valueType": "NUMBER"},
    {"key": "shot_on", "value": "2026-03-14", "valueType": "DATE"},
    {"key": "place", "value": '{"type": "Point", "coordinates": [13.4, 52.5]}', "valueType": "GEOPOINT"},
]
TIMECODE = re.compile(r"\d\d:\d\d:\d\d:\d\d")
TIMECODE_DIGITS = ((24, 0x3F), (16, 0x7F), (8, 0x7F), (0, 0x3F))
"""Where SMPTE 12M keeps hours, minutes, seconds and frames as decimal digits of four bits."""
MEDIA = """query($d: String!, $a: String!, $p: String!) { file(databaseId: $d, assetId: $a, path: $p) { media {
  isDeep frameNumber
  parts { partIndex width height displayWidth displayHeight dataWindow displayWindow
    channels { channelName channelType } }
  attributes { partIndex attrName value } } } }"""
SET_METADATA = """mutation($input: SetMetadataInput!) { setMetadata(input: $input) {
  entries { key value } position errors { code message path } } }"""
CREATE_VERSION = """mutation($input: CreateAssetVersionInput!) { createAssetVersion(input: $input) {
  assetVersion { assetVersionId versionAlias isCurrent position } skippedPaths
  position errors { code message path } } }"""
STATE = """query($d: String!, $a: String!, $asOf: AsOf) { asset(databaseId: $d, assetId: $a, asOf: $asOf) {
  assetName assetType metadata { key value }
  files(first: 100) { totalCount edges { node { path s3VersionId } } }
  versions { edges { node { assetVersionId } } } } }"""
VERSION = """query($d: String!, $a: String!) { asset(databaseId: $d, assetId: $a) { versions { edges { node {
  assetVersionId comment isCurrent files { totalCount edges { node { path s3VersionId sizeBytes isLatest } } }
  metadata { key value valueType } } } } } }"""
FRAMES = """query($f: FrameFilter, $at: Position) { frames(filter: $f, atLeast: $at) { edges { node {
  path frameNumber isDeep partCount width height compression file { sizeBytes } } } } }"""
SEARCH = """query($q: String, $f: SearchFilter, $facets: [SearchFacet!], $at: Position) {
  search(query: $q, filter: $f, facets: $facets, atLeast: $at) { totalCount facets { facet values { value count } }
    edges { node { __typename ... on Asset { assetId } ... on File { path } } } } }"""


@dataclass(frozen=True)
class Library:
    """What the run has loaded."""

    client: Client
    uploaded: dict[str, bytes]
    position: str
    """Log position at which every file had its pictures."""


@pytest.fixture(scope="module")
def library(client: Client, samples: Path) -> Library:
    client.create_asset(*ASSET, assetName="Cornell box with candles", tags=["hero", "lit"], metadata=METADATA)
    files = {path: (samples / sample).read_bytes() for path, sample in PATHS.items()}
    started = time.monotonic()
    done = client.upload(ASSET, files)
    position = await_media(client, ASSET, after=done["position"], count=len(files))
    assert time.monotonic() - started < 60
    return Library(client, files, position)


def test_the_upload_made_a_file_of_each_declared_one(library: Library) -> None:
    document = """{ asset(databaseId: "shots", assetId: "cornell") { assetType files { edges { node {
        path sizeBytes contentSha256 archived versions { sizeBytes } } } } } }"""
    asset = library.client.one(document)
    nodes = [edge["node"] for edge in asset["files"]["edges"]]
    assert asset["assetType"] == "folder"
    assert {node["path"]: node["sizeBytes"] for node in nodes} == {p: len(b) for p, b in library.uploaded.items()}
    assert [node["path"] for node in nodes] == sorted(library.uploaded)
    assert {len(node["versions"]) for node in nodes} == {1}


@pytest.mark.parametrize("path", PATHS)
def test_every_file_has_a_thumbnail_and_a_proxy_that_decode(library: Library, path: str) -> None:
    found = renditions(library.client, ASSET, path, at=library.position)
    assert {kind: one["state"] for kind, one in found.items()} == {"THUMBNAIL": "READY", "PROXY": "READY"}
    for kind, (width, height) in {"THUMBNAIL": (256, 256), "PROXY": (1920, 1080)}.items():
        picture = decoded(library.client, found[kind])
        assert picture.size == (found[kind]["width"], found[kind]["height"])
        assert picture.width <= width
        assert picture.height <= height


@pytest.mark.parametrize("path", PATHS)
def test_media_says_what_oiiotool_says(library: Library, samples: Path, path: str) -> None:
    media = library.client.one(MEDIA, d=ASSET[0], a=ASSET[1], p=path)["media"]
    printed = printed_parts(samples / PATHS[path])
    assert [_layout(part) for part in media["parts"]] == [_printed_layout(part) for part in printed]
    for index, part in enumerate(printed):
        attributes = {a["attrName"]: a["value"] for a in media["attributes"] if a["partIndex"] == index}
        assert attributes.keys() == part.attributes.keys()
        for name, text in part.attributes.items():
            assert _agree(attributes[name], text), f"{name} is {attributes[name]!r}, and oiiotool prints {text}"


def test_words_metadata_and_extensions_find_the_asset_and_its_files(library: Library) -> None:
    def hits(query: str | None = None, **given: Any) -> Any:
        return library.client.one(SEARCH, q=query, f=given, at=library.position)

    assert _assets(hits("candles")) == ["cornell"]
    assert _assets(hits("glasshouse")) == ["cornell"]
    assert _assets(hits(metadata=[{"key": "focal_length", "gte": "35", "lte": "36"}])) == ["cornell"]
    assert _assets(hits(metadata=[{"key": "shot_on", "gte": "2026-03-01", "lte": "2026-03-31"}])) == ["cornell"]
    assert _assets(hits(metadata=[{"key": "focal_length", "gte": "36"}])) == []
    near = {"latitude": 52.4, "longitude": 13.3, "radiusMeters": 20_000}
    assert _assets(hits(metadata=[{"key": "place", "within": near}])) == ["cornell"]
    assert _files(hits(fileExtensions=["exr"])) == sorted(path for path in PATHS if path.endswith(".exr"))
    assert _files(hits(fileExtensions=[".dpx"])) == ["plates/scan.dpx"]
    assert hits("nowhere-to-be-found")["totalCount"] == 0


def test_facets_count_every_hit_once(library: Library) -> None:
    wanted = ["DATABASE", "ASSET_TYPE", "TAG", "FILE_EXTENSION"]
    found = library.client.one(SEARCH, q=None, f={"entityTypes": ["FILE"]}, facets=wanted, at=library.position)
    counted = {one["facet"]: {v["value"]: v["count"] for v in one["values"]} for one in found["facets"]}
    assert found["totalCount"] == len(PATHS)
    assert counted["DATABASE"] == {"shots": 8}
    assert counted["ASSET_TYPE"] == {"folder": 8}
    assert counted["TAG"] == {"hero": 8, "lit": 8}
    assert {value.strip("."): n for value, n in counted["FILE_EXTENSION"].items()} == {
        "exr": 4,
        "jpg": 1,
        "png": 1,
        "tif": 1,
        "dpx": 1,
    }


def test_frames_are_found_by_their_headers(library: Library) -> None:
    def found(**given: Any) -> Any:
        given = {"assetId": ASSET[1], **given}
        edges = library.client.one(FRAMES, f=given, at=library.position)["edges"]
        return [edge["node"] for edge in edges]

    (cornell,) = found(channelsAny=["uCryptoWildcard00.R"])
    assert cornell == {
        "path": "renders/cornellBox.0001.exr",
        "frameNumber": 1,
        "isDeep": False,
        "partCount": 1,
        "width": 626,
        "height": 540,
        "compression": "zips",
        "file": {"sizeBytes": len(library.uploaded["renders/cornellBox.0001.exr"])},
    }
    assert [frame["path"] for frame in found(layersAny=["forward"])] == [MULTIPART]
    assert found(isDeep=True) == []
    assert [frame["path"] for frame in found(minWidth=1000, pathPrefix="renders/")] == ["renders/composited.exr"]
    camera = {"key": "vrayInfo/camera", "equals": "RENDER_CAM"}
    assert [frame["path"] for frame in found(attribute=camera)] == ["renders/cornellBox.0001.exr"]
    assert found(channelsAny=["no such channel"]) == []


def test_frames_are_counted_by_what_they_share(library: Library, samples: Path) -> None:
    document = """query($at: Position) { frameStatistics(filter: { assetId: "cornell", pathPrefix: "renders/" },
        groupBy: [COMPRESSION], atLeast: $at) { keys fileCount totalSizeBytes } }"""
    groups = library.client.one(document, at=library.position)
    sizes = {path: len(body) for path, body in library.uploaded.items() if path.startswith("renders/")}
    expected: dict[str, list[int]] = {}
    for path, size in sizes.items():
        compression = printed_parts(samples / PATHS[path])[0].attributes["compression"].strip('"')
        expected.setdefault(compression, []).append(size)
    assert {group["keys"][0]: (group["fileCount"], group["totalSizeBytes"]) for group in groups} == {
        compression: (len(listed), sum(listed)) for compression, listed in expected.items()
    }


def test_a_version_and_the_past_stay_as_they_were(library: Library) -> None:
    client = library.client
    then = client.one(STATE, d=ASSET[0], a=ASSET[1])
    version = client.done(CREATE_VERSION, databaseId=ASSET[0], assetId=ASSET[1], comment="first look")
    time_between = client.one("{ events(first: 1000) { edges { node { recordedAt position } } } }")["edges"][-1]["node"]
    changed = {
        MULTIPART: library.uploaded["renders/window.t08.exr"],
        "plates/new.png": library.uploaded["plates/logo.png"],
    }
    done = client.upload(ASSET, changed)
    owner = {"databaseId": ASSET[0], "assetId": ASSET[1]}
    entries = [{"key": "sequence", "value": "greenhouse"}]
    client.done(SET_METADATA, owner=owner, entries=entries)
    await_media(client, ASSET, after=done["position"], count=2)

    now = client.one(STATE, d=ASSET[0], a=ASSET[1])
    assert _versions_by_path(now).keys() - _versions_by_path(then).keys() == {"plates/new.png"}
    assert _versions_by_path(now)[MULTIPART] != _versions_by_path(then)[MULTIPART]
    assert {"key": "sequence", "value": "greenhouse"} in now["metadata"]

    first = client.one(VERSION, d=ASSET[0], a=ASSET[1])["versions"]["edges"][0]["node"]
    held = {edge["node"]["path"]: edge["node"] for edge in first["files"]["edges"]}
    assert {path: node["s3VersionId"] for path, node in held.items()} == _versions_by_path(then)
    assert [path for path, node in held.items() if not node["isLatest"]] == [MULTIPART]
    assert {entry["key"]: entry["value"] for entry in first["metadata"]}["sequence"] == "glasshouse"

    by_position = client.one(STATE, d=ASSET[0], a=ASSET[1], asOf={"position": version["position"]})
    by_time = client.one(STATE, d=ASSET[0], a=ASSET[1], asOf={"time": time_between["recordedAt"]})
    assert by_position == by_time
    with_version = {**then, "versions": {"edges": [{"node": {"assetVersionId": "1"}}]}}
    assert by_position == with_version
    before = client.one(STATE, d=ASSET[0], a=ASSET[1], asOf={"position": library.position})
    assert before == then


def test_a_file_of_two_parts_and_an_empty_one_arrive_whole(library: Library) -> None:
    client = library.client
    body = bytes(range(256)) * (6 * 4096)
    asset = ("shots", "multipart")
    client.create_asset(*asset)
    upload = client.start(asset, {"six-mebibytes.bin": body}, partSizeBytes=5 << 20)
    parts = upload["files"][0]["parts"]
    assert [(part["offset"], part["sizeBytes"]) for part in parts] == [(0, 5 << 20), (5 << 20, 1 << 20)]
    client.complete(upload, client.send(upload, {"six-mebibytes.bin": body}))
    done = client.upload(asset, {"nothing.txt": b""})
    assert [(file["path"], file["sizeBytes"]) for file in done["files"]] == [("nothing.txt", 0)]

    document = (
        """{ asset(databaseId: "shots", assetId: "multipart") { files { edges { node { path downloadUrl } } } } }"""
    )
    urls = {edge["node"]["path"]: edge["node"]["downloadUrl"] for edge in client.one(document)["files"]["edges"]}
    assert client.http.get(urls["nothing.txt"]).content == b""
    whole = client.http.get(urls["six-mebibytes.bin"])
    assert hashlib.sha256(whole.content).digest() == hashlib.sha256(body).digest()
    part = client.http.get(urls["six-mebibytes.bin"], headers={"range": "bytes=5242870-5242889"})
    assert (part.status_code, part.content) == (206, body[5242870:5242890])
    assert part.headers["content-range"] == "bytes 5242870-5242889/6291456"
    assert 'filename="six-mebibytes.bin"' in part.headers["content-disposition"]


def test_files_of_an_asset_that_is_not_distributable_have_no_url(library: Library) -> None:
    client = library.client
    client.create_asset("shots", "kept", isDistributable=False)
    client.upload(("shots", "kept"), {"secret.txt": b"for nobody"})
    document = '{ file(databaseId: "shots", assetId: "kept", path: "secret.txt") { path downloadUrl } }'
    assert client.one(document) == {"path": "secret.txt", "downloadUrl": None}


def _layout(part: dict[str, Any]) -> dict[str, Any]:
    channels = {channel["channelName"]: channel["channelType"] for channel in part["channels"]}
    return {
        "size": (part["width"], part["height"]),
        "data": part["dataWindow"],
        "display": part["displayWindow"],
        "channels": list(channels.items()),
    }


def _printed_layout(part: Printed) -> dict[str, Any]:
    return {
        "size": (part.width, part.height),
        "data": part.data_window,
        "display": part.display_window,
        "channels": list(part.channels.items()),
    }


def _agree(value: Any, text: str) -> bool:
    """Whether a printed value says the same; numbers are printed with six digits, some with a word behind them."""
    if isinstance(value, str):
        return text == f'"{value}"' or text.partition(" ")[0] == value
    if TIMECODE.fullmatch(text):
        return text == ":".join(f"{value[0] >> shift & mask:02x}" for shift, mask in TIMECODE_DIGITS)
    numbers = [float(number) for number in text.partition(" (")[0].split(", ")]
    return numbers == pytest.approx(np.ravel(value).tolist(), rel=1e-5)


def _assets(found: Any) -> list[str]:
    nodes = [edge["node"] for edge in found["edges"]]
    return [node["assetId"] for node in nodes if node["__typename"] == "Asset"]


def _files(found: Any) -> list[str]:
    nodes = [edge["node"] for edge in found["edges"]]
    return sorted(node["path"] for node in nodes if node["__typename"] == "File")


def _versions_by_path(asset: Any) -> dict[str, str]:
    return {edge["node"]["path"]: edge["node"]["s3VersionId"] for edge in asset["files"]["edges"]}
