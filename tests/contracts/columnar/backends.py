"""A backend under test, and the table that most of the suite reads."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from projections.columnar.duckdb_delta.config import DuckDBParquetConfig
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.store import ColumnarStore
from projections.columnar.vast_db.config import VastDBConfig
from projections.columnar.vast_db.store import VastDBStore

REPOSITORY = Path(__file__).parents[3]
Rows = list[dict[str, Any]]

IMAGES = pa.schema(
    [
        pa.field("image_id", pa.string(), nullable=False),
        pa.field("taken_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("instrument", pa.string(), nullable=False),
        pa.field("month", pa.int64(), nullable=False),
        pa.field("score", pa.float64()),
        pa.field("tags", pa.list_(pa.string())),
        pa.field("note", pa.string()),
    ]
)
IMAGE_KEYS = ["instrument", "month"]


def open_store(settings: dict[str, Any]) -> ColumnarStore:
    """A store on these settings, which are those of one of the two configurations."""
    if "endpoint" in settings:
        return VastDBStore(VastDBConfig(**settings))
    return DuckDBParquetStore(DuckDBParquetConfig(**settings))


@dataclass(frozen=True)
class Backend:
    """A fresh root: opens any number of stores on it, also in other processes by its settings."""

    settings: dict[str, Any]

    def open(self, **changes: Any) -> ColumnarStore:
        return open_store({**self.settings, **changes})

    def process(self, action: str, *arguments: object, **environment: str) -> subprocess.Popen[str]:
        """Another process that runs an action of drill.py on this root and prints one line a step."""
        command = [sys.executable, str(Path(__file__).with_name("drill.py")), action]
        return subprocess.Popen(
            [*command, orjson.dumps(self.settings).decode(), *map(str, arguments)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        )


def image_rows() -> Rows:
    """12 rows, image-00 to image-11, a day apart, three in each of four partitions; odd ones have no note."""
    return [
        {
            "image_id": f"image-{number:02}",
            "taken_at": dt.datetime(2024, 1, number + 1, 12, tzinfo=dt.UTC),
            "instrument": "IFCB107" if number < 6 else "IFCB108",
            "month": 1 + number % 2,
            "score": number / 10,
            "tags": ["odd"] if number % 2 else ["even", f"n{number}"],
            "note": None if number % 2 else f"note {number}",
        }
        for number in range(12)
    ]


def ids(rows: Any) -> list[str]:
    """The image ids of rows, sorted."""
    return sorted(row["image_id"] for row in rows)
