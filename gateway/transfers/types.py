"""FileTransfer, the files of it, and where a file came from."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from domain.transfers.events import MetadataPolicy, TransferFailureCode, TransferKind
from gateway.connections import Connection, Node, unplanned

strawberry.enum(TransferKind, name="FileTransferKind", description="What becomes of the sources.")
strawberry.enum(
    MetadataPolicy,
    name="FileMetadataPolicy",
    description="Which metadata and attributes a transferred file has. A destination has entries of its own when a "
    "file was at the path before and moved away: those it had then. In another database, or under another extension, "
    "other metadata schemas may apply. KEEP_SOURCE takes the entries of both, the source's where a key is in both, and "
    "refuses a file whose entries those schemas refuse. KEEP_DESTINATION takes both, the destination's where a key is "
    "in both, and leaves behind what those schemas refuse. FAIL is KEEP_SOURCE, and refuses a key with differing "
    "entries as well. NONE takes none: the file begins without.",
)
strawberry.enum(
    TransferFailureCode,
    name="FileTransferFailureCode",
    description="Why a file stayed where it was. New codes may be added; treat an unknown one as STORE_REJECTED.",
)


@strawberry.enum(description="How far a transfer has come. The last three are final.")
class FileTransferState(Enum):
    """States of a transfer."""

    REQUESTED = "REQUESTED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    DONE_WITH_ERRORS = "DONE_WITH_ERRORS"
    FAILED = "FAILED"


@strawberry.enum(description="What became of a file of a transfer.")
class TransferredFileState(Enum):
    """States of a file of a transfer."""

    WAITING = "WAITING"
    DONE = "DONE"
    FAILED = "FAILED"


@strawberry.type(description="One file of a transfer.")
class TransferredFile:
    """A file of a transfer."""

    source_path: str = strawberry.field(description="Path inside the source asset.")
    destination_path: str = strawberry.field(description="Path inside the destination asset.")
    source_version_id: str = strawberry.field(description="The object version whose bytes go.")
    state: TransferredFileState = strawberry.field(description="What became of it.")
    failure_code: TransferFailureCode | None = strawberry.field(description="Why it stayed; null unless it did.")
    failure: str | None = strawberry.field(description="The same for people, with what to do.")


@strawberry.type(description="Files that are moved or copied, from one asset to another or within one.")
class FileTransfer(Node):
    """A transfer."""

    transfer_id: strawberry.ID = strawberry.field(description="Its id.")
    kind: TransferKind = strawberry.field(description="Whether the sources go away.")
    state: FileTransferState = strawberry.field(
        description="FAILED is the end when no file arrived, DONE_WITH_ERRORS when some did."
    )
    database_id: str = strawberry.field(description="Database of the sources.")
    asset_id: str = strawberry.field(description="Asset of the sources.")
    destination_database_id: str = strawberry.field(description="Database of the destinations.")
    destination_asset_id: str = strawberry.field(description="Asset of the destinations.")
    metadata_policy: MetadataPolicy = strawberry.field(description="Which metadata and attributes the files have.")
    reason: str | None = strawberry.field(description="Why it was asked for.")
    total_count: int = strawberry.field(description="Files of it, with their previews.")
    done_count: int = strawberry.field(description="Files that are at their destination.")
    failed_count: int = strawberry.field(description="Files that stay where they were.")
    left_over: str | None = strawberry.field(
        description="What could not be tidied in the object store when it ended, and why; null when nothing was. An "
        "object job MOVED_SOURCES of the source's asset tries it again."
    )
    requested_at: datetime = strawberry.field(description="When it was asked for.")
    requested_by: str = strawberry.field(description="Who asked, as kind:id.")
    ended_at: datetime | None = strawberry.field(description="When it was over; null while it goes on.")

    @strawberry.field(description="Its files in the order they were asked for, previews last; only those in a state.")
    def files(
        self, state: TransferredFileState | None = None, first: int | None = None, after: str | None = None
    ) -> Connection[TransferredFile]:
        unplanned("FileTransfer.files")


@strawberry.type(description="Where the bytes of a version came from, which a transfer brought.")
class FileOrigin:
    """Provenance of a version."""

    kind: TransferKind = strawberry.field(description="Whether the file was moved here or is a copy.")
    database_id: str = strawberry.field(description="Database of the source.")
    asset_id: str = strawberry.field(description="Asset of the source.")
    path: str = strawberry.field(description="Path of the source.")
    s3_version_id: str = strawberry.field(description="The object version there that has the same bytes.")
    transfer_id: strawberry.ID = strawberry.field(description="The transfer that brought it.")
