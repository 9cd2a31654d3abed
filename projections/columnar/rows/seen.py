"""Which keys a print may hold rows of, remembered while it is filled, so that the store need not be asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from projections.columnar.store import ColumnarStore

Hashes = npt.NDArray[np.int64]
Key = tuple[Any, ...]


class Seen:
    """Remembers a number of 64 bits for each key; reads a table's keys anew when others have committed to it."""

    def __init__(self, store: ColumnarStore) -> None:
        self._store = store
        self._tables: dict[str, Known] = {}

    def among(self, table: str, columns: Sequence[str], keys: Iterable[Key]) -> set[Key]:
        """Of the keys, all that the table has rows of, and one in many millions that it has not."""
        wanted = list(keys)
        version = self._store.version(table)
        known = self._tables.get(table)
        if known is None or known.version != version:
            known = self._tables[table] = Known(version, tuple(columns), self._read(table, columns))
        held = known.keys.holds(_hashes(wanted))
        return {key for key, is_held in zip(wanted, held.tolist(), strict=True) if is_held}

    def wrote(self, table: str, keys: Sequence[Mapping[str, Any]], *, since: int) -> None:
        """What was committed to the table since this version put rows under these keys and did nothing else."""
        known = self._tables.get(table)
        if known is not None and known.version == since:
            theirs = [key for key in keys[:1] if key.keys() >= set(known.columns)] and keys
            known.keys.add(_hashes([tuple(key[name] for name in known.columns) for key in theirs]))
            known.version = self._store.version(table)

    def _read(self, table: str, columns: Sequence[str]) -> HashSet:
        found = HashSet()
        for batch in self._store.scan(table, None, list(columns)):
            values = (column.to_pylist() for column in batch.columns)
            found.add(_hashes(list(zip(*values, strict=True))))
        return found


@dataclass
class Known:
    """The keys of a table at a version."""

    version: int
    columns: tuple[str, ...]
    keys: HashSet


class HashSet:
    """Sorted arrays, each more than twice as long as the next: eight bytes an element."""

    def __init__(self) -> None:
        self._levels: list[Hashes] = []

    def add(self, hashes: Hashes) -> None:
        """Take these in."""
        added = np.unique(hashes)
        while self._levels and len(self._levels[-1]) <= 2 * len(added):
            added = np.union1d(self._levels.pop(), added)
        self._levels.append(added)

    def holds(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """For each of them, whether it was taken in."""
        found = np.zeros(len(hashes), dtype=np.bool_)
        for level in self._levels:
            if len(level):
                places = np.minimum(np.searchsorted(level, hashes), len(level) - 1)
                found |= level[places] == hashes
        return found


def _hashes(keys: Sequence[Key]) -> Hashes:
    return np.fromiter(map(hash, keys), dtype=np.int64, count=len(keys))
