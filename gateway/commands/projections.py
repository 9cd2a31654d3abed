"""interneg projections list | rebuild | rollback | discard | verify | retry | skip."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

from rich.console import Console
from rich.table import Column, Table

from domain.cause import ActorKind, Cause, Order
from domain.projections.commands import skip_event
from gateway import composition, database
from gateway.commands.rebuild_progress import bar, told_state
from gateway.composition import Parts
from gateway.consumers import positions
from gateway.consumers.contracts import Projection
from gateway.consumers.errors import UnknownConsumer
from gateway.consumers.rebuild import discard, rebuild, rollback
from gateway.consumers.status import status
from gateway.consumers.verify import verify
from gateway.settings import Settings

WIDTH = 120
"""Of tables that go elsewhere than to a terminal."""


def list_all(settings: Settings, _: argparse.Namespace) -> int:
    """How far each follower of the log is, and why any of them stands still."""
    columns = ("name", "generation", "kept", "position", "lag (s)", "events/s", "state")
    table = Table(*(Column(name, no_wrap=True) for name in columns))
    with _parts(settings) as parts:
        found = status(parts.log.feed, parts.pool)
        head = parts.log.feed.head()
    for one in found:
        kept = "" if one.previous_generation is None else str(one.previous_generation)
        pace = (f"{one.lag_seconds:.1f}", f"{one.events_per_second:.0f}", told_state(one))
        table.add_row(one.name, str(one.generation), kept, str(one.position), *pace)
    Console(width=None if sys.stdout.isatty() else WIDTH).print(table)
    sys.stdout.write(f"The log's head is at position {head}.\n")
    sys.stdout.writelines(f"{one.name}: {one.failure}\n" for one in found if one.failure)
    return 0


def rebuild_some(settings: Settings, arguments: argparse.Namespace) -> int:
    """Rebuild beside the live print and swap, one after the other; a gateway may serve all the while."""
    with _parts(settings) as parts:
        for name in arguments.names or parts.projections:
            projection = _named(parts, name)
            with bar(f"rebuilding {name}") as tell:
                generation = rebuild(projection, parts.log.feed, parts.pool, progress=tell, to=arguments.to)
            done = "now" if arguments.to is None else f"up to position {arguments.to}, beside the live one"
            sys.stdout.write(f"{name} is generation {generation} {done}.\n")
    return 0


def rollback_one(settings: Settings, arguments: argparse.Namespace) -> int:
    """Bring the print that was replaced last up to date and swap; a gateway may serve all the while."""
    with _parts(settings) as parts, bar(f"rolling back {arguments.name}") as tell:
        generation = rollback(_named(parts, arguments.name), parts.log.feed, parts.pool, progress=tell)
    sys.stdout.write(f"{arguments.name} is generation {generation} again.\n")
    return 0


def discard_one(settings: Settings, arguments: argparse.Namespace) -> int:
    """Drop every print that is not live."""
    with _parts(settings) as parts:
        dropped = discard(_named(parts, arguments.name), parts.pool)
    numbers = ", ".join(str(generation) for generation in dropped)
    sys.stdout.write(f"{arguments.name}: {f'dropped generation {numbers}' if dropped else 'nothing to drop'}.\n")
    return 0


def verify_one(settings: Settings, arguments: argparse.Namespace) -> int:
    """Compare with the log, row by row; 1 when anything differs."""
    with _parts(settings) as parts:
        found = verify(_named(parts, arguments.name), parts.log.feed, parts.pool)
    rows = ", ".join(f"{table} {count}" for table, count in found.row_counts.items())
    sys.stdout.write(f"{arguments.name} at position {found.position}: compared {rows}.\n")
    for difference in found.differences:
        sys.stdout.write(f"{difference.table} {dict(difference.key)}\n  live:    {difference.live}\n")
        sys.stdout.write(f"  rebuilt: {difference.rebuilt}\n")
    sys.stdout.write("Rows differ.\n" if found.differences else "No difference.\n")
    return 1 if found.differences else 0


def retry_one(settings: Settings, arguments: argparse.Namespace) -> int:
    """Let a follower that stands still try its event again."""
    with _parts(settings) as parts:
        stood_still = positions.retry(arguments.name, parts.pool)
    sys.stdout.write(f"{arguments.name} {'tries again' if stood_still else 'does not stand still'}.\n")
    return 0


def skip_one(settings: Settings, arguments: argparse.Namespace) -> int:
    """Decide, in the log, that a follower passes over the event it stands still at."""
    name, position = arguments.name, arguments.position
    cause = Cause(
        actor_kind=ActorKind.SYSTEM, actor_id="command-line", correlation_id=str(uuid4()), at=datetime.now(UTC)
    )
    with _parts(settings) as parts:
        followers = {one.name: one for one in status(parts.log.feed, parts.pool)}
        if name not in followers:
            raise UnknownConsumer(name)
        stands_at = followers[name].failed_position
        skip_event(
            parts.log.ledger,
            name,
            position=position,
            stands_at=stands_at,
            reason=arguments.reason,
            order=Order(cause=cause),
        )
        positions.skip(name, position, parts.pool)
    sys.stdout.write(f"{name} passes over position {position}.\n")
    return 0


@contextmanager
def _parts(settings: Settings) -> Iterator[Parts]:
    with (
        database.visitor(settings) as database_url,
        composition.parts(settings, database_url, public_url=settings.public_url) as parts,
    ):
        yield parts


def _named(parts: Parts, name: str) -> Projection:
    if name not in parts.projections:
        raise UnknownConsumer(name)
    return parts.projections[name]
