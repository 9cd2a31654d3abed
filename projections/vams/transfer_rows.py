"""The rows of transfers and adoptions, one class a table."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class TransferRow(NamedTuple):
    """A transfer of files; `position` is of its request."""

    transfer_id: str
    kind: str
    state: str
    database_id: str
    asset_id: str
    destination_database_id: str
    destination_asset_id: str
    metadata_policy: str
    reason: str | None
    total_count: int
    done_count: int
    failed_count: int
    left_over: str | None
    requested_at: datetime
    requested_by: str
    ended_at: datetime | None
    position: int


class TransferFileRow(NamedTuple):
    """One file of a transfer."""

    transfer_id: str
    number: int
    source_path: str
    destination_path: str
    source_version_id: str
    state: str
    failure_code: str | None
    failure: str | None
    position: int


class FileOriginRow(NamedTuple):
    """Where the bytes of an object version came from, which a transfer brought."""

    database_id: str
    asset_id: str
    path: str
    s3_version_id: str
    transfer_id: str
    kind: str
    origin_database_id: str
    origin_asset_id: str
    origin_path: str
    origin_version_id: str
    position: int


class AdoptionRow(NamedTuple):
    """The adoption of an asset's prefix; `position` is of its request."""

    database_id: str
    asset_id: str
    state: str
    s3_bucket: str
    asset_location: str
    registered_count: int
    reserved_count: int
    skipped_count: int
    failure: str | None
    requested_at: datetime
    requested_by: str
    ended_at: datetime | None
    position: int


class AdoptionSkipRow(NamedTuple):
    """An object below an adopted prefix that became no file."""

    database_id: str
    asset_id: str
    s3_key: str
    reason: str
    position: int
