"""Every event class of the product, and the registry that decodes them."""

from __future__ import annotations

from domain.adoptions.events import EVENTS as ADOPTION_EVENTS
from domain.api_keys.events import EVENTS as API_KEY_EVENTS
from domain.assets.events import EVENTS as ASSET_EVENTS
from domain.buckets.events import EVENTS as BUCKET_EVENTS
from domain.comments.events import EVENTS as COMMENT_EVENTS
from domain.constraints.events import EVENTS as CONSTRAINT_EVENTS
from domain.databases.events import EVENTS as DATABASE_EVENTS
from domain.event import Event, Topics
from domain.executions.events import EVENTS as EXECUTION_EVENTS
from domain.features.events import EVENTS as FEATURE_EVENTS
from domain.files.events import EVENTS as FILE_EVENTS
from domain.folders.events import EVENTS as FOLDER_EVENTS
from domain.imports.events import EVENTS as IMPORT_EVENTS
from domain.links.events import EVENTS as LINK_EVENTS
from domain.media.events import EVENTS as MEDIA_EVENTS
from domain.orders.events import EVENTS as ORDER_EVENTS
from domain.pipelines.events import EVENTS as PIPELINE_EVENTS
from domain.projections.events import EVENTS as PROJECTION_EVENTS
from domain.roles.events import EVENTS as ROLE_EVENTS
from domain.schemas.events import EVENTS as SCHEMA_EVENTS
from domain.subscriptions.events import EVENTS as SUBSCRIPTION_EVENTS
from domain.tags.events import EVENTS as TAG_EVENTS
from domain.transfers.events import EVENTS as TRANSFER_EVENTS
from domain.uploads.events import EVENTS as UPLOAD_EVENTS
from domain.users.events import EVENTS as USER_EVENTS

EVENTS: tuple[type[Event], ...] = (
    *ORDER_EVENTS,
    *BUCKET_EVENTS,
    *DATABASE_EVENTS,
    *ASSET_EVENTS,
    *FILE_EVENTS,
    *FOLDER_EVENTS,
    *UPLOAD_EVENTS,
    *MEDIA_EVENTS,
    *PROJECTION_EVENTS,
    *TAG_EVENTS,
    *SCHEMA_EVENTS,
    *LINK_EVENTS,
    *COMMENT_EVENTS,
    *FEATURE_EVENTS,
    *SUBSCRIPTION_EVENTS,
    *USER_EVENTS,
    *ROLE_EVENTS,
    *API_KEY_EVENTS,
    *CONSTRAINT_EVENTS,
    *PIPELINE_EVENTS,
    *EXECUTION_EVENTS,
    *TRANSFER_EVENTS,
    *ADOPTION_EVENTS,
    *IMPORT_EVENTS,
)
TOPICS = Topics(EVENTS)
