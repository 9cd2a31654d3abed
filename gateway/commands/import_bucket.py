"""interneg import bucket: bring the log up to what is in a bucket, as often as wanted."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from domain.buckets.bucket import BUCKETS, Bucket, bucket_id, enclosing
from domain.buckets.commands import check_prefix, register_bucket
from domain.cause import ActorKind, Cause, Order
from domain.databases.commands import load_database
from domain.sync.verdicts import PROBLEMS, Kind, Verdict
from gateway import composition, database
from gateway.composition import Parts
from gateway.consumers import positions
from gateway.settings import Settings
from processors.bucket_sync.consumer import NAME
from processors.bucket_sync.inventory import Inventory, Report
from processors.bucket_sync.looking import Key
from processors.bucket_sync.sync import BucketSync

DONE_WITH_PROBLEMS = 3
SHOWN = 100
"""Keys that are printed without --verbose, of those that vanished or were refused."""
STANDSTILL_SECONDS = 60.0
POLL_SECONDS = 0.2
NOTEWORTHY = (Kind.VANISHED, Kind.STALE, *PROBLEMS)


class ImportImpossible(Exception):
    """The import could not begin; the message says what to do."""


def import_bucket(settings: Settings, arguments: argparse.Namespace) -> int:
    """Reconcile and report. 0 when all is recorded, 3 when some keys could not be. Raises ImportImpossible."""
    with (
        database.visitor(settings) as database_url,
        composition.parts(settings, database_url, public_url=settings.public_url) as parts,
    ):
        composition.prepare(parts)
        with composition.working(parts, (NAME,)):
            _wait_for_follower(parts)
            report = _reconciled(parts, arguments)
    sys.stdout.write(_summary(report, arguments))
    return DONE_WITH_PROBLEMS if any(report.kinds[kind] for kind in (*PROBLEMS, Kind.STALE)) else 0


def _reconciled(parts: Parts, arguments: argparse.Namespace) -> Report:
    if arguments.database is not None:
        load_database(parts.log.ledger, arguments.database)[1].require_active()
    assumed = _registered(parts, arguments)
    sync = BucketSync(parts.log.ledger, parts.objects, parts.pool, assumed=assumed)
    inventory = Inventory(sync, parts.objects, parts.pool)
    new_order = None if arguments.dry_run else _order
    homes = sync.homes(named=arguments.database)
    with _telling(is_verbose=arguments.verbose) as tell:
        return inventory.reconcile(arguments.bucket, arguments.prefix, homes=homes, new_order=new_order, tell=tell)


def _registered(parts: Parts, arguments: argparse.Namespace) -> Bucket | None:
    """Register the bucket unless it is; for a dry run, give what would be registered."""
    name, prefix = arguments.bucket, arguments.prefix
    bases = ["/", *enclosing(prefix[: prefix.rfind("/") + 1] or "/")]
    streams = parts.log.ledger.load_many(BUCKETS, [(bucket_id(name, base),) for base in bases])
    if any(stream.state for stream in streams):
        return None
    base = prefix or "/"
    check_prefix(base)
    # The listing fails for a bucket that is not there, before one of that name would be made.
    next(iter(parts.objects.versions(name, prefix)), None)
    if arguments.dry_run:
        return Bucket(bucket_id(name, base), name, base)
    parts.objects.ensure_bucket(name)
    register_bucket(parts.log.ledger, name, base_assets_prefix=base, order=_order())
    return None


def _wait_for_follower(parts: Parts) -> None:
    """Return when the follower has read the log up to now. Raises ImportImpossible when it stands still."""
    head, moved_at, before = parts.log.ledger.head(), time.monotonic(), -1
    while before < head:
        with parts.pool.connection() as connection:
            row = positions.live(connection, NAME)
        if row.state == "stopped" or time.monotonic() - moved_at > STANDSTILL_SECONDS:
            raise ImportImpossible(
                f"The follower {NAME} stands still at position {row.position} of {head}: {row.failure or 'no reason'}."
            )
        if row.position > before:
            moved_at, before = time.monotonic(), row.position
        if before < head:
            time.sleep(POLL_SECONDS)


@contextmanager
def _telling(*, is_verbose: bool) -> Iterator[Callable[[Report, Sequence[tuple[Key, Verdict]]], None]]:
    """A spinner with counts on a terminal, plain lines elsewhere; keys go to the standard output."""
    console, shown = Console(stderr=True), 0
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def tell(report: Report, verdicts: Sequence[tuple[Key, Verdict]]) -> None:
            nonlocal shown
            for (_, key), verdict in verdicts:
                is_shown = is_verbose or (verdict.kind in NOTEWORTHY and shown < SHOWN)
                if is_shown:
                    shown += 0 if is_verbose else 1
                    sys.stdout.write(_line(key, verdict))
            line = f"{report.keys} keys, {report.kinds[Kind.NEW]} new"
            bar.update(task, description=line)
            if not console.is_terminal:
                sys.stderr.write(f"{line}\n")

        yield tell


def _line(key: str, verdict: Verdict) -> str:
    why = f" ({verdict.code}: {verdict.message})" if verdict.code else ""
    return f"{verdict.kind.value.lower().replace('_', ' '):<12} {key}{why}\n"


def _summary(report: Report, arguments: argparse.Namespace) -> str:
    counts = ", ".join(
        f"{report.kinds[kind]} {kind.value.lower().replace('_', ' ')}" for kind in Kind if report.kinds[kind]
    )
    would = "Nothing was recorded, as this was a dry run. " if arguments.dry_run else ""
    assets = f", {len(report.new_assets)} new assets" if report.new_assets else ""
    codes = "".join(f"{count:>8} {code}\n" for code, count in report.codes.most_common())
    return f"{would}{report.keys} keys: {counts or 'nothing'}{assets}.\n{codes}"


def _order() -> Order:
    cause = Cause(
        actor_kind=ActorKind.PROCESSOR, actor_id=NAME, correlation_id=f"import-{uuid4()}", at=datetime.now(UTC)
    )
    return Order(cause=cause)
