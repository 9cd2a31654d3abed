"""interneg export columnar: a columnar table as a file, or to the next program."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from gateway import composition, database
from gateway.settings import Settings
from projections.columnar.errors import ColumnarError, UnknownTable
from projections.columnar.exports import ExportFormat, export
from projections.columnar.projection import ColumnarProjection
from projections.columnar.rows.printed import PRINTED

TABLES = sorted(table.name for table in PRINTED)
FORMATS = [format_.value for format_ in ExportFormat]


class ExportImpossible(Exception):
    """Nothing was exported; the message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Of the command line."""
    parser.add_argument("table", choices=TABLES, metavar="TABLE", help=", ".join(TABLES))
    parser.add_argument("--format", choices=FORMATS, default="parquet")
    parser.add_argument("--output", type=Path, help="a file; without it, standard output")


def columnar(settings: Settings, arguments: argparse.Namespace) -> int:
    """Write all rows of one table as the live print has them, and say how many. Raises ExportImpossible."""
    format_ = ExportFormat(arguments.format)
    if arguments.output is None and format_ is not ExportFormat.CSV and sys.stdout.isatty():
        raise ExportImpossible(f"{format_.value} is nothing to look at: give --output, or pipe it to a program.")
    with (
        database.visitor(settings) as database_url,
        composition.parts(settings, database_url, public_url=settings.public_url) as parts,
    ):
        projection = parts.projections[ColumnarProjection.name]
        assert isinstance(projection, ColumnarProjection)
        try:
            with parts.pool.connection() as connection:
                store = projection.open_live(connection)
            with _sink(arguments.output) as sink:
                count = export(store.scan(arguments.table), format_, sink)
        except UnknownTable as error:
            raise ExportImpossible(
                f"{error}. The live print is older than this table: start `interneg serve`."
            ) from error
        except (ColumnarError, OSError) as error:
            raise ExportImpossible(f"{arguments.table} was not exported: {error}") from error
    sys.stderr.write(f"{count} rows of {arguments.table}\n")
    return 0


@contextmanager
def _sink(output: Path | None) -> Iterator[pa.NativeFile]:
    """Standard output, or a file that has its name once it is whole."""
    if output is None:
        with pa.PythonFile(sys.stdout.buffer, "w") as stream:
            yield stream
            sys.stdout.buffer.flush()
        return
    unfinished = output.with_name(f"{output.name}.part")
    try:
        with pa.OSFile(str(unfinished), "wb") as file:
            yield file
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)
