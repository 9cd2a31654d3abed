"""Records what the store shows at many keys in one transaction: versions, markers, and the assets they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from domain.assets.asset import ASSETS, Asset
from domain.assets.events import AssetCreated
from domain.buckets.bucket import LOCATIONS, Bucket
from domain.buckets.events import AssetLocationReserved
from domain.cause import Order
from domain.databases.database import DATABASES, Database
from domain.databases.roster import enrolments
from domain.files.file import FILES, File
from domain.files.previews import base_of
from domain.ledger import Ledger
from domain.stream import Aggregate, Change, Decision, Outcome, Stream
from domain.sync.homes import Homes
from domain.sync.makers import Makers
from domain.sync.places import Owned, Place, Unowned, find_places
from domain.sync.sightings import NONE, News, Sighting, news
from domain.sync.verdicts import Kind, Verdict

S = TypeVar("S")
DESCRIPTION = "Found in the bucket."


@dataclass(frozen=True)
class Assessment:
    """What sightings mean: a verdict for each, and the decision that records the news among them."""

    verdicts: tuple[Verdict, ...]
    decision: Decision
    new_assets: tuple[tuple[str, str], ...]
    """As (database id, asset id)."""


def record_sightings(
    ledger: Ledger, sightings: Sequence[Sighting], *, homes: Homes, order: Order
) -> tuple[Outcome, Assessment]:
    """Record the news, all or none, and say what became of each key, each given once.

    A sighting whose file has moved on is STALE: nothing is recorded of it, and the store has to be asked again.
    """
    last: list[Assessment] = []

    def decide() -> Decision:
        last[:] = [assess(ledger, sightings, homes=homes)]
        return last[0].decision

    outcome = ledger.carry_out(order, decide)
    return outcome, last[0]


def assess(ledger: Ledger, sightings: Sequence[Sighting], *, homes: Homes) -> Assessment:
    """What `record_sightings` would do; records nothing."""
    return _Judge(ledger, sightings, homes).assessment()


class _Judge:
    """Judges a batch of sightings over one read of every kind of stream."""

    def __init__(self, ledger: Ledger, sightings: Sequence[Sighting], homes: Homes) -> None:
        self._ledger = ledger
        self._homes = homes
        self._sightings = sightings
        self._places = [self._homed(place) for place in find_places(ledger, _keys(sightings), assumed=homes.assumed)]
        assets = [(p.database_id, p.asset_id) for p in self._places if isinstance(p, _Settled)]
        self._assets = _by_key(ledger, ASSETS, assets)
        self._databases = _by_key(ledger, DATABASES, [(database_id,) for database_id, _ in assets])
        self._files = _by_key(ledger, FILES, [p.file for p in self._places if isinstance(p, _Settled)])
        self._makers = Makers(ledger, sightings)
        self._new_assets: dict[tuple[str, str], _Settled] = {}
        self._changes: list[Change] = []
        self._used: set[tuple[str, str]] = set()

    def assessment(self) -> Assessment:
        """Everything about the batch."""
        verdicts = tuple(self._verdict(s, p) for s, p in zip(self._sightings, self._places, strict=True))
        creations = self._creations()
        held = [self._assets[key] for key in sorted(self._used - self._new_assets.keys())]
        decision = Decision((*creations, *self._changes), held=tuple(held))
        return Assessment(verdicts, decision, tuple(self._new_assets))

    def _homed(self, place: Place) -> _Settled | Verdict:
        if isinstance(place, Owned):
            return _Settled(place.database_id, place.asset_id, place.path, None, place.location)
        if isinstance(place, Verdict):
            return place
        home = self._homes.of(place.bucket)
        return home if isinstance(home, Verdict) else _Settled.new(home, place)

    def _verdict(self, sighting: Sighting, place: _Settled | Verdict) -> Verdict:
        if isinstance(place, Verdict):
            is_there = any(not version.is_delete_marker for version in sighting.versions)
            return place if is_there or place.kind is Kind.PASSED_OVER else Verdict(Kind.UNCHANGED)
        stream: Stream[File] = self._files[place.file]
        if stream.revision != sighting.revision:
            return Verdict(Kind.STALE)
        if _is_put_while_erased(stream.state, sighting):
            message = f"The bytes of the deleted file {place.path!r} are still being erased."
            return Verdict(Kind.IGNORED, "FILE_BEING_ERASED", message)
        found = self._news(stream.state, place, sighting)
        if not found.events:
            return Verdict(Kind.UNCHANGED)
        refusal = self._refusal(place, found)
        if refusal is not None:
            return refusal
        asset = (place.database_id, place.asset_id)
        if self._assets[asset].state is None:
            self._new_assets.setdefault(asset, place)
        self._used.add(asset)
        self._changes.append(stream.then(*found.events))
        return Verdict(found.kind)

    def _news(self, file: File | None, place: _Settled, sighting: Sighting) -> News:
        if file is not None and file.is_being_erased:
            return NONE
        asset: Asset | None = self._assets[place.database_id, place.asset_id].state
        seen = [
            version
            for version in sighting.versions
            if not self._makers.will_record(version, sighting.s3_key, place.file, asset=asset, file=file)
        ]
        return news(file, dict(zip(("database_id", "asset_id", "path"), place.file, strict=True)), seen)

    def _refusal(self, place: _Settled, found: News) -> Verdict | None:
        """Why the news is not recorded although it is there."""
        database: Database | None = self._databases[place.database_id,].state
        asset: Asset | None = self._assets[place.database_id, place.asset_id].state
        if database is None:
            return Verdict(Kind.REFUSED, "DATABASE_UNKNOWN", f"There is no database {place.database_id!r}.")
        if database.is_deleted:
            return Verdict(Kind.IGNORED, "DATABASE_IS_DELETED", f"The database {place.database_id!r} is deleted.")
        if asset is not None and place.bucket is not None:
            message = f"The database has an asset {place.asset_id!r} elsewhere, at {asset.asset_location!r}."
            return Verdict(Kind.REFUSED, "ASSET_ELSEWHERE", message)
        if asset is not None and asset.is_deleted:
            message = f"The asset {place.asset_id!r} was permanently deleted."
            return Verdict(Kind.IGNORED, "ASSET_PERMANENTLY_DELETED", message)
        if asset is not None and asset.is_archived:
            return Verdict(Kind.IGNORED, "ASSET_ALREADY_ARCHIVED", f"The asset {place.asset_id!r} is archived.")
        if found.brings_versions and not database.accepts(place.path) and base_of(place.path) is None:
            message = f"The database {place.database_id!r} takes no files like {place.path!r}."
            return Verdict(Kind.REFUSED, "FILE_EXTENSION_REFUSED", message)
        return None

    def _creations(self) -> list[Change]:
        """The new assets, with their prefixes reserved and enrolled in their databases."""
        if not self._new_assets:
            return []
        places = list(self._new_assets.values())
        keys = [(_bucket(place).bucket_name, place.location) for place in places]
        locations = self._ledger.load_many(LOCATIONS, keys)
        changes = list(enrolments(self._ledger, list(self._new_assets)))
        for place, location in zip(places, locations, strict=True):
            bucket = _bucket(place)
            reserved = AssetLocationReserved(
                bucket_id=bucket.bucket_id,
                asset_location=place.location,
                database_id=place.database_id,
                asset_id=place.asset_id,
            )
            changes += [location.then(reserved), self._assets[place.database_id, place.asset_id].then(_created(place))]
        return changes


@dataclass(frozen=True)
class _Settled:
    """A key whose asset is known; with a bucket when the asset would be new."""

    database_id: str
    asset_id: str
    path: str
    bucket: Bucket | None
    location: str

    @classmethod
    def new(cls, database_id: str, place: Unowned) -> _Settled:
        return cls(database_id, place.asset_id, place.path, place.bucket, place.location)

    @property
    def file(self) -> tuple[str, str, str]:
        return self.database_id, self.asset_id, self.path


def _is_put_while_erased(file: File | None, sighting: Sighting) -> bool:
    """Whether somebody stored something where a deletion is still erasing what was there."""
    if file is None or not file.is_being_erased:
        return False
    return any(not one.is_delete_marker and one.version_id not in file.erased for one in sighting.versions)


def _bucket(place: _Settled) -> Bucket:
    assert place.bucket is not None
    return place.bucket


def _created(place: _Settled) -> AssetCreated:
    bucket = _bucket(place)
    return AssetCreated(
        database_id=place.database_id,
        asset_id=place.asset_id,
        asset_name=place.asset_id,
        description=DESCRIPTION,
        is_distributable=True,
        tags=(),
        bucket_id=bucket.bucket_id,
        s3_bucket=bucket.bucket_name,
        asset_location=place.location,
    )


def _keys(sightings: Sequence[Sighting]) -> list[tuple[str, str]]:
    return [(sighting.s3_bucket, sighting.s3_key) for sighting in sightings]


def _by_key(
    ledger: Ledger, aggregate: Aggregate[S], keys: Sequence[tuple[str, ...]]
) -> dict[tuple[str, ...], Stream[S]]:
    unique = list(dict.fromkeys(keys))
    return dict(zip(unique, ledger.load_many(aggregate, unique), strict=True))
