"""createFolder, deleteFolder and the folders of an asset."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.files.asking import ARCHIVE, ARCHIVE_ASSET, named
from tests.gateway.recording import nothing_recorded, recording
from tests.system.client import Client

FOLDERS = """query($d: String!, $a: String!, $prefix: String, $all: Boolean, $at: AsOf) {
  asset(databaseId: $d, assetId: $a, asOf: $at) { folders(prefix: $prefix, includeArchived: $all) {
    path name fileCount sizeBytes isMade } } }"""
SHOWN = "asset { folders { path isMade } } position errors { code message path }"
CREATE = f"mutation($input: CreateFolderInput!) {{ createFolder(input: $input) {{ {SHOWN} }} }}"
DELETE = f"mutation($input: DeleteFolderInput!) {{ deleteFolder(input: $input) {{ {SHOWN} }} }}"
FILES = {"a.exr": b"a", "x/b.exr": b"bb", "x/y/c.exr": b"ccc", "z/d.exr": b"d"}


def _folders(client: Client, asset: tuple[str, str], **options: Any) -> list[tuple[str, str, int, int, bool]]:
    found = client.one(FOLDERS, d=asset[0], a=asset[1], **options)["folders"]
    return [tuple(one[name] for name in ("path", "name", "fileCount", "sizeBytes", "isMade")) for one in found]


@pytest.fixture(scope="module")
def asset(client: Client) -> tuple[str, str]:
    made = ("shows", "folders")
    client.create_asset(*made)
    client.upload(made, FILES)
    return made


def test_folders_of_files_and_made_ones_are_listed_with_counts(client: Client, asset: tuple[str, str]) -> None:
    before = client.head()
    with recording(client) as then:
        done = client.done(CREATE, **named(asset, path="/x/empty/"))
        client.done(CREATE, **named(asset, path="x"))
    assert then.types == ["FolderCreated", "FolderCreated"]
    assert done["asset"]["folders"] == [{"path": "x", "isMade": False}, {"path": "z", "isMade": False}]
    assert _folders(client, asset) == [("x", "x", 2, 5, True), ("z", "z", 1, 1, False)]
    assert _folders(client, asset, prefix="/x") == [("x/empty", "empty", 0, 0, True), ("x/y", "y", 1, 3, False)]
    assert _folders(client, asset, prefix="x/empty/") == []
    assert _folders(client, asset, at={"position": str(before)}) == [("x", "x", 2, 5, False), ("z", "z", 1, 1, False)]
    client.done(ARCHIVE, **named(asset, paths=["z/d.exr"]))
    assert [folder[0] for folder in _folders(client, asset)] == ["x"]
    assert [folder[0] for folder in _folders(client, asset, all=True)] == ["x", "z"]
    with recording(client) as then:
        client.done(DELETE, **named(asset, path="x/empty"))
        client.done(DELETE, **named(asset, path="x"))
    assert then.types == ["FolderDeleted", "FolderDeleted"]
    assert _folders(client, asset) == [("x", "x", 2, 5, False)]


@pytest.mark.parametrize(
    ("document", "given", "code", "path"),
    [
        (CREATE, {"path": "made"}, "ALREADY_EXISTS", ["path"]),
        (CREATE, {"path": "a.exr"}, "ALREADY_EXISTS", ["path"]),
        (CREATE, {"path": "a//b"}, "PATH_INVALID", ["path"]),
        (CREATE, {"assetId": "gone"}, "NOT_FOUND", ["assetId"]),
        (CREATE, {"assetId": "asleep"}, "ASSET_ALREADY_ARCHIVED", ["assetId"]),
        (DELETE, {"path": "z"}, "NOT_FOUND", ["path"]),
        (DELETE, {"path": ""}, "PATH_INVALID", ["path"]),
        (DELETE, {"assetId": "asleep"}, "ASSET_ALREADY_ARCHIVED", ["assetId"]),
    ],
)
def test_what_cannot_be_done_is_refused_and_records_nothing(
    client: Client, refusing: tuple[str, str], document: str, given: dict[str, Any], code: str, path: list[str]
) -> None:
    with nothing_recorded(client):
        error = client.refused(document, **(named(refusing, path="new") | given))
    assert (error["code"], error["path"]) == (code, path)


@pytest.fixture(scope="module")
def refusing(client: Client) -> tuple[str, str]:
    """An asset with a file and a made folder, beside one that is archived."""
    client.create_asset("shows", "asleep")
    client.done(ARCHIVE_ASSET, **named(("shows", "asleep")))
    made = ("shows", "refusing")
    client.create_asset(*made)
    client.upload(made, {"a.exr": b"a"})
    client.done(CREATE, **named(made, path="made"))
    return made
