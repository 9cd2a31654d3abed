"""The command `interneg`: reads its arguments and calls one function of gateway/commands."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from domain.errors import DomainError
from gateway.auth import KeyMissing
from gateway.columnar import VastUnusable
from gateway.commands import (
    database,
    demo,
    export_asset,
    export_columnar,
    import_bucket,
    import_vams,
    projections,
    schema,
    serve,
    work,
)
from gateway.commands.doctor import doctor
from gateway.commands.export_columnar import ExportImpossible
from gateway.commands.import_bucket import ImportImpossible
from gateway.commands.import_vams import RuleUnknown
from gateway.commands.serve import AddressUnusable
from gateway.consumers.errors import ConsumerError
from gateway.data_dir import DataDirInUse
from gateway.demo.studio.errors import NotGenerated
from gateway.embedded_postgres import PostgresUnusable
from gateway.ledger.errors import LogMoved
from gateway.settings import SettingInvalid, Settings, read_settings
from processors.objects.errors import ObjectStoreError
from processors.vams_import.run import NothingToImport
from projections.search.opensearch.errors import OpenSearchRejected, OpenSearchUnavailable

Command = Callable[[Settings, argparse.Namespace], int]
EXPECTED = (
    SettingInvalid,
    DataDirInUse,
    PostgresUnusable,
    KeyMissing,
    AddressUnusable,
    ConsumerError,
    ImportImpossible,
    NothingToImport,
    RuleUnknown,
    DomainError,
    ObjectStoreError,
    VastUnusable,
    ExportImpossible,
    OpenSearchUnavailable,
    OpenSearchRejected,
    NotGenerated,
    LogMoved,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it says, 1 when it could not, 2 for wrong arguments."""
    parsed = parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for chatty in ("procrastinate", "opensearch"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    command: Command = parsed.command
    try:
        return command(read_settings(data_dir=parsed.data_dir), parsed)
    except EXPECTED as error:
        sys.stderr.write(f"interneg: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def program() -> NoReturn:
    """The command as a process, which ends at once when its work is done.

    Taking everything that was imported apart takes Python a second or more of the processor, for nothing: whatever has
    to be closed is closed when main() returns.
    """
    try:
        status: object = main()
    except SystemExit as end:
        status = end.code
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
    if status is not None and not isinstance(status, int):
        raise SystemExit(status)
    os._exit(status or 0)


def parser() -> argparse.ArgumentParser:
    """The arguments of every command."""
    top = argparse.ArgumentParser(prog="interneg", description="A GraphQL gateway over a library of visual assets.")
    top.add_argument("--data-dir", type=Path, help="directory of the embedded mode (INTERNEG_DATA_DIR)")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _serving(commands)
    _projections(commands)
    _imports(commands)
    _exports(commands)
    _single(commands)
    return top


def _serving(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    served = commands.add_parser("serve", help="start the gateway, and everything embedded it needs")
    served.add_argument("--host", default="127.0.0.1")
    served.add_argument("--port", type=int, default=8000)
    served.add_argument("--demo", action="store_true", help="load the demo library, unless it is there")
    served.add_argument("--no-work", action="store_true", help="leave followers and jobs to `interneg work`")
    served.set_defaults(command=serve.serve)
    worked = commands.add_parser("work", help="run followers of the log and jobs")
    worked.add_argument("names", nargs="*", help="which of them; all when none is named")
    worked.set_defaults(command=work.work)
    demonstrated = commands.add_parser(
        "demo", help="load the demo library through a running gateway, or generate a log"
    )
    demonstrated.add_argument("--url", default="http://127.0.0.1:8000")
    demonstrated.add_argument(
        "--events",
        type=int,
        metavar="N",
        help="no library, but a log of at least so many events, to size an installation",
    )
    demonstrated.add_argument("--seed", type=int, default=1, help="the same seed gives the same log; with --events")
    demonstrated.set_defaults(command=demo.demo)


def _projections(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("projections", help="list, rebuild or verify what was made from the log")
    actions = group.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("list", help="how far each is").set_defaults(command=projections.list_all)
    actions.add_parser("status", help="the same").set_defaults(command=projections.list_all)
    rebuilt = actions.add_parser("rebuild", help="strike some again beside the live ones, then swap")
    rebuilt.add_argument("names", nargs="*", metavar="name", help="which of them; all when none is named")
    rebuilt.add_argument("--to", type=int, metavar="POSITION", help="stop there, and make nothing live")
    rebuilt.set_defaults(command=projections.rebuild_some)
    returned = actions.add_parser("rollback", help="make the one that was replaced last live again")
    returned.add_argument("name")
    returned.set_defaults(command=projections.rollback_one)
    discarded = actions.add_parser("discard", help="drop what is kept beside the live one")
    discarded.add_argument("name")
    discarded.set_defaults(command=projections.discard_one)
    verified = actions.add_parser("verify", help="compare one with the log; exit code 1 when rows differ")
    verified.add_argument("name")
    verified.set_defaults(command=projections.verify_one)
    skipped = actions.add_parser("skip", help="let one pass over the event it stands still at; the log keeps it")
    skipped.add_argument("name")
    skipped.add_argument("position", type=int)
    skipped.add_argument("--reason", required=True, help="why; recorded with the decision")
    skipped.set_defaults(command=projections.skip_one)
    retried = actions.add_parser("retry", help="let one that stands still try its event again")
    retried.add_argument("name")
    retried.set_defaults(command=projections.retry_one)


def _imports(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("import", help="bring in what others keep or made")
    actions = group.add_subparsers(required=True, metavar="WHAT")
    bucket = actions.add_parser(
        "bucket", help="what is in a bucket; exit code 3 when some keys could not be recorded, see bucketSyncProblems"
    )
    bucket.add_argument("bucket", help="its name in the object store")
    bucket.add_argument("--prefix", default="", help="only keys that start with this; all when none is given")
    bucket.add_argument("--database", help="where folders that are no asset yet become assets")
    bucket.add_argument("--dry-run", action="store_true", help="record nothing, and say what would be")
    bucket.add_argument("--verbose", action="store_true", help="print every key that is not unchanged")
    bucket.set_defaults(command=import_bucket.import_bucket)
    vams = actions.add_parser("vams", help="a VAMS installation; exit code 3 when rows were not imported")
    vams.add_argument(
        "directory", type=Path, help="exports of its tables: a file or folder each, named after the table"
    )
    vams.add_argument("--dry-run", action="store_true", help="record nothing, and say what would be")
    vams.add_argument("--verify-objects", action="store_true", help="leave out files whose object is not in the store")
    vams.add_argument("--report", type=Path, help="write what was changed or left out to this file, as lines of JSON")
    vams.add_argument("--rule", action="append", default=[], metavar="NAME=CHOICE", help=import_vams.RULES_HELP)
    vams.set_defaults(command=import_vams.vams)


def _exports(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("export", help="write what is here in a form that others read")
    actions = group.add_subparsers(required=True, metavar="WHAT")
    exported = actions.add_parser("asset", help="the manifest of an asset, as lines of JSON")
    export_asset.add_arguments(exported)
    exported.set_defaults(command=export_asset.asset)
    table = actions.add_parser("columnar", help="one columnar table")
    export_columnar.add_arguments(table)
    table.set_defaults(command=export_columnar.columnar)


def _single(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    schemas = commands.add_parser("schema", help="the GraphQL schema").add_subparsers(required=True, metavar="ACTION")
    schemas.add_parser("print", help="as SDL").set_defaults(command=schema.print_schema)
    databases = commands.add_parser("db", help="the database").add_subparsers(required=True, metavar="ACTION")
    databases.add_parser("url", help="where SQL tools can connect").set_defaults(command=database.url)
    commands.add_parser("doctor", help="check every configured service").set_defaults(command=doctor)


if __name__ == "__main__":
    program()
