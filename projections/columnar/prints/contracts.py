"""Where prints of the columnar tables lie: one Delta root or one VAST bucket, with the same steps for both."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from domain.event import Recorded
from projections.columnar.store import ColumnarStore


class Pinned(NamedTuple):
    """A print at a position of the log, as Postgres records it."""

    generation: int
    position: int
    versions: Mapping[str, int]
    """The number of each table's last commit; empty where the store keeps no versions."""


class Written(NamedTuple):
    """The last batch that this process wrote to a print; both are empty where the store keeps no versions."""

    base: Mapping[str, int]
    """The number of each table's last commit before it."""
    versions: Mapping[str, int]
    """The number of each table's last commit of it."""


class Prints(Protocol):
    """The prints of one place, by generation. Every step may be repeated after a crash at any moment."""

    kind: int
    """Differs between kinds of places, so that a print of another kind is known to be somewhere else."""

    def create(self, generation: int) -> None:
        """Make an empty print, replacing what an earlier attempt left under this number."""

    def write(self, generation: int, batch: Sequence[Recorded], *, is_live: bool) -> None:
        """Put in the rows of the batch; any repetition, in whatever batches, gives the same rows."""

    def versions(self, generation: int) -> dict[str, int]:
        """The number of each table's last commit; empty where the store keeps no versions."""

    def written(self, generation: int) -> Written:
        """What the last `write` of this process started from and where it ended."""

    def start_from(self, generation: int, versions: Mapping[str, int]) -> None:
        """Let the next `write` find exactly what belongs to these versions, whatever others wrote after them."""

    def open(self, pinned: Pinned) -> ColumnarStore:
        """The tables for several reads that agree, at the position or, where no versions are kept, after it."""

    def open_exactly(self, pinned: Pinned) -> ColumnarStore:
        """The tables at the position. Raises PrintAhead where they are at a later one already."""

    def check_name(self, generation: int, *, ours: Collection[int]) -> None:
        """Raise Rejected where publish would, because the name is taken by what is not among our other prints."""

    def publish(self, generation: int, *, ours: Collection[int]) -> None:
        """Give the print the name that other clients know the live one by, where there is such a name.

        Called once Postgres has decided; the print that had the name is one of `ours`, and stays beside it.
        """

    def delete(self, generation: int) -> None:
        """Remove a print; one that is gone is no error."""
