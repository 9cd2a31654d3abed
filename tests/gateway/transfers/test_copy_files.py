"""copyFiles: what it does, what it shows of it, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from domain.transfers.commands import FilePair, WantedTransfer, request_transfer
from domain.transfers.events import TransferKind
from tests.gateway.product import Product, order_of
from tests.gateway.recording import nothing_recorded, recording
from tests.gateway.transfers.asking import COPY, MOVE, ended, file, paths
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


def test_what_another_transfer_claims_is_refused(client: Client, library: Product) -> None:
    wanted = WantedTransfer(TransferKind.MOVE, SOURCE, ("shows", "nowhere"), [FilePair("a.exr", "z.exr")])
    client.create_asset("shows", "nowhere")
    # A request of a worker that is elsewhere: its job waits for a lock that this test holds.
    with library.parts.pool.connection() as connection, connection.transaction():
        connection.execute("LOCK TABLE procrastinate_jobs IN ACCESS EXCLUSIVE MODE")
        request_transfer(library.ledger, "held", wanted, order=order_of("bob"))
        given = {"databaseId": SOURCE[0], "assetId": SOURCE[1]}
        to = {"destinationAssetId": "nowhere"}
        with nothing_recorded(client):
            pair = {"sourcePath": "b.exr", "destinationPath": "z.exr"}
            error = client.refused(COPY, **given, **to, files=[pair])
            assert (error["code"], error["path"]) == ("DESTINATION_CLAIMED", ["files", "0", "destinationPath"])
            pair = {"sourcePath": "a.exr", "destinationPath": "y.exr"}
            error = client.refused(MOVE, **given, files=[pair])
            assert (error["code"], error["path"]) == ("SOURCE_LEAVING", ["files", "0", "sourcePath"])


def test_a_copy_onto_itself_or_onto_a_file_is_refused(client: Client) -> None:
    given = {"databaseId": SOURCE[0], "assetId": SOURCE[1]}
    with nothing_recorded(client):
        for destination, code in (("b.exr", "TRANSFER_ONTO_ITSELF"), ("in/a.exr", "DESTINATION_EXISTS")):
            error = client.refused(COPY, **given, files=[{"sourcePath": "b.exr", "destinationPath": destination}])
            assert (error["code"], error["path"]) == (code, ["files", "0", "destinationPath"])
        error = client.refused(COPY, **given, sourcePrefix="none/")
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["sourcePrefix"])
        error = client.refused(COPY, **given)
        assert (error["code"], error["path"]) == ("INVALID", ["files"])
