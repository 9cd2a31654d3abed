"""One event of every class about the life cycle of a file, with every field filled."""

from __future__ import annotations

from typing import Any

from domain.event import Event
from domain.files.events import (
    FileArchived,
    FileDeleteMarkerObserved,
    FileDeleteMarkerVanished,
    FileErased,
    FilePermanentlyDeleted,
    FilePrimaryTypeSet,
    FileReverted,
    FileRevertFailed,
    FileRevertRequested,
    FileUnarchived,
    FileVersionVanished,
)


def life_cycle_samples(file: dict[str, Any]) -> tuple[Event, ...]:
    """What takes a file out of the working set, brings it back, deletes it, and puts old versions on top."""
    return (
        FileArchived(**file, reason="Wrapped", with_path="beauty/é.exr"),
        FileUnarchived(**file, reason="Pickup", with_path="beauty/é.exr"),
        FilePermanentlyDeleted(**file, reason="Wrong plate", with_path="beauty/é.exr"),
        FileErased(**file),
        FilePrimaryTypeSet(**file, primary_type="other", primary_type_other="clean plate"),
        FileRevertRequested(**file, revert_id=1, reverted_from="3HL4kqtJvjVBH40Nrjfkd"),
        FileReverted(**file, revert_id=1, reverted_from="3HL4kqtJvjVBH40Nrjfkd", s3_version_id="9mR1bqcQY7bM4f2Ndk0aa"),
        FileRevertFailed(**file, revert_id=1, message="The object store was away."),
    )


def observed_samples(file: dict[str, Any]) -> tuple[Event, ...]:
    """What others did to the objects of a file in the bucket."""
    return (
        FileDeleteMarkerObserved(**file, s3_version_id="m1"),
        FileDeleteMarkerVanished(**file, s3_version_id="m1"),
        FileVersionVanished(**file, s3_version_id="v7"),
    )
