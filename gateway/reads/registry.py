"""Every source of the schema by its name."""

from __future__ import annotations

from gateway.assets.reads import SOURCES as ASSETS
from gateway.buckets.types import SOURCES as BUCKETS
from gateway.comments.types import SOURCES as COMMENTS
from gateway.databases.types import SOURCES as DATABASES
from gateway.event_subscriptions.types import SOURCES as SUBSCRIPTIONS
from gateway.events.reads import SOURCES as EVENTS
from gateway.features.types import SOURCES as FEATURES
from gateway.files.reads import SOURCES as FILES
from gateway.frames.reads import SOURCES as FRAMES
from gateway.media.reads import SOURCES as MEDIA
from gateway.reads.sources import Source

SOURCES: dict[str, Source] = {
    **BUCKETS,
    **DATABASES,
    **ASSETS,
    **FILES,
    **MEDIA,
    **EVENTS,
    **FRAMES,
    **COMMENTS,
    **FEATURES,
    **SUBSCRIPTIONS,
}
