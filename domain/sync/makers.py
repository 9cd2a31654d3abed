"""Which versions seen in a bucket were put there by the product itself, and are recorded by what made them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from domain.assets.asset import Asset
from domain.executions.convention import kind_of
from domain.executions.events import OutputKind
from domain.executions.execution import EXECUTIONS, OPEN, Execution, ExecutionState
from domain.files.file import File
from domain.ledger import Ledger
from domain.stream import Aggregate
from domain.sync.sightings import SightedVersion, Sighting
from domain.transfers.transfer import TRANSFERS, FileTransfer
from domain.uploads.events import UploadType
from domain.uploads.upload import UPLOADS, Upload, UploadState

S = TypeVar("S")
OPEN_OR_LOST = (UploadState.STARTED, UploadState.ABORTED, UploadState.EXPIRED)
"""Sessions that will record what they made themselves, or have it removed."""
FileKey = tuple[str, str, str]
"""Database id, asset id, path."""


class Makers:
    """What made the versions of a batch of sightings, in one read of every kind of stream."""

    def __init__(self, ledger: Ledger, sightings: Sequence[Sighting]) -> None:
        versions = [version for sighting in sightings for version in sighting.versions]
        self._uploads = _by_id(ledger, UPLOADS, {version.upload_id for version in versions})
        self._transfers = _by_id(ledger, TRANSFERS, {version.transfer_id for version in versions})
        self._executions = _by_id(ledger, EXECUTIONS, {version.execution_id for version in versions})

    def will_record(
        self, version: SightedVersion, s3_key: str, key: FileKey, *, asset: Asset | None, file: File | None
    ) -> bool:
        """Whether what made the version records it itself, or as something else than a file, or has it removed."""
        if file is not None and version.version_id in file.versions:
            return False
        return (
            self._is_uploaded(version, s3_key, key)
            or self._is_transferred(version, key)
            or self._is_output(version, key)
            or (file is not None and _is_reverted(version, asset, file))
        )

    def _is_uploaded(self, version: SightedVersion, s3_key: str, key: FileKey) -> bool:
        upload: Upload | None = self._uploads.get(version.upload_id)
        if upload is None or (upload.database_id, upload.asset_id) != key[:2]:
            return False
        if s3_key not in {file.s3_key for file in upload.files}:
            return False
        return upload.state in OPEN_OR_LOST or upload.upload_type is UploadType.ASSET_PREVIEW

    def _is_transferred(self, version: SightedVersion, key: FileKey) -> bool:
        transfer: FileTransfer | None = self._transfers.get(version.transfer_id)
        return transfer is not None and transfer.is_open and key[2] in transfer.claims(key[:2])

    def _is_output(self, version: SightedVersion, key: FileKey) -> bool:
        execution: Execution | None = self._executions.get(version.execution_id)
        if execution is None or (execution.request.database_id, execution.request.asset_id) != key[:2]:
            return False
        is_preview = execution.state is ExecutionState.SUCCEEDED and kind_of(key[2]) is OutputKind.ASSET_PREVIEW
        return execution.state in OPEN or is_preview


def _is_reverted(version: SightedVersion, asset: Asset | None, file: File) -> bool:
    if file.open_revert is not None and version.file_revert_id == file.open_revert:
        return True
    is_open = asset is not None and asset.versions.open_revert is not None
    return is_open and version.copied_from in file.versions


def _by_id(ledger: Ledger, aggregate: Aggregate[S], ids: set[str | None]) -> dict[str | None, S | None]:
    found = sorted(identity for identity in ids if identity)
    streams = ledger.load_many(aggregate, [(identity,) for identity in found])
    return {identity: stream.state for identity, stream in zip(found, streams, strict=True)}
