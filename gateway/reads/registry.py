"""Every source of the schema by its name."""

from __future__ import annotations

from gateway.assets.comparison_reads import SOURCES as COMPARISONS
from gateway.assets.reads import SOURCES as ASSETS
from gateway.buckets.types import SOURCES as BUCKETS
from gateway.databases.types import SOURCES as DATABASES
from gateway.events.reads import SOURCES as EVENTS
from gateway.files.reads import SOURCES as FILES
from gateway.frames.reads import SOURCES as FRAMES
from gateway.links.reads import SOURCES as LINKS
from gateway.media.reads import SOURCES as MEDIA
from gateway.reads.sources import Source
from gateway.tags.types import SOURCES as TAGS

SOURCES: dict[str, Source] = {**BUCKETS, **DATABASES, **ASSETS, **COMPARISONS, **FILES, **MEDIA, **EVENTS, **FRAMES}
SOURCES |= {**TAGS, **LINKS}
