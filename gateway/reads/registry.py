"""Every source of the schema by its name."""

from __future__ import annotations

from gateway.adoptions.types import SOURCES as ADOPTIONS
from gateway.api_keys.types import SOURCES as API_KEYS
from gateway.assets.comparison_reads import SOURCES as COMPARISONS
from gateway.assets.reads import SOURCES as ASSETS
from gateway.bucket_sync.types import SOURCES as BUCKET_SYNC
from gateway.buckets.types import SOURCES as BUCKETS
from gateway.comments.types import SOURCES as COMMENTS
from gateway.constraints.types import SOURCES as CONSTRAINTS
from gateway.databases.types import SOURCES as DATABASES
from gateway.event_subscriptions.types import SOURCES as SUBSCRIPTIONS
from gateway.events.reads import SOURCES as EVENTS
from gateway.executions.problems import SOURCES as TRIGGER_PROBLEMS
from gateway.executions.types import SOURCES as EXECUTIONS
from gateway.features.types import SOURCES as FEATURES
from gateway.files.reads import SOURCES as FILES
from gateway.frames.reads import SOURCES as FRAMES
from gateway.links.reads import SOURCES as LINKS
from gateway.media.reads import SOURCES as MEDIA
from gateway.metadata_schemas.compliance import SOURCES as COMPLIANCE
from gateway.metadata_schemas.governing import OWNER_SOURCES as GOVERNING
from gateway.metadata_schemas.types import SOURCES as METADATA_SCHEMAS
from gateway.object_jobs.types import SOURCES as OBJECT_JOBS
from gateway.pipelines.types import SOURCES as PIPELINES
from gateway.reads.sources import Source
from gateway.roles.types import SOURCES as ROLES
from gateway.tags.types import SOURCES as TAGS
from gateway.transfers.reads import SOURCES as TRANSFERS
from gateway.users.types import SOURCES as USERS

SOURCES: dict[str, Source] = {
    **BUCKETS,
    **BUCKET_SYNC,
    **DATABASES,
    **ASSETS,
    **COMPARISONS,
    **FILES,
    **MEDIA,
    **EVENTS,
    **FRAMES,
    **TAGS,
    **METADATA_SCHEMAS,
    **GOVERNING,
    **COMPLIANCE,
    **LINKS,
    **COMMENTS,
    **FEATURES,
    **SUBSCRIPTIONS,
    **USERS,
    **ROLES,
    **API_KEYS,
    **CONSTRAINTS,
    **PIPELINES,
    **EXECUTIONS,
    **TRIGGER_PROBLEMS,
    **TRANSFERS,
    **OBJECT_JOBS,
    **ADOPTIONS,
}
