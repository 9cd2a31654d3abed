"""What follows the log: consumers, projections with their prints, and the feed both read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, runtime_checkable

from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.event import Recorded
from projections.printing import Difference, Target

Pool: TypeAlias = ConnectionPool[Connection[Any]]

PROCESSOR_REST_SECONDS = 0.1


class Feed(Protocol):
    """The log as one ordered sequence without late arrivals."""

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        """At most `limit` events with a position greater than `after`, in order; empty at the head.

        Ends before an event that cannot be read; when that is the first one, raises an error with its `position`.
        """

    def head(self) -> int:
        """The last position; 0 while the log is empty."""

    def wait(self, after: int, timeout_seconds: float) -> bool:
        """Whether an event after that position may exist; returns early as soon as one may."""


class Consumer(Protocol):
    """A follower of the log, as a processor is."""

    name: str

    def prepare(self, batch: Sequence[Recorded]) -> None:
        """What is slow or outside Postgres. May run again for the same events, in other batches: must be idempotent."""

    def commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> None:
        """The effect, in the transaction that moves the position: happens once for each event."""


@runtime_checkable
class Projection(Protocol):
    """A read model that can be thrown away and struck again; each time is a print with a generation of its own.

    A store outside Postgres cannot join the transaction. Such a projection writes in `prepare`, under the
    target's generation, so that a repetition changes nothing; and in `apply` it records, in a table of its
    own keyed by generation, the version its store had after that write. Position and store version then
    move together, so one REPEATABLE READ snapshot holds a position and the store versions that belong to
    it: `differences` opens the store at the versions recorded in the snapshot it is given, never at the
    newest. The store must keep versions for as long as a comparison may take; one that keeps none raises
    PrintAhead with the position it is at.
    """

    name: str
    shape: int
    """Raised by one when the tables made by its code change, or the meaning of their rows."""
    page: int
    """Events a batch while a print is filled; a feed may give fewer at a time."""

    def create(self, connection: Connection[Any], *, generation: int) -> None:
        """Make an empty print, not live; replaces what an earlier attempt left under this generation."""

    def defer(self, connection: Connection[Any], *, generation: int) -> None:
        """Let an empty print put off until complete() what is made faster of all its rows together."""

    def complete(self, connection: Connection[Any], *, generation: int) -> None:
        """Make what was put off, or nothing when nothing was; before the print is published or compared.

        The connection is in no transaction, so that long work is committed in steps; a repetition after a crash goes
        on where the last committed step ended.
        """

    def prepare(self, batch: Sequence[Recorded], *, target: Target) -> None:
        """What is slow or outside Postgres; idempotent by name, generation and the events' positions."""

    def apply(self, batch: Sequence[Recorded], connection: Connection[Any], *, target: Target) -> None:
        """The rows of the batch, in the transaction that moves the position of this print."""

    def publish(self, connection: Connection[Any], *, generation: int, replaced: int | None) -> None:
        """Make the print live inside the swapping transaction; `replaced` is None for the very first print."""

    def settle(self, *, generation: int) -> None:
        """What follows a committed swap outside Postgres; it may run twice, or not at all after a crash."""

    def drop(self, connection: Connection[Any], *, generation: int) -> None:
        """Remove a print that is not live. May run again after it succeeded."""

    def differences(
        self, connection: Connection[Any], *, live: Target, scratch: Target, limit: int
    ) -> Iterator[Difference]:
        """At most `limit` rows that differ between two prints at the position of the connection's snapshot."""

    def row_counts(self, connection: Connection[Any], *, target: Target) -> Mapping[str, int]:
        """The number of rows by table, in the connection's snapshot."""


class Print:
    """One print of a projection, seen as a consumer."""

    def __init__(self, projection: Projection, target: Target) -> None:
        self.name = projection.name
        self._projection = projection
        self._target = target

    def prepare(self, batch: Sequence[Recorded]) -> None:
        """See Projection.prepare."""
        self._projection.prepare(batch, target=self._target)

    def commit(self, batch: Sequence[Recorded], connection: Connection[Any]) -> None:
        """See Projection.apply."""
        self._projection.apply(batch, connection, target=self._target)


Follower: TypeAlias = Consumer | Projection


def shape_of(follower: Follower) -> int | None:
    """The shape of a projection; None for a follower that has no prints."""
    return follower.shape if isinstance(follower, Projection) else None


def rest_of(follower: Follower) -> float:
    """Seconds it rests after a batch that was no full page, so that under steady writes many small ones become one.

    Its attribute `rest_seconds`; without one a projection does not rest, and a processor a little.
    """
    usual = 0.0 if isinstance(follower, Projection) else PROCESSOR_REST_SECONDS
    rest: float = getattr(follower, "rest_seconds", usual)
    return rest


def is_flushed(follower: Follower) -> bool:
    """Whether its batches wait for the disk: only with a true `writes_elsewhere`, an effect outside of Postgres.

    Any other batch that Postgres loses when it crashes is lost with its position, and is applied again from the log.
    """
    return bool(getattr(follower, "writes_elsewhere", False))
