"""Opens the ledger of a process: the domain's application, the store it appends to, and the feed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment, EnvType

from domain.catalogue import TOPICS
from domain.event import stream_id
from domain.ledger import Ledger, Store
from domain.limits import Limits
from domain.stream import Aggregate
from gateway.ledger.datastore import LedgerDatastore
from gateway.ledger.exclusion import exclusively
from gateway.ledger.feed import Feed
from gateway.ledger.group_commit import GroupCommit
from gateway.ledger.recorder import LedgerRecorder

S = TypeVar("S")


class LedgerFactory(PostgresFactory):
    """Hands the library our recorder instead of letting it read how to make one from sixteen variables."""

    def __init__(self, recorder: LedgerRecorder, env: Environment) -> None:
        InfrastructureFactory.__init__(self, env)
        self.datastore = recorder.datastore
        self._recorder = recorder

    def application_recorder(self) -> LedgerRecorder:
        """The recorder this factory was made with."""
        return self._recorder


class PostgresLedger(Ledger):
    """The domain's ledger over Postgres, whose commands share transactions."""

    name = Ledger.name

    def __init__(self, recorder: LedgerRecorder, store: Store, *, limits: Limits | None = None) -> None:
        self._recorder = recorder
        self._store = store
        super().__init__(limits=limits)

    @property
    def store(self) -> Store:
        """The group commit of this process."""
        return self._store

    def exclusively(self, aggregate: Aggregate[S], *key: str) -> AbstractContextManager[None]:
        """See Ledger; one of all processes, until its connection is lost. Raises Contended and LedgerUnavailable."""
        return exclusively(self._recorder.conninfo, str(stream_id(aggregate.kind, *key)))

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Only what is given: the library would merge in whatever os.environ happens to hold."""
        return Environment(name, dict(env or {}))

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """The factory over our recorder."""
        return LedgerFactory(self._recorder, env)


@dataclass(frozen=True)
class OpenLedger:
    """What a process does with the log: commands through `ledger`, consumers and subscribers through `feed`."""

    ledger: PostgresLedger
    feed: Feed
    recorder: LedgerRecorder


@contextmanager
def open_ledger(database_url: str, *, pool_size: int = 16, limits: Limits | None = None) -> Iterator[OpenLedger]:
    """Open the migrated log of this database and start its feed; on leaving, append what waits and close everything.

    Returns while the database is down too: the feed says so until it answers, and commands raise LedgerUnavailable.
    """
    datastore = LedgerDatastore(database_url, pool_size=pool_size)
    recorder = LedgerRecorder(datastore)
    with closing(datastore), closing(Feed(recorder, TOPICS)) as feed, closing(GroupCommit(recorder)) as store:
        feed.start()
        yield OpenLedger(PostgresLedger(recorder, store, limits=limits), feed, recorder)
