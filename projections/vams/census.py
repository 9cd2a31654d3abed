"""Which files of an asset are in its working set, as far as a batch needs it to decide the asset's type."""

from __future__ import annotations

from collections import Counter
from typing import Any

from psycopg import Cursor

from domain.event import Recorded
from domain.files.events import FileEvent
from domain.files.paths import extension
from domain.files.previews import base_of
from projections.vams.rows import FileCountRow
from projections.vams.sheet import Sheet

AssetKey = tuple[str, str]
NO_FILES = "none"
SEVERAL_FILES = "folder"
NO_EXTENSION = "unknown"

FIRST_FILES = """
SELECT k.database_id, k.asset_id, t.path
FROM unnest(%s::text[], %s::text[], %s::integer[]) AS k (database_id, asset_id, files)
CROSS JOIN LATERAL (
    SELECT f.path FROM asset_files f
    WHERE f.database_id = k.database_id AND f.asset_id = k.asset_id
    AND f.archived_at IS NULL AND f.preview_of IS NULL
    ORDER BY f.path LIMIT k.files OFFSET 0
) t
"""


class Census:
    """Counts the files of assets, previews left out, and names the last one where only one is left.

    A batch that takes m files out of an asset can leave one only if the asset had at most m + 1 before or gets the
    others in the batch itself, so that is how many are read.
    """

    def __init__(self, counts: Sheet[FileCountRow]) -> None:
        self._counts = counts
        self._leaving: Counter[AssetKey] = Counter()
        self._files: dict[AssetKey, set[str]] = {}

    def expect(self, event: FileEvent, *, may_leave: bool) -> None:
        """Name an asset that the event gives a file, or may take one from."""
        asset = (event.database_id, event.asset_id)
        self._counts.expect(asset)
        self._leaving[asset] += may_leave

    def load(self, cursor: Cursor[Any]) -> None:
        """Read the first files of the assets that files may leave."""
        wanted = [(*asset, leaving + 1) for asset, leaving in self._leaving.items() if leaving]
        if wanted:
            for database_id, asset_id, path in cursor.execute(
                FIRST_FILES.encode(), [list(column) for column in zip(*wanted, strict=True)]
            ):
                self._files.setdefault((database_id, asset_id), set()).add(path)

    def enter(self, entry: Recorded, event: FileEvent) -> str | None:
        """The type of the asset with one more file; None for a preview, which counts for nothing."""
        return self._moved(entry, event, more=1)

    def leave(self, entry: Recorded, event: FileEvent) -> str | None:
        """The type of the asset with one file less; None for a preview."""
        return self._moved(entry, event, more=-1)

    def _moved(self, entry: Recorded, event: FileEvent, *, more: int) -> str | None:
        if base_of(event.path) is not None:
            return None
        asset = (event.database_id, event.asset_id)
        before = self._counts.find(asset)
        count = (before.file_count if before else 0) + more
        self._counts.put(FileCountRow(*asset, count), entry.position)
        files = self._files.setdefault(asset, set())
        if more > 0:
            files.add(event.path)
        else:
            files.discard(event.path)
        if count != 1:
            return SEVERAL_FILES if count else NO_FILES
        (last,) = files
        return extension(last) or NO_EXTENSION
