"""ObjectJob: what the lifecycle processor does to objects in the store, and how far it has come."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from gateway.reads.sources import Column, Many, OrderKey, Source, timestamp
from gateway.scalars import Position
from processors.lifecycle.object_jobs import ObjectJobKind

strawberry.enum(ObjectJobKind, description="What a job does to objects.")


@strawberry.enum(
    description="How far a job has come. RETRYING ones are tried again by themselves, FAILED ones by retryObjectJob."
)
class ObjectJobState(Enum):
    """States of a job."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    RETRYING = "RETRYING"
    DONE = "DONE"
    FAILED = "FAILED"


@strawberry.type(description="Work on the objects of an asset that follows from what was decided about its files.")
class ObjectJob:
    """A job."""

    position: Position = strawberry.field(description="The first event that it answers.")
    kind: ObjectJobKind = strawberry.field(description="What it does.")
    database_id: str = strawberry.field(description="Database of the asset.")
    asset_id: str = strawberry.field(description="The asset, which may be deleted by now.")
    paths: list[str] | None = strawberry.field(description="Files that it is about; null for all of the asset.")
    state: ObjectJobState = strawberry.field(description="How far it has come.")
    attempts: int = strawberry.field(description="Attempts so far.")
    objects_done: int = strawberry.field(description="Objects brought to their state in the last attempt.")
    failure: str | None = strawberry.field(description="Why the last attempt did not succeed; null when it did.")
    requested_at: datetime = strawberry.field(description="When it was asked for.")
    ended_at: datetime | None = strawberry.field(description="When it was done or given up.")


OBJECT_JOB_ORDER = (OrderKey("{t}.position", "bigint", True), OrderKey("{t}.kind", "text"))
ASSET_OBJECT_JOBS = Many(
    "ObjectJob",
    "{t}.database_id = {p}.database_id AND {t}.asset_id = {p}.asset_id",
    "{t}.position DESC, {t}.kind",
)

SOURCES = {
    "ObjectJob": Source(
        "ObjectJob",
        "lifecycle.object_jobs",
        {
            "position": Column("{t}.position::text"),
            "kind": Column("{t}.kind"),
            "databaseId": Column("{t}.database_id"),
            "assetId": Column("{t}.asset_id"),
            "paths": Column("to_json({t}.paths)"),
            "state": Column("{t}.state"),
            "attempts": Column("{t}.attempts"),
            "objectsDone": Column("{t}.objects_done"),
            "failure": Column("{t}.failure"),
            "requestedAt": timestamp("{t}.requested_at"),
            "endedAt": timestamp("{t}.ended_at"),
        },
    ),
}
