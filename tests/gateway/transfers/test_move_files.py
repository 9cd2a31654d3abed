"""moveFiles: what it does, what it shows of it, and what it refuses."""

from __future__ import annotations

from typing import Any

from tests.gateway.recording import nothing_recorded, recording
from tests.gateway.transfers.asking import COPY, FILE, MOVE, TRANSFER, asset_type, ended, file, paths
from tests.system.client import Client

SET_METADATA = """mutation($input: SetMetadataInput!) { setMetadata(input: $input) {
  position errors { code message path } } }"""
CREATE_VERSION = """mutation($input: CreateAssetVersionInput!) { createAssetVersion(input: $input) {
  position errors { code message path } } }"""


def _assets(client: Client, name: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Two new assets in two databases."""
    pair = (("shows", f"{name}_from"), ("archive", f"{name}_to"))
    for asset in pair:
        client.create_asset(*asset)
    return pair


def _move(client: Client, source: tuple[str, str], files: dict[str, str], **given: Any) -> Any:
    listed = [{"sourcePath": old, "destinationPath": new} for old, new in files.items()]
    return client.done(MOVE, databaseId=source[0], assetId=source[1], files=listed, **given)


def _to(asset: tuple[str, str]) -> dict[str, str]:
    return {"destinationDatabaseId": asset[0], "destinationAssetId": asset[1]}


def test_files_move_to_another_database_with_previews_and_entries(client: Client) -> None:
    source, destination = _assets(client, "whole")
    client.upload(source, {"a.exr": b"a", "a.exr.previewFile.png": b"png", "b.exr": b"b"})
    owner = {"databaseId": source[0], "assetId": source[1], "path": "a.exr"}
    client.done(SET_METADATA, owner=owner, entries=[{"key": "take", "value": "3"}])
    before = file(client, source, "a.exr")
    head = client.head()
    with recording(client) as then:
        asked = _move(client, source, {"a.exr": "old/a.exr"}, reason="Wrapped", **_to(destination))
        found = ended(client, asked)
    assert asked["fileTransfer"]["state"] in ("REQUESTED", "RUNNING", "DONE")
    assert {name: found[name] for name in found if name not in ("transferId", "endedAt", "files")} == {
        "kind": "MOVE",
        "state": "DONE",
        "databaseId": source[0],
        "assetId": source[1],
        "destinationDatabaseId": destination[0],
        "destinationAssetId": destination[1],
        "metadataPolicy": "KEEP_SOURCE",
        "reason": "Wrapped",
        "totalCount": 2,
        "doneCount": 2,
        "failedCount": 0,
        "leftOver": None,
        "requestedBy": found["requestedBy"],
    }
    assert [edge["node"]["destinationPath"] for edge in found["files"]["edges"]] == [
        "old/a.exr",
        "old/a.exr.previewFile.png",
    ]
    assert then.types == [
        "FileTransferRequested",
        "AssetTransferOpened",
        "AssetTransferOpened",
        "FileMoved",
        "FileMetadataSet",
        "FileMovedAway",
        "FileMoved",
        "FileMovedAway",
        "FileTransferAdvanced",
        "FileTransferCompleted",
        "AssetTransferClosed",
        "AssetTransferClosed",
    ]
    assert paths(client, source) == ["b.exr"]
    assert paths(client, destination) == ["old/a.exr", "old/a.exr.previewFile.png"]
    moved = file(client, destination, "old/a.exr")
    assert moved["metadata"] == [{"key": "take", "value": "3"}]
    assert moved["origin"] == {
        "kind": "MOVE",
        "databaseId": source[0],
        "assetId": source[1],
        "path": "a.exr",
        "s3VersionId": before["s3VersionId"],
        "transferId": found["transferId"],
    }
    assert moved["versions"] == [{"s3VersionId": moved["s3VersionId"], "origin": {"path": "a.exr"}}]
    assert paths(client, source, head) == ["a.exr", "a.exr.previewFile.png", "b.exr"]
    assert paths(client, destination, head) == []


def test_the_history_of_the_source_says_where_the_file_went(client: Client) -> None:
    source, destination = _assets(client, "told")
    client.upload(source, {"a.exr": b"a"})
    version = file(client, source, "a.exr")["s3VersionId"]
    client.done(CREATE_VERSION, databaseId=source[0], assetId=source[1], comment="First")
    found = ended(client, _move(client, source, {"a.exr": "a.exr"}, **_to(destination)))
    assert file(client, source, "a.exr") is None
    history = """query($a: String!) { asset(databaseId: "shows", assetId: $a) { history { edges { node {
        eventType path payload } } } transfers { edges { node { transferId } } } } }"""
    shown = client.one(history, a=source[1])
    (gone,) = [edge["node"] for edge in shown["history"]["edges"] if edge["node"]["eventType"] == "FileMovedAway"]
    place = {"database_id": destination[0], "asset_id": destination[1], "path": "a.exr"}
    assert (gone["path"], gone["payload"]["destination"]) == ("a.exr", place)
    assert shown["transfers"]["edges"] == [{"node": {"transferId": found["transferId"]}}]
    kept = file(client, source, "a.exr", version)
    assert (kept["s3VersionId"], kept["sizeBytes"], kept["revision"]) == (version, 1, 1)


def test_the_type_of_both_assets_follows_their_files(client: Client) -> None:
    source, destination = _assets(client, "typed")
    client.upload(source, {"a.exr": b"a", "b.jpg": b"b", "c": b"c"})
    heads = [client.head()]
    for path in ("a.exr", "b.jpg", "c"):
        ended(client, _move(client, source, {path: path}, **_to(destination)))
        heads.append(client.head())
    types = [(asset_type(client, source, head), asset_type(client, destination, head)) for head in heads]
    assert types == [("folder", "none"), ("folder", ".exr"), ("unknown", "folder"), ("none", "folder")]
    assert (asset_type(client, source), asset_type(client, destination)) == ("none", "folder")


def test_a_prefix_stands_for_the_files_below_it(client: Client) -> None:
    source, destination = _assets(client, "folder")
    client.upload(source, {f"plates/f.{n:04}.exr": b"x" for n in range(20)} | {"platesheet.txt": b"y"})
    client.upload(source, {"plates/f.0001.exr.previewFile.jpg": b"z"})
    given = {"databaseId": source[0], "assetId": source[1], "sourcePrefix": "plates/", "destinationPrefix": "in/"}
    with nothing_recorded(client):
        error = client.refused(MOVE, **{**given, "sourcePrefix": "nothing/"})
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["sourcePrefix"])
    found = ended(client, client.done(MOVE, **given, **_to(destination)))
    assert (found["state"], found["totalCount"]) == ("DONE", 21)
    assert paths(client, source) == ["platesheet.txt"]
    wanted = [f"in/f.{n:04}.exr" for n in range(20)] + ["in/f.0001.exr.previewFile.jpg"]
    assert paths(client, destination) == sorted(wanted)


def test_every_policy_for_entries_means_what_it_says(client: Client) -> None:
    source, _ = _assets(client, "merged")
    for policy, expected in (
        ("KEEP_SOURCE", [("note", "here"), ("take", "2")]),
        ("KEEP_DESTINATION", [("note", "here"), ("take", "1")]),
        ("NONE", []),
    ):
        path, other = f"{policy}.exr", f"{policy}.other.exr"
        client.upload(source, {path: b"x", other: b"y"})
        owner = {"databaseId": source[0], "assetId": source[1]}
        client.done(SET_METADATA, owner={**owner, "path": path}, entries=[{"key": "take", "value": "1"}])
        more = [{"key": "take", "value": "2"}, {"key": "note", "value": "here"}]
        client.done(SET_METADATA, owner={**owner, "path": other}, entries=more)
        ended(client, _move(client, source, {path: f"away/{path}"}))
        with nothing_recorded(client):
            given = [{"sourcePath": other, "destinationPath": path}]
            error = client.refused(MOVE, **owner, files=given, metadataPolicy="FAIL")
            assert (error["code"], error["path"]) == ("METADATA_CONFLICT", ["files", "0", "destinationPath"])
            assert client.refused(COPY, **owner, files=given, metadataPolicy="FAIL") == error
        ended(client, _move(client, source, {other: path}, metadataPolicy=policy))
        entries = file(client, source, path)["metadata"]
        assert [(entry["key"], entry["value"]) for entry in entries] == expected, policy


def test_the_same_key_moves_once(client: Client) -> None:
    source, destination = _assets(client, "keyed")
    client.upload(source, {"in/a.exr": b"a"})
    given = {"databaseId": source[0], "assetId": source[1], "idempotencyKey": "move-1", **_to(destination)}
    first = client.done(MOVE, **given, sourcePrefix="in/", destinationPrefix="")
    ended(client, first)
    with nothing_recorded(client):
        again = client.done(MOVE, **given, sourcePrefix="in/", destinationPrefix="")
        error = client.refused(MOVE, **given, sourcePrefix="in/", destinationPrefix="x/")
    assert again["fileTransfer"]["transferId"] == first["fileTransfer"]["transferId"]
    assert error["code"] == "IDEMPOTENCY_KEY_REUSED"


def test_a_transfer_is_a_node_and_an_unknown_one_is_null(client: Client) -> None:
    source, destination = _assets(client, "node")
    client.upload(source, {"a.exr": b"a"})
    found = ended(client, _move(client, source, {"a.exr": "a.exr"}, **_to(destination)))
    shown = client.one("query($id: ID!) { fileTransfer(transferId: $id) { id } }", id=found["transferId"])
    node = "query($id: ID!) { node(id: $id) { ... on FileTransfer { transferId } } }"
    assert client.one(node, id=shown["id"]) == {"transferId": found["transferId"]}
    assert client.one(TRANSFER, id="none") is None
    assert client.one(FILE, d=source[0], a=source[1], p="a.exr", v=None) is None
