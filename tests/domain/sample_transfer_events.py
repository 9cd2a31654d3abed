"""One event of every class about transfers and adoptions, with every field filled."""

from __future__ import annotations

from typing import Any

from domain.adoptions.events import (
    AssetAdopted,
    AssetAdoptionAdvanced,
    AssetAdoptionFailed,
    AssetAdoptionRequested,
    SkippedObject,
)
from domain.event import Event
from domain.files.events import FileCopied, FileMoved, FileMovedAway, FilePlace, StoredObject
from domain.transfers.events import (
    AssetTransferClosed,
    AssetTransferOpened,
    FileTransferAdvanced,
    FileTransferCompleted,
    FileTransferRequested,
    MetadataPolicy,
    PlannedTransfer,
    TransferFailure,
    TransferFailureCode,
    TransferKind,
)

ASSET: Any = {"database_id": "shows", "asset_id": "shot_010"}
TRANSFER: Any = {
    "transfer_id": "transfer-1",
    **ASSET,
    "destination_database_id": "archive",
    "destination_asset_id": "shot_010_old",
}
ELSEWHERE = FilePlace(database_id="archive", asset_id="shot_010_old", path="é.0001.exr")


def transferred_samples(file: dict[str, Any], stored: StoredObject) -> tuple[Event, ...]:
    """What transfers leave in the streams of files."""
    source: Any = {"transfer_id": "transfer-1", "source": ELSEWHERE, "source_version_id": "v7"}
    return (
        FileMoved(**file, stored=stored, **source),
        FileCopied(**file, stored=stored, **source),
        FileMovedAway(
            **file,
            transfer_id="transfer-1",
            destination=ELSEWHERE,
            metadata_keys=("lens", "note"),
            attribute_keys=("codec",),
        ),
    )


TRANSFER_SAMPLES: tuple[Event, ...] = (
    FileTransferRequested(
        **TRANSFER,
        kind=TransferKind.MOVE,
        metadata_policy=MetadataPolicy.KEEP_DESTINATION,
        files=(
            PlannedTransfer(source_path="beauty/é.0001.exr", destination_path="é.0001.exr", s3_version_id="v7"),
            PlannedTransfer(
                source_path="beauty/é.0001.exr.previewFile.png",
                destination_path="é.0001.exr.previewFile.png",
                s3_version_id="v2",
                previews=0,
            ),
        ),
        reason="Wrapped",
    ),
    FileTransferAdvanced(
        **TRANSFER,
        done=(0,),
        failures=(
            TransferFailure(number=1, code=TransferFailureCode.DESTINATION_EXISTS, message="It was made meanwhile."),
        ),
    ),
    FileTransferCompleted(**TRANSFER, left_over="The object store was away."),
    AssetTransferOpened(**ASSET, transfer_id="transfer-1"),
    AssetTransferClosed(**ASSET, transfer_id="transfer-1"),
    AssetAdoptionRequested(**ASSET, s3_bucket="media", asset_location="library/old/shot_010/"),
    AssetAdoptionAdvanced(
        **ASSET,
        after_key="library/old/shot_010/b.exr",
        registered=2,
        reserved=4,
        skipped=(SkippedObject(s3_key="library/old/shot_010/a//b.exr", reason="has an empty part"),),
    ),
    AssetAdopted(**ASSET),
    AssetAdoptionFailed(**ASSET, message="The object store was away."),
)
