"""The type of an asset, recomputed from its files: none, the extension of the only one, or folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any, TypeAlias

from psycopg import Cursor

AssetKey: TypeAlias = tuple[str, str]
NO_FILES = "none"
SEVERAL_FILES = "folder"
NO_EXTENSION = "unknown"

PRESENT = """
SELECT k.database_id, k.asset_id, f.file_extension, count(*)
FROM unnest(%s::text[], %s::text[]) AS k (database_id, asset_id)
CROSS JOIN LATERAL (
    SELECT r.file_extension FROM asset_files r
    WHERE r.database_id = k.database_id AND r.asset_id = k.asset_id AND r.archived_at IS NULL OFFSET 0
) f
GROUP BY k.database_id, k.asset_id, f.file_extension
"""


class FileKinds:
    """The files in the working set of those assets that lose some in this batch, counted by extension.

    Where files only come, the present type says enough; where they go, those that stay have to be known.
    """

    def __init__(self) -> None:
        self._counts: dict[AssetKey, Counter[str]] = {}

    def expect(self, asset: AssetKey) -> None:
        """Name an asset that loses files."""
        self._counts.setdefault(asset, Counter())

    def load(self, cursor: Cursor[Any]) -> None:
        """Count the files of the assets that were named, in one statement."""
        if self._counts:
            columns = [list(column) for column in zip(*self._counts, strict=True)]
            for database_id, asset_id, extension, count in cursor.execute(PRESENT.encode(), columns):
                self._counts[database_id, asset_id][extension] = count

    def counted(self, asset: AssetKey, extension: str, change: int) -> str | None:
        """The asset's type after one file more or less; None for an asset that only gains files."""
        counts = self._counts.get(asset)
        if counts is None:
            return None
        counts[extension] += change
        return asset_type(counts.elements())


def asset_type(extensions: Iterable[str]) -> str:
    """The type of an asset with files of these extensions."""
    found = list(islice(extensions, 2))
    if not found:
        return NO_FILES
    return SEVERAL_FILES if len(found) > 1 else found[0] or NO_EXTENSION
