"""What happened to transfers, and which of them an asset takes part in."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from domain.event import Event


class TransferKind(StrEnum):
    """What becomes of the sources."""

    MOVE = "MOVE"
    COPY = "COPY"


class MetadataPolicy(StrEnum):
    """Which metadata and attributes a transferred file has, where source and destination may both have some.

    A destination has entries of its own when a file was at the path before and moved away: those it had then. And it
    has schemas, which other entries may come under than before: in another database, or by another extension.
    """

    KEEP_SOURCE = "KEEP_SOURCE"
    """Both; where a key is in both, the source's entry. A file with entries that the schemas refuse stays."""
    KEEP_DESTINATION = "KEEP_DESTINATION"
    """Both; where a key is in both, the destination's entry. Entries that the schemas refuse are left behind."""
    FAIL = "FAIL"
    """As KEEP_SOURCE, but a file with a key that has differing entries stays too."""
    NONE = "NONE"
    """None at all."""


class TransferFailureCode(StrEnum):
    """Why a file of a transfer stayed where it was."""

    SOURCE_ARCHIVED = "SOURCE_ARCHIVED"
    SOURCE_CHANGED = "SOURCE_CHANGED"
    SOURCE_NOT_FOUND = "SOURCE_NOT_FOUND"
    SOURCE_BYTES_MISSING = "SOURCE_BYTES_MISSING"
    DESTINATION_EXISTS = "DESTINATION_EXISTS"
    DESTINATION_OCCUPIED = "DESTINATION_OCCUPIED"
    METADATA_CONFLICT = "METADATA_CONFLICT"
    ASSET_ARCHIVED = "ASSET_ARCHIVED"
    PREVIEWED_FILE_STAYED = "PREVIEWED_FILE_STAYED"
    STORE_REJECTED = "STORE_REJECTED"
    GIVEN_UP = "GIVEN_UP"


class PlannedTransfer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One file of a transfer."""

    source_path: str
    destination_path: str
    s3_version_id: str
    """What the source had on top when it was asked for: exactly these bytes go."""
    previews: int | None = None
    """For a preview: the place in the request, from 0, of the file that it follows."""


class TransferFailure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A file that stayed where it was, by its place in the request, from 0."""

    number: int
    code: TransferFailureCode
    message: str


class FileTransferEvent(Event, frozen=True, kw_only=True):
    """Base of the events of one transfer; database_id and asset_id are the source's."""

    transfer_id: str
    database_id: str
    asset_id: str
    destination_database_id: str
    destination_asset_id: str


class FileTransferRequested(FileTransferEvent, frozen=True, kw_only=True):
    """Files are to be moved or copied; a processor does it and records how far it came and how it ended."""

    TOPIC = "file-transfer-requested"
    kind: TransferKind
    metadata_policy: MetadataPolicy
    files: tuple[PlannedTransfer, ...]
    reason: str | None = None


class FileTransferAdvanced(FileTransferEvent, frozen=True, kw_only=True):
    """Some files are at their destination, recorded together with this, and some will stay where they were."""

    TOPIC = "file-transfer-advanced"
    done: tuple[int, ...] = ()
    """Places in the request, from 0."""
    failures: tuple[TransferFailure, ...] = ()


class FileTransferCompleted(FileTransferEvent, frozen=True, kw_only=True):
    """Every file is at its destination or has its failure."""

    TOPIC = "file-transfer-completed"
    left_over: str | None = None
    """What could not be tidied in the store and why; None when nothing was left to do."""


class AssetTransfersEvent(Event, frozen=True, kw_only=True):
    """Base of the events of the list of an asset's open transfers."""

    database_id: str
    asset_id: str
    transfer_id: str


class AssetTransferOpened(AssetTransfersEvent, frozen=True, kw_only=True):
    """A transfer takes files from the asset or brings files to it; nothing else may claim what it claims."""

    TOPIC = "asset-transfer-opened"


class AssetTransferClosed(AssetTransfersEvent, frozen=True, kw_only=True):
    """The transfer is over, and claims nothing."""

    TOPIC = "asset-transfer-closed"


EVENTS: tuple[type[Event], ...] = (
    FileTransferRequested,
    FileTransferAdvanced,
    FileTransferCompleted,
    AssetTransferOpened,
    AssetTransferClosed,
)
