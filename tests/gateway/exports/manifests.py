"""A manifest by record, as a tool that imports it would hold it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import orjson

Record = dict[str, Any]


class Manifest:
    """The lines of one manifest or of several."""

    def __init__(self) -> None:
        self.records: dict[str, list[Record]] = defaultdict(list)

    def add(self, lines: Iterable[bytes]) -> Manifest:
        for line in lines:
            found = orjson.loads(line)
            self.records[found.pop("record")].append(found)
        return self

    def __getitem__(self, record: str) -> list[Record]:
        return self.records[record]


def read(body: bytes) -> Manifest:
    return Manifest().add(body.splitlines())
