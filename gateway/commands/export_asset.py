"""interneg export asset: the manifest of an asset, as lines of JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import BinaryIO

from gateway import composition, database
from gateway.exports.manifest import Export
from gateway.exports.options import HELP, ExportOptions, checked
from gateway.settings import Settings

INCOMPLETE = 3


def asset(settings: Settings, arguments: argparse.Namespace) -> int:
    """Write the manifest; 3 when it could not be completed. Raises AssetNotFound, Invalid."""
    names = [field.name for field in fields(ExportOptions)]
    given = {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}
    if "file_extensions" in given:
        given["file_extensions"] = tuple(given["file_extensions"])
    options = checked(ExportOptions(**given))
    last = b""
    with (
        database.visitor(settings) as database_url,
        database.pool(database_url, size=1) as pool,
        _output(arguments.output) as output,
    ):
        objects = composition.object_store(settings, settings.public_url or "http://127.0.0.1:8000")
        for last in Export(pool, objects, (arguments.database, arguments.asset), options).lines():
            output.write(last)
    return 0 if b'"isComplete":true' in last else INCOMPLETE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The asset, where to write, and a flag for each option."""
    parser.add_argument("database", help="id of its database")
    parser.add_argument("asset", help="its id")
    parser.add_argument("--output", type=Path, help="the file to write; standard output when none is given")
    for field in fields(ExportOptions):
        flag, default = f"--{field.name.replace('_', '-')}", field.default
        told = f"{HELP[field.name]} (default: {_default(default)})"
        if isinstance(default, bool):
            parser.add_argument(flag, action=argparse.BooleanOptionalAction, default=None, help=told)
        elif isinstance(default, int):
            parser.add_argument(flag, type=int, metavar="N", help=told)
        else:
            parser.add_argument(flag, nargs="+", metavar=".EXT", help=told)


def _default(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value or "all"


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    with path.open("wb") as file:
        yield file
