"""Every table of a print."""

from __future__ import annotations

from projections.columnar.rows.assets import ASSET_VERSIONS, ASSETS
from projections.columnar.rows.links import LINKS
from projections.columnar.rows.metadata import METADATA
from projections.columnar.tables import TABLES

PRINTED = (*TABLES, LINKS, ASSETS, ASSET_VERSIONS, METADATA)
