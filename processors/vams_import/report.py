"""What an import did with every row: how many, and each that was not taken over as it was, with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    """What became of a row that is named."""

    CHANGED = "changed"
    """Taken over, but for what the reason says."""
    NOT_IMPORTED = "not_imported"


@dataclass(frozen=True)
class Entry:
    """One row that was not taken over as it was."""

    table: str
    key: tuple[str, ...]
    """The values of its key attributes, in the table's order."""
    fate: Fate
    reason: str


@dataclass
class Report:
    """Counts by table, and the entries, which go to `sink` one by one."""

    sink: Callable[[Entry], None]
    read: Counter[str] = field(default_factory=Counter)
    """Rows by table."""
    changed: Counter[str] = field(default_factory=Counter)
    """Entries by table, of which a row may have several."""
    not_imported: Counter[str] = field(default_factory=Counter)
    """Rows by table."""
    recorded: int = 0
    """Events that the import recorded, or would have."""

    def change(self, table: str, key: Sequence[str], reason: str) -> None:
        """The row was taken over in another form."""
        self.changed[table] += 1
        self.sink(Entry(table, tuple(key), Fate.CHANGED, reason))

    def refuse(self, table: str, key: Sequence[str], reason: str) -> None:
        """The row was not taken over."""
        self.not_imported[table] += 1
        self.sink(Entry(table, tuple(key), Fate.NOT_IMPORTED, reason))

    def summary(self) -> dict[str, Any]:
        """The counts, for programs."""
        return {
            "recordedEvents": self.recorded,
            "tables": {
                table: {
                    "read": self.read[table],
                    "imported": self.read[table] - self.not_imported[table],
                    "changes": self.changed[table],
                    "notImported": self.not_imported[table],
                }
                for table in sorted({*self.read, *self.not_imported})
            },
        }


def as_json(entry: Entry) -> dict[str, Any]:
    """The entry, for programs."""
    return {**asdict(entry), "key": list(entry.key), "fate": str(entry.fate)}


def as_line(entry: Entry) -> str:
    """The entry, for people."""
    return f"{entry.fate.replace('_', ' '):<12} {entry.table} {' / '.join(entry.key)}: {entry.reason}"
