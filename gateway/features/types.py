"""Feature: a switch that is on."""

from __future__ import annotations

from datetime import datetime

import strawberry

from gateway.connections import Node
from gateway.reads.sources import Column, OrderKey, Source, global_id, timestamp


@strawberry.type(description="A feature that is on; one that is off does not exist.")
class Feature(Node):
    """A feature."""

    feature_name: str = strawberry.field(description="Its name.")
    created_at: datetime = strawberry.field(description="When it was switched on.")
    created_by: str = strawberry.field(description="Who switched it on, as kind:id.")


FEATURE_ORDER = (OrderKey("{t}.feature_name", "text"),)

SOURCES = {
    "Feature": Source(
        "Feature",
        "app_feature_enabled_storage",
        {
            "id": global_id("Feature", "{t}.feature_name"),
            "featureName": Column("{t}.feature_name"),
            "createdAt": timestamp("{t}.created_at"),
            "createdBy": Column("{t}.created_by"),
        },
    )
}
