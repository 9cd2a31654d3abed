"""A whole import: read the files, stage their rows, and bring one table after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from psycopg import Connection

from domain.cause import Cause
from domain.ledger import Ledger
from processors.objects.store import ObjectStore
from processors.vams_import.assets import import_assets
from processors.vams_import.comments import refuse_ambiguous
from processors.vams_import.constraints import import_constraints
from processors.vams_import.dynamodb import ExportUnreadable, items
from processors.vams_import.library import finish, import_buckets, import_databases, import_tags
from processors.vams_import.links import import_links
from processors.vams_import.people import import_people
from processors.vams_import.report import Entry, Report
from processors.vams_import.schemas import import_schemas
from processors.vams_import.session import Rules, Session
from processors.vams_import.staging import Row, Staging
from processors.vams_import.tables import export_files

LEFT_OUT = {
    "AssetUploadsStorageTable": "uploads that VAMS had not ended are begun anew here",
    "PipelineStorageTable": "it runs on AWS (Lambda, SQS, EventBridge): make a pipeline of this server in its place",
    "WorkflowStorageTable": "its pipelines run on AWS: make a workflow of this server's pipelines in its place",
    "WorkflowExecutionsStorageTable": "the state machine that ran it is not here",
}
FILES = "(files)"
"""Stands for a table where a file belongs to none."""


class NothingToImport(Exception):
    """No file below the directory is an export of a table."""

    def __init__(self, directory: Path) -> None:
        super().__init__(
            f"Nothing below {directory} is an export of a VAMS table: name each file or folder after its table, as "
            "AssetStorageTable.json or AssetStorageTable/…/data/*.json.gz."
        )


def import_vams(
    ledger: Ledger,
    connection: Connection[Any],
    directory: Path,
    *,
    rules: Rules,
    cause: Cause,
    sink: Callable[[Entry], None],
    objects: ObjectStore | None = None,
) -> Report:
    """Import everything below the directory; `sink` gets what was not taken over as it was, at once.

    With `objects`, files whose object version is not in that store are left out.

    `connection` is in autocommit and holds the rows meanwhile. A run that was interrupted is finished by the next, and
    one that was not is repeated without a new event. Raises NothingToImport.
    """
    report = Report(sink)
    staging = Staging(connection)
    staging.fill(_rows(directory, report))
    if set(report.read) <= {FILES}:
        raise NothingToImport(directory)
    before = ledger.head()
    _import_all(Session(ledger, staging, report, cause, rules, objects))
    report.recorded = ledger.head() - before
    return report


def _import_all(session: Session) -> None:
    import_buckets(session)
    import_databases(session)
    import_tags(session)
    import_assets(session)
    refuse_ambiguous(session)
    import_links(session)
    import_people(session)
    import_constraints(session)
    import_schemas(session)
    for table, reason in LEFT_OUT.items():
        session.refuse_all(session.staging.of_table(table), reason)
    finish(session)
    session.flush()


def _rows(directory: Path, report: Report) -> Iterator[Row]:
    for table, path in export_files(directory):
        place = str(path.relative_to(directory))
        report.read[FILES] += 1
        if table is None:
            report.refuse(FILES, (place,), "neither its path nor a manifest names a table of VAMS")
            continue
        try:
            for item in items(path, refuse=lambda reason: report.refuse(FILES, (place,), reason)):  # noqa: B023
                report.read[table] += 1
                yield Row(table, item)
        except ExportUnreadable as error:
            report.refuse(FILES, (place,), error.reason)
