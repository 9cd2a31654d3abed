"""The pictures of a file that a transfer brought are those of its source: they are copied, and nothing is decoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import msgspec

from domain.assets.asset import ASSETS
from domain.event import Event
from domain.files.events import FileCopied, FileMoved
from domain.files.file import FILES
from domain.files.frames import frame_number
from domain.ledger import Ledger
from domain.media.commands import MediaKey, Produced, load_media
from domain.media.events import MediaInspected, RenditionsProduced
from domain.media.media import MEDIA
from processors.media.results import RECIPE, SUFFIXES
from processors.objects.errors import ObjectMissing
from processors.objects.store import ObjectStore


@dataclass(frozen=True)
class Made:
    """What was found and made of the source."""

    s3_bucket: str
    inspected: MediaInspected
    produced: RenditionsProduced


def made_of_source(ledger: Ledger, key: MediaKey) -> Made | None:
    """What the present recipe made of the file that this object version was moved or copied from.

    None when no transfer brought it, its source has no pictures yet, or its name, which can decide colours, is another.
    """
    media = load_media(ledger, key)[1].request
    if key.attempt > 1:
        return None
    arrival = _arrival(ledger.history(FILES, media.database_id, media.asset_id, media.path), key.s3_version_id)
    if arrival is None or PurePosixPath(arrival.source.path).name != PurePosixPath(arrival.path).name:
        return None
    asset = ledger.load(ASSETS, arrival.source.database_id, arrival.source.asset_id).state
    assert asset is not None
    s3_key = f"{asset.asset_location}{arrival.source.path}"
    return _made(asset.s3_bucket, ledger.history(MEDIA, asset.s3_bucket, arrival.source_version_id, s3_key))


def taken_over(store: ObjectStore, made: Made, *, path: str, key: MediaKey, stem: str) -> Produced | None:
    """The source's pictures, copied to keys of this stem; None when one of them is no longer there."""
    pictures = []
    for rendition in made.produced.renditions:
        to_key = f"{stem}{SUFFIXES[rendition.kind]}{PurePosixPath(rendition.s3_key).suffix}"
        try:
            copy = store.copy(
                made.s3_bucket,
                rendition.s3_key,
                version_id=rendition.s3_version_id,
                to_key=to_key,
                to_bucket=key.s3_bucket,
                metadata={"source-version-id": key.s3_version_id, "generator": f"interneg {RECIPE}"},
            )
        except ObjectMissing:
            return None
        pictures.append(
            msgspec.structs.replace(rendition, s3_key=to_key, s3_version_id=copy.version_id, size_bytes=copy.size_bytes)
        )
    inspection = msgspec.structs.replace(made.inspected.inspection, frame_number=frame_number(path))
    return Produced(
        inspection=inspection, renditions=tuple(pictures), recipe=made.produced.recipe, processing_seconds=0.0
    )


def _arrival(events: Sequence[Event], version_id: str) -> FileMoved | FileCopied | None:
    """How this version came to the path, when a transfer brought it."""
    arrivals = (event for event in events if isinstance(event, FileMoved | FileCopied))
    return next((event for event in arrivals if event.stored.s3_version_id == version_id), None)


def _made(s3_bucket: str, events: Sequence[Event]) -> Made | None:
    inspected = [event for event in events if isinstance(event, MediaInspected)]
    produced = [event for event in events if isinstance(event, RenditionsProduced)]
    if not inspected or not produced or produced[-1].recipe != RECIPE:
        return None
    return Made(s3_bucket, inspected[-1], produced[-1])
