"""Commands of many threads at once, on ledgers of two processes' worth of one log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

from eventsourcing.persistence import IntegrityError, StoredEvent

from domain.catalogue import TOPICS
from domain.errors import Contended, DomainError
from domain.event import Recorded
from domain.ledger import Held, Ledger
from gateway.ledger.group_commit import GroupCommit
from gateway.ledger.opening import PostgresLedger, open_ledger
from gateway.ledger.recorder import LedgerRecorder

PAGE = 100_000


class CountingStore(GroupCommit):
    """A group commit that counts appends which met another writer."""

    conflicts = 0

    def insert_events(self, stored_events: Sequence[StoredEvent], *, held: Sequence[Held] = ()) -> Sequence[int]:
        try:
            return super().insert_events(stored_events, held=held)
        except IntegrityError:
            self.conflicts += 1
            raise


class Racers:
    """Two ledgers over one log, each with a writer of its own."""

    def __init__(self, ledgers: Sequence[PostgresLedger], read: Callable[[], list[Recorded]]) -> None:
        self.ledgers = ledgers
        self.log = read

    @property
    def ledger(self) -> Ledger:
        return self.ledgers[0]

    @property
    def conflicts(self) -> int:
        return sum(ledger.store.conflicts for ledger in self.ledgers if isinstance(ledger.store, CountingStore))

    def at_once(self, commands: Sequence[Callable[[Ledger], object]]) -> list[str | None]:
        """Give each command from a thread of its own; the name of each one's refusal, None for what was done."""
        start = Barrier(len(commands))

        def give(number: int) -> str | None:
            start.wait()
            return _given(commands[number], self.ledgers[number % 2])

        with ThreadPoolExecutor(len(commands)) as pool:
            return list(pool.map(give, range(len(commands))))


def _given(command: Callable[[Ledger], object], ledger: Ledger) -> str | None:
    while True:
        try:
            command(ledger)
        except Contended:
            continue
        except DomainError as error:
            return type(error).__name__
        return None


def _log(recorder: LedgerRecorder) -> list[Recorded]:
    """Everything that is committed, read from the table itself."""
    found = []
    for row in recorder.select_page(0, PAGE):
        stored = TOPICS.decode(row.topic, row.state)
        found.append(Recorded(row.position, row.stream_id, row.revision, stored.cause, stored.event))
    return found


@contextmanager
def racers(database_url: str) -> Iterator[Racers]:
    """Open both; what is given to them is spread over them evenly."""
    with open_ledger(database_url) as here, open_ledger(database_url) as there:
        stores = [CountingStore(opened.recorder) for opened in (here, there)]
        ledgers = [PostgresLedger(o.recorder, s) for o, s in zip((here, there), stores, strict=True)]
        try:
            yield Racers(ledgers, lambda: _log(here.recorder))
        finally:
            for store in stores:
                store.close()
