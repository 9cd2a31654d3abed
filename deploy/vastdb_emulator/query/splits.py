"""Which rows belong to which split: the share of a query that one request asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from deploy.vastdb_emulator.query.source import Run

ROW_GROUP = 1 << 16
ESTIMATE_SPLIT = 0xFFFFFFFC


@dataclass(frozen=True)
class Slot:
    """One of `total` shares of a table. Shares take turns, each for `row_groups` groups of 65 536 row numbers."""

    number: int
    total: int
    row_groups: int

    def stretches(self, runs: Sequence[Run], start: int) -> Iterator[tuple[Run, int, int]]:
        """The stretches of rows in this share from row number `start` on: a run, and the half-open range in it."""
        width = ROW_GROUP * self.row_groups
        for run in runs:
            position = int(np.searchsorted(run.numbers, np.uint64(start)))
            while position < len(run.numbers):
                unit = int(run.numbers[position]) // width
                turn = unit + (self.number - unit) % self.total
                first = int(np.searchsorted(run.numbers, np.uint64(turn * width)))
                position = max(position, first)
                end = int(np.searchsorted(run.numbers, np.uint64((turn + 1) * width)))
                if position < end:
                    yield run, position, end
                position = max(position, end)


@dataclass(frozen=True)
class Split:
    """What a request asks for: split `number` of `total`, cut into sub-splits; `cursors` says where each goes on."""

    number: int
    total: int
    row_groups: int
    cursors: dict[int, int]
    limit: int | None

    @property
    def is_estimate(self) -> bool:
        """Whether the client wants to know only how many row groups there are."""
        return self.number == ESTIMATE_SPLIT

    def slot(self, sub_split: int) -> Slot:
        """The share of one sub-split; small tables are wholly in the first one, so that their order is kept."""
        count = len(self.cursors)
        return Slot(self.number * count + sub_split, self.total * count, self.row_groups)
