"""copyFiles: what it does, what it shows of it, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.product import Product
from tests.gateway.recording import recording
from tests.gateway.transfers.asking import COPY, ended, file, paths
from tests.system.client import Client

SOURCE = ("shows", "copied")


@pytest.fixture(scope="module", autouse=True)
def asset(client: Client) -> None:
    client.create_asset(*SOURCE)
    client.upload(SOURCE, {"a.exr": b"a", "b.exr": b"b"})


def _copy(client: Client, files: list[tuple[str, str]], **given: Any) -> Any:
    listed = [{"sourcePath": old, "destinationPath": new} for old, new in files]
    return client.done(COPY, databaseId=SOURCE[0], assetId=SOURCE[1], files=listed, **given)


def test_a_file_is_copied_within_its_asset_and_to_another(client: Client) -> None:
    client.create_asset("archive", "copies")
    with recording(client) as then:
        inside = ended(client, _copy(client, [("a.exr", "in/a.exr"), ("a.exr", "in/again.exr")]))
        outside = ended(
            client, _copy(client, [("b.exr", "b.exr")], destinationDatabaseId="archive", destinationAssetId="copies")
        )
    assert [(found["kind"], found["state"], found["doneCount"]) for found in (inside, outside)] == [
        ("COPY", "DONE", 2),
        ("COPY", "DONE", 1),
    ]
    assert then.types == [
        "FileTransferRequested",
        "AssetTransferOpened",
        "FileCopied",
        "FileCopied",
        "FileTransferAdvanced",
        "FileTransferCompleted",
        "AssetTransferClosed",
        "FileTransferRequested",
        "AssetTransferOpened",
        "AssetTransferOpened",
        "FileCopied",
        "FileTransferAdvanced",
        "FileTransferCompleted",
        "AssetTransferClosed",
        "AssetTransferClosed",
    ]
    assert paths(client, SOURCE) == ["a.exr", "b.exr", "in/a.exr", "in/again.exr"]
    assert paths(client, ("archive", "copies")) == ["b.exr"]
    origin = file(client, ("archive", "copies"), "b.exr")["origin"]
    assert (origin["kind"], origin["databaseId"], origin["path"]) == ("COPY", "shows", "b.exr")


def test_files_that_can_not_go_are_shown_with_their_reason(client: Client, library: Product) -> None:
    store, bucket = library.parts.objects, library.parts.settings.bucket
    store.put(bucket, "copied/taken.exr", b"foreign", content_type="text/plain", metadata={})
    found = ended(client, _copy(client, [("a.exr", "taken.exr"), ("b.exr", "free.exr")]))
    assert (found["state"], found["doneCount"], found["failedCount"]) == ("DONE_WITH_ERRORS", 1, 1)
    failed = f"""{{ fileTransfer(transferId: "{found["transferId"]}") {{ files(state: FAILED) {{ totalCount edges {{
        node {{ destinationPath failureCode failure }} }} }} }} }}"""
    shown = client.one(failed)["files"]
    assert shown["totalCount"] == 1
    assert shown["edges"][0]["node"] == {
        "destinationPath": "taken.exr",
        "failureCode": "DESTINATION_OCCUPIED",
        "failure": "The bucket holds an object 'copied/taken.exr' that is no file: register it or take it away.",
    }
    store.delete(bucket, "copied/taken.exr")
    again = ended(client, _copy(client, [("a.exr", "taken.exr")]))
    assert (again["state"], again["doneCount"]) == ("DONE", 1)
