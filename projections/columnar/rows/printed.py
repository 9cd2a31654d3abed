"""Every table of a print."""

from __future__ import annotations

from projections.columnar.rows.links import LINKS
from projections.columnar.tables import TABLES

PRINTED = (*TABLES, LINKS)
