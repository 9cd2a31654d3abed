"""The streams of the owners that one decision changes, read in one statement a kind, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from domain.assets.asset import ASSETS, Asset
from domain.assets.errors import AssetNotFound
from domain.cause import Order
from domain.databases.database import DATABASES, Database
from domain.databases.errors import DatabaseNotFound
from domain.event import Event
from domain.files.errors import FileNotFound
from domain.files.file import FILES, File
from domain.ledger import Ledger
from domain.links.errors import LinkNotFound
from domain.links.link import LINKS, AssetLink
from domain.owners.owner import AssetOwner, DatabaseOwner, FileOwner, LinkOwner, MetadataChange, Owner, Setting
from domain.schemas.rulebook import Rulebook
from domain.schemas.rules import Rules
from domain.stream import Aggregate, Change, Stream

S = TypeVar("S")
Key = tuple[str, ...]


@dataclass
class _Open(Generic[S]):
    """A stream with the events that are to be appended, and the state after them."""

    aggregate: Aggregate[S]
    stream: Stream[S]
    folded: S | None
    events: list[Event] = field(default_factory=list)
    unfolded: int = 0

    @property
    def state(self) -> S | None:
        """Folded when it is asked for: most streams are changed once."""
        for event in self.events[len(self.events) - self.unfolded :]:
            self.folded = self.aggregate.evolve(self.folded, event)
        self.unfolded = 0
        return self.folded

    def add(self, events: Sequence[Event]) -> None:
        self.events += events
        self.unfolded += len(events)


class OpenedOwners:
    """Applies changes one after the other, so that a later one of the same owner sees what an earlier one did."""

    def __init__(self, ledger: Ledger, owners: Sequence[Owner]) -> None:
        self._rulebook = Rulebook(ledger)
        files = [owner for owner in owners if isinstance(owner, FileOwner)]
        assets = [(owner.database_id, owner.asset_id) for owner in owners if isinstance(owner, AssetOwner | FileOwner)]
        databases = [(owner.database_id,) for owner in owners if isinstance(owner, DatabaseOwner)]
        links = [(owner.asset_link_id,) for owner in owners if isinstance(owner, LinkOwner)]
        self._databases = _opened(ledger, DATABASES, databases)
        self._assets = _opened(ledger, ASSETS, assets)
        self._files = _opened(ledger, FILES, [(owner.database_id, owner.asset_id, owner.path) for owner in files])
        self._links = _opened(ledger, LINKS, links)

    @property
    def held(self) -> tuple[Stream[object], ...]:
        """What the decision must hold: schemas, databases whose restrictions were asked for, and assets of files."""
        assets = (opened.stream for opened in self._assets.values() if not opened.events)
        return (*self._rulebook.held, *assets)

    def changes(self) -> tuple[Change, ...]:
        """What is to be appended."""
        opened = (self._databases, self._assets, self._files, self._links)
        return tuple(one.stream.then(*one.events) for kind in opened for one in kind.values() if one.events)

    def apply(self, change: MetadataChange, *, order: Order | None = None) -> bool:
        """Whether the change does anything; its events are noted.

        With an order, its expected revision is asked for. Raises NotFound and Archived for the owner, and whatever
        the schemas say.
        """
        match change.owner:
            case DatabaseOwner(database_id):
                events = self._change_database(database_id, change, order)
            case AssetOwner(database_id, asset_id):
                events = self._change_asset((database_id, asset_id), change, order)
            case FileOwner():
                events = self._change_file(change.owner, change, order)
            case LinkOwner(asset_link_id):
                events = self._change_link(asset_link_id, change, order)
        return bool(events)

    def _change_database(self, database_id: str, change: MetadataChange, order: Order | None) -> Sequence[Event]:
        opened = self._databases[database_id,]
        if opened.state is None:
            raise DatabaseNotFound(database_id)
        return _change(opened, opened.state, change, order, self._rulebook.of_database(database_id))

    def _change_asset(self, key: tuple[str, str], change: MetadataChange, order: Order | None) -> Sequence[Event]:
        opened = self._assets[key]
        if opened.state is None or opened.state.is_deleted:
            raise AssetNotFound(key[1])
        return _change(opened, opened.state, change, order, self._rulebook.of_asset(key[0]))

    def _change_link(self, asset_link_id: str, change: MetadataChange, order: Order | None) -> Sequence[Event]:
        opened = self._links[asset_link_id,]
        if opened.state is None or opened.state.is_deleted:
            raise LinkNotFound(asset_link_id)
        link = opened.state
        rules = self._rulebook.of_link(link.parent.database_id, link.child.database_id)
        return _change(opened, link, change, order, rules)

    def _change_file(self, owner: FileOwner, change: MetadataChange, order: Order | None) -> Sequence[Event]:
        asset = self._assets[owner.database_id, owner.asset_id].state
        if asset is None or asset.is_deleted:
            raise AssetNotFound(owner.asset_id)
        asset.require_active()
        opened = self._files[owner.database_id, owner.asset_id, owner.path]
        if opened.state is None:
            raise FileNotFound(owner.path)
        opened.state.require_in_work()
        _expect(opened, order)
        rules = self._rulebook.of_file(owner.database_id, owner.path, attributes=owner.attributes)
        events = _file_events(opened.state, owner, change, rules)
        opened.add(events)
        return events


def _opened(ledger: Ledger, aggregate: Aggregate[S], keys: Sequence[Key]) -> dict[Key, _Open[S]]:
    unique = list(dict.fromkeys(keys))
    streams = ledger.load_many(aggregate, unique) if unique else []
    return {key: _Open(aggregate, stream, stream.state) for key, stream in zip(unique, streams, strict=True)}


def _change(
    opened: _Open[S],
    state: Database | Asset | AssetLink,
    change: MetadataChange,
    order: Order | None,
    rules: Rules,
) -> Sequence[Event]:
    _expect(opened, order)
    what = change.what
    if isinstance(what, Setting):
        events: Sequence[Event] = state.set_metadata(what.entries, replace_all=what.replace_all, rules=rules)
    else:
        events = state.remove_metadata(what.keys, rules=rules)
    opened.add(events)
    return events


def _file_events(file: File, owner: FileOwner, change: MetadataChange, rules: Rules) -> Sequence[Event]:
    what = change.what
    if isinstance(what, Setting):
        return file.set_metadata(what.entries, replace_all=what.replace_all, attributes=owner.attributes, rules=rules)
    return file.remove_metadata(what.keys, attributes=owner.attributes, rules=rules)


def _expect(opened: _Open[S], order: Order | None) -> None:
    if order is not None:
        opened.stream.expect(order)
