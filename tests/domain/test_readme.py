"""The event catalogue of domain/README.md is the code's."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from domain.catalogue import EVENTS
from domain.event import Event, stored_topic

README = Path(__file__).parents[2] / "domain" / "README.md"
STREAMS = {
    "BucketRegistered": "bucket",
    "AssetLocationReserved": "asset-location",
    "BucketSyncDatabaseSet": "bucket",
    "AssetLocationEnclosed": "asset-location",
    "OrderAccepted": "order",
    "OriginRecorded": "origin",
} | {
    "RenditionStemReserved": "rendition-stem",
    "ProjectionRebuildRequested": "projection",
    "ProjectionRollbackRequested": "projection",
    "ProjectionEventSkipped": "projection",
}
BASES = {
    "DatabaseEvent": "database",
    "AssetEvent": "asset",
    "FileEvent": "file",
    "FileVersionSeen": "file",
    "FolderEvent": "folder",
    "UploadEvent": "upload",
} | {
    "MediaEvent": "media",
    "RosterEvent": "roster",
    "TagTypeEvent": "tag-vocabulary",
    "TagEvent": "tag-vocabulary",
    "TagUseEvent": "tag-uses",
    "MetadataSchemaEvent": "metadata-schemas",
    "AssetLinkEvent": "asset-link",
    "AssetParentEvent": "asset-parents",
    "RelatedPairEvent": "related-assets",
    "CommentEvent": "comment",
    "FeatureEvent": "feature",
    "SubscriptionEvent": "subscription",
    "UserEvent": "user",
    "RoleEvent": "role",
    "ApiKeyEvent": "api-key",
    "ApiKeyNameEvent": "api-key-name",
    "ConstraintEvent": "constraint",
    "PipelineEvent": "pipeline-registry",
    "WorkflowEvent": "pipeline-registry",
    "WorkflowExecutionEvent": "workflow-execution",
    "WorkflowStepEvent": "workflow-execution",
    "WorkflowRunEvent": "workflow-run",
    "FileTransferEvent": "file-transfer",
    "AssetTransfersEvent": "asset-transfers",
    "AdoptionEvent": "asset-adoption",
}


def _row(event: type[Event]) -> str:
    fields = [field.name if field.required else f"{field.name}?" for field in msgspec.structs.fields(event)]
    stream = STREAMS.get(event.__name__) or BASES[event.__mro__[1].__name__]
    return f"| `{stored_topic(event)}` | {event.__name__} | {stream} | {', '.join(fields)} |"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_every_event_has_its_row(event: type[Event]) -> None:
    assert _row(event) in README.read_text("utf-8").splitlines()


def test_no_row_is_of_an_event_that_is_gone() -> None:
    rows = [line for line in README.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert rows == [_row(event) for event in EVENTS]
