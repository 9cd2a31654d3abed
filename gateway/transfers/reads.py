"""Where the fields of transfers and origins live."""

from __future__ import annotations

from gateway.reads.sources import Column, Narrowing, OrderKey, Pages, Source, global_id, timestamp

OF_ASSET = (
    "(({t}.database_id = {p}.database_id AND {t}.asset_id = {p}.asset_id) OR"
    " ({t}.destination_database_id = {p}.database_id AND {t}.destination_asset_id = {p}.asset_id))"
)
OF_VERSION = (
    "{t}.database_id = {p}.database_id AND {t}.asset_id = {p}.asset_id AND {t}.path = {p}.path"
    " AND {t}.s3_version_id = {p}.s3_version_id"
)
ASSET_TRANSFERS = Pages("FileTransfer", OF_ASSET, (OrderKey("{t}.position", "bigint", True),))


def _state(narrowing: Narrowing) -> list[str]:
    state = narrowing.arguments.get("state")
    return [] if state is None else [f"{narrowing.row}.state = {narrowing.bind(state.value)}"]


SOURCES = {
    "FileTransfer": Source(
        "FileTransfer",
        "file_transfers",
        {
            "id": global_id("FileTransfer", "{t}.transfer_id"),
            "transferId": Column("{t}.transfer_id"),
            "kind": Column("{t}.kind"),
            "state": Column("{t}.state"),
            "databaseId": Column("{t}.database_id"),
            "assetId": Column("{t}.asset_id"),
            "destinationDatabaseId": Column("{t}.destination_database_id"),
            "destinationAssetId": Column("{t}.destination_asset_id"),
            "metadataPolicy": Column("{t}.metadata_policy"),
            "reason": Column("{t}.reason"),
            "totalCount": Column("{t}.total_count"),
            "doneCount": Column("{t}.done_count"),
            "failedCount": Column("{t}.failed_count"),
            "leftOver": Column("{t}.left_over"),
            "requestedAt": timestamp("{t}.requested_at"),
            "requestedBy": Column("{t}.requested_by"),
            "endedAt": timestamp("{t}.ended_at"),
            "files": Pages(
                "TransferredFile",
                "{t}.transfer_id = {p}.transfer_id",
                (OrderKey("{t}.number", "integer"),),
                _state,
            ),
        },
        until="position",
    ),
    "TransferredFile": Source(
        "TransferredFile",
        "file_transfer_files",
        {
            "sourcePath": Column("{t}.source_path"),
            "destinationPath": Column("{t}.destination_path"),
            "sourceVersionId": Column("{t}.source_version_id"),
            "state": Column("{t}.state"),
            "failureCode": Column("{t}.failure_code"),
            "failure": Column("{t}.failure"),
        },
    ),
    "FileOrigin": Source(
        "FileOrigin",
        "file_origins",
        {
            "kind": Column("{t}.kind"),
            "databaseId": Column("{t}.origin_database_id"),
            "assetId": Column("{t}.origin_asset_id"),
            "path": Column("{t}.origin_path"),
            "s3VersionId": Column("{t}.origin_version_id"),
            "transferId": Column("{t}.transfer_id"),
        },
        until="position",
    ),
}
