"""The command `interneg` as a later release might be: the code of every projection makes tables of another shape."""

from __future__ import annotations

from gateway.cli import main
from projections.columnar.projection import ColumnarProjection
from projections.search.projection import SearchProjection
from projections.vams.projection import TablesProjection

for projection in (TablesProjection, SearchProjection, ColumnarProjection):
    projection.shape += 1

if __name__ == "__main__":
    raise SystemExit(main())
