"""What can be asked of a transfer, and why it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assets.commands import archive_asset
from domain.assets.errors import AssetAlreadyArchived, AssetNotFound
from domain.errors import DomainError, Invalid, LimitExceeded
from domain.files.commands import set_file_metadata
from domain.files.errors import FileAlreadyArchived, FileBeingErased, FileExtensionRefused, FileRevertInProgress
from domain.files.lifecycle import archive_files, delete_files_permanently
from domain.files.paths import PathInvalid
from domain.files.reverts import revert_file
from domain.transfers.commands import FilePair, WantedTransfer, request_transfer
from domain.transfers.errors import (
    DestinationClaimed,
    DestinationExists,
    MetadataConflict,
    PathGivenTwice,
    PreviewFollowsFile,
    SourceLeaving,
    SourceNotFound,
    TransferOntoItself,
)
from domain.transfers.events import (
    AssetTransferOpened,
    FileTransferRequested,
    MetadataPolicy,
    PlannedTransfer,
    TransferKind,
)
from domain.transfers.recording import complete_transfer, record_copies
from tests.domain.library import (
    ASSET,
    entry,
    given_asset,
    given_database,
    given_file,
    order,
    recording,
    refused,
    stored,
)
from tests.doubles.memory_ledger import MemoryLedger

SHOT, OTHER = ("shows", "shot_010"), ("shows", "shot_020")
SOURCE, DESTINATION = ("files", "0", "sourcePath"), ("files", "0", "destinationPath")


def ask(
    ledger: MemoryLedger,
    pairs: dict[str, str],
    *,
    transfer_id: str = "t1",
    kind: TransferKind = TransferKind.MOVE,
    to: tuple[str, str] = SHOT,
    **values: Any,
) -> None:
    """Ask for a transfer out of shot_010."""
    files = [FilePair(source, destination) for source, destination in pairs.items()]
    request_transfer(ledger, transfer_id, WantedTransfer(kind, SHOT, to, files, **values), order=order())


@pytest.fixture
def files(shot: MemoryLedger) -> MemoryLedger:
    """shot_010 with a.exr, its preview and b.exr; shot_020 with c.exr."""
    given_asset(shot, "shot_020")
    for path in ("a.exr", "a.exr.previewFile.png", "b.exr"):
        given_file(shot, path)
    given_file(shot, "c.exr", asset_id="shot_020")
    return shot


def test_a_move_is_one_request_with_its_previews_and_a_claim_of_each_asset(files: MemoryLedger) -> None:
    with recording(files) as then:
        ask(files, {"/a.exr": "old/a.exr", "b.exr": "old/b.exr"}, to=OTHER, reason="Wrapped")
    assert then.events == [
        FileTransferRequested(
            transfer_id="t1",
            **ASSET,
            destination_database_id="shows",
            destination_asset_id="shot_020",
            kind=TransferKind.MOVE,
            metadata_policy=MetadataPolicy.KEEP_SOURCE,
            files=(
                PlannedTransfer(source_path="a.exr", destination_path="old/a.exr", s3_version_id="v1"),
                PlannedTransfer(source_path="b.exr", destination_path="old/b.exr", s3_version_id="v1"),
                PlannedTransfer(
                    source_path="a.exr.previewFile.png",
                    destination_path="old/a.exr.previewFile.png",
                    s3_version_id="v1",
                    previews=0,
                ),
            ),
            reason="Wrapped",
        ),
        AssetTransferOpened(**ASSET, transfer_id="t1"),
        AssetTransferOpened(database_id="shows", asset_id="shot_020", transfer_id="t1"),
    ]


def test_one_file_may_be_copied_to_several_places(files: MemoryLedger) -> None:
    pairs = [FilePair("b.exr", "x.exr"), FilePair("b.exr", "y.exr")]
    with recording(files) as then:
        request_transfer(files, "t1", WantedTransfer(TransferKind.COPY, SHOT, SHOT, pairs), order=order())
    assert [type(event).__name__ for event in then.events] == ["FileTransferRequested", "AssetTransferOpened"]
    with refused(files, PathGivenTwice, "files", "1", "sourcePath"):
        request_transfer(files, "t2", WantedTransfer(TransferKind.MOVE, SHOT, SHOT, pairs), order=order())


REFUSALS: list[tuple[type[DomainError], tuple[str, ...], dict[str, str], dict[str, Any]]] = [
    (SourceNotFound, SOURCE, {"gone.exr": "x.exr"}, {}),
    (DestinationExists, DESTINATION, {"a.exr": "b.exr"}, {}),
    (DestinationExists, DESTINATION, {"a.exr": "c.exr"}, {"to": OTHER}),
    (TransferOntoItself, DESTINATION, {"a.exr": "a.exr"}, {}),
    (PathGivenTwice, ("files", "1", "destinationPath"), {"a.exr": "x.exr", "b.exr": "x.exr"}, {}),
    (PathGivenTwice, DESTINATION, {"a.exr": "x", "b.exr": "x.previewFile.png"}, {}),
    (PreviewFollowsFile, SOURCE, {"a.exr.previewFile.png": "x.png"}, {}),
    (PathInvalid, DESTINATION, {"a.exr": "../x.exr"}, {}),
    (PathInvalid, DESTINATION, {"a.exr": ".proxies/x.exr"}, {}),
    (AssetNotFound, ("assetId",), {"a.exr": "x.exr"}, {"to": ("shows", "nobody")}),
    (Invalid, ("reason",), {"a.exr": "x.exr"}, {"reason": "x" * 257}),
    (Invalid, ("files",), {}, {}),
]


@pytest.mark.parametrize(("error", "field", "pairs", "values"), REFUSALS)
def test_a_request_that_can_not_be_is_refused(
    files: MemoryLedger,
    error: type[DomainError],
    field: tuple[str, ...],
    pairs: dict[str, str],
    values: dict[str, Any],
) -> None:
    with refused(files, error, *field):
        ask(files, pairs, **values)


def test_more_files_than_a_request_takes_are_refused(files: MemoryLedger) -> None:
    with refused(files, LimitExceeded, "files"):
        ask(files, {f"{n}.exr": f"x{n}.exr" for n in range(10_001)})


@pytest.mark.parametrize("end", ["shot_010", "shot_020"])
def test_both_assets_must_be_active(files: MemoryLedger, end: str) -> None:
    archive_asset(files, "shows", end, order=order())
    with refused(files, AssetAlreadyArchived, "assetId"):
        ask(files, {"a.exr": "x.exr"}, to=OTHER)


def test_archived_files_and_reverts_that_go_on_keep_a_source_in_its_place(files: MemoryLedger) -> None:
    given_file(files, "b.exr", "v2")
    revert_file(files, (*SHOT, "b.exr"), s3_version_id="v1", order=order())
    with refused(files, FileRevertInProgress, "path"):
        ask(files, {"b.exr": "x.exr"})
    archive_files(files, *SHOT, paths=["a.exr"], order=order())
    with refused(files, FileAlreadyArchived, *SOURCE):
        ask(files, {"a.exr": "x.exr"})
    with refused(files, DestinationExists, *DESTINATION):
        ask(files, {"b.exr": "a.exr"}, kind=TransferKind.COPY)


def test_a_path_whose_bytes_are_being_erased_takes_no_file(files: MemoryLedger) -> None:
    delete_files_permanently(files, *SHOT, paths=["a.exr"], is_confirmed=True, order=order())
    with refused(files, FileBeingErased, *DESTINATION):
        ask(files, {"b.exr": "a.exr"})
    with refused(files, SourceNotFound, *SOURCE):
        ask(files, {"a.exr": "x.exr"})


def test_the_destination_database_says_which_extensions_it_takes(files: MemoryLedger) -> None:
    given_database(files, "plates", restrict_file_uploads_to_extensions=(".jpg",))
    given_asset(files, "shot_010", database_id="plates")
    with refused(files, FileExtensionRefused, *DESTINATION):
        ask(files, {"a.exr": "x.exr"}, to=("plates", "shot_010"))


def test_no_two_open_transfers_claim_one_destination(files: MemoryLedger) -> None:
    ask(files, {"a.exr": "x.exr"}, kind=TransferKind.COPY)
    with refused(files, DestinationClaimed, *DESTINATION):
        ask(files, {"b.exr": "x.exr"}, transfer_id="t2")
    with refused(files, DestinationClaimed, *DESTINATION):
        ask(files, {"b.exr": "x.exr.previewFile.png"}, transfer_id="t2")
    ask(files, {"b.exr": "x.exr"}, transfer_id="t2", to=OTHER)


def test_no_two_open_moves_take_one_source(files: MemoryLedger) -> None:
    ask(files, {"b.exr": "x.exr"})
    with refused(files, SourceLeaving, *SOURCE):
        ask(files, {"b.exr": "y.exr"}, transfer_id="t2")
    ask(files, {"b.exr": "y.exr"}, transfer_id="t2", kind=TransferKind.COPY)


def test_a_transfer_that_is_over_claims_nothing(files: MemoryLedger) -> None:
    ask(files, {"b.exr": "x.exr"})
    record_copies(files, "t1", {0: stored("x.exr", "w1")}, order=order())
    complete_transfer(files, "t1", order=order())
    ask(files, {"x.exr": "b.exr"}, transfer_id="t2")


def test_a_policy_of_failing_refuses_differing_entries(files: MemoryLedger) -> None:
    set_file_metadata(files, (*SHOT, "b.exr"), entries=[entry("take", "1")], order=order())
    ask(files, {"b.exr": "x.exr"})
    record_copies(files, "t1", {0: stored("x.exr", "w1")}, order=order())
    complete_transfer(files, "t1", order=order())
    set_file_metadata(files, (*SHOT, "x.exr"), entries=[entry("take", "2")], order=order())
    with refused(files, MetadataConflict, *DESTINATION):
        ask(files, {"x.exr": "b.exr"}, transfer_id="t2", metadata_policy=MetadataPolicy.FAIL)
    ask(files, {"x.exr": "b.exr"}, transfer_id="t2")


def test_the_same_key_gives_the_first_transfer(files: MemoryLedger) -> None:
    wanted = WantedTransfer(TransferKind.COPY, SHOT, SHOT, [FilePair("b.exr", "x.exr")])
    first = request_transfer(files, "t1", wanted, order=order(idempotency_key="k"))
    again = request_transfer(files, "t2", wanted, order=order(idempotency_key="k"))
    assert (first.result, again.result, again.replayed) == ({"transferId": "t1"}, {"transferId": "t1"}, True)
