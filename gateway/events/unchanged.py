"""Events about assets that change nothing of an asset, its files, entries, versions, links or comments, and why."""

from __future__ import annotations

from domain.adoptions.events import EVENTS as ADOPTION_EVENTS
from domain.assets.events import AssetErased
from domain.buckets.events import AssetLocationReserved
from domain.databases.events import AssetEnrolled
from domain.event import Event
from domain.executions.events import EVENTS as EXECUTION_EVENTS
from domain.files.events import FileDeleteMarkerObserved, FileDeleteMarkerVanished, FileErased
from domain.links.events import AssetParentAttached, AssetParentDetached, AssetsRelated, AssetsUnrelated
from domain.media.events import MediaInspected, RenditionsFailed, RenditionsProduced, RenditionsRequested
from domain.transfers.events import EVENTS as TRANSFER_EVENTS
from domain.uploads.events import EVENTS as UPLOAD_EVENTS

_SAID_ELSEWHERE: dict[tuple[type[Event], ...], str] = {
    ADOPTION_EVENTS: "It is the state of an adoption; each file that it registers has an event of its own.",
    EXECUTION_EVENTS: "It is the state of a workflow's execution; what that makes has events of its own.",
    TRANSFER_EVENTS: "It is the state of a transfer; each file that moves or is copied has events of its own.",
    UPLOAD_EVENTS: "It is the state of an upload session; each file that it ends with has an event of its own.",
    (
        RenditionsRequested,
        MediaInspected,
        RenditionsProduced,
        RenditionsFailed,
    ): "What was found in an object version, and its pictures, belong to that version and not to a moment.",
    (
        FileDeleteMarkerObserved,
        FileDeleteMarkerVanished,
    ): "It is about the bucket; that the file is archived for it is an event of its own.",
    (AssetErased, FileErased): "What it was about had gone before; now the bytes are gone too.",
    (AssetLocationReserved, AssetEnrolled): "It guards a rule; what was created or unarchived has an event of its own.",
    (
        AssetParentAttached,
        AssetParentDetached,
        AssetsRelated,
        AssetsUnrelated,
    ): "It guards a rule of links; the link has an event of its own.",
}

UNCHANGED: dict[type[Event], str] = {event: why for events, why in _SAID_ELSEWHERE.items() for event in events}
