"""Writes rows as DynamoDB does: a table as an export to S3, as the answer of a scan, or as plain lines."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def typed(value: Any) -> dict[str, Any]:
    """A value with its type, in DynamoDB JSON."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": str(value)}
        case str():
            return {"S": value}
        case list():
            return {"L": [typed(one) for one in value]}
        case dict():
            return {"M": {name: typed(one) for name, one in value.items()}}
    raise TypeError(value)


def item(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: typed(value) for name, value in row.items()}


def write_export(folder: Path, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """As AWS exports to S3: gzipped lines in parts, under a name that only the manifest tells the table of."""
    export = folder / f"export-{len(list(folder.glob('export-*')))}" / "AWSDynamoDB" / "01745"
    (export / "data").mkdir(parents=True)
    arn = f"arn:aws:dynamodb:us-west-2:123456789012:table/vams-core-prod-{table}9D3A-1XYZ"
    (export / "manifest-summary.json").write_text(json.dumps({"tableArn": arn, "outputFormat": "DYNAMODB_JSON"}))
    (export / "manifest-files.json").write_text("{}\n")
    lines = [json.dumps({"Item": item(row)}) for row in rows]
    for part in range(2):
        with gzip.open(export / "data" / f"part{part}.json.gz", "wt", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines[part::2])


def write_scan(folder: Path, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """As `aws dynamodb scan` prints it."""
    answer = {"Items": [item(row) for row in rows], "Count": 1, "ScannedCount": 1, "ConsumedCapacity": None}
    (folder / f"{table}.json").write_text(json.dumps(answer, indent=4))


def write_lines(folder: Path, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """An item a line, in a folder of the table's name."""
    (folder / table).mkdir()
    (folder / table / "items.jsonl").write_text("".join(json.dumps({"Item": item(row)}) + "\n" for row in rows))
