"""Asks the store what is at keys, so that the log can be brought up to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from domain.buckets.bucket import Bucket
from domain.files.file import FILES, File
from domain.ledger import Ledger
from domain.stream import Stream
from domain.sync.places import Owned, find_places
from domain.sync.sightings import SightedVersion, Sighting, to_describe
from domain.sync.verdicts import Kind, Verdict
from processors.objects.errors import ObjectMissing
from processors.objects.marks import COPIED_FROM, EXECUTION, REVERT, TRANSFER
from processors.objects.store import ListedVersion, ObjectStore, ObjectVersion
from processors.uploads.complete import stored_object

PARALLEL_CALLS = 16
Key = tuple[str, str]
"""Bucket name and key."""
Listing = Callable[[Key], Iterable[ListedVersion]]
OwnMarkers = Callable[[Sequence[Key]], Mapping[Key, str | None]]
"""Finds the delete markers that archiving put at keys: their ids, None for one about to be put."""


def no_markers(_keys: Sequence[Key]) -> Mapping[Key, str | None]:
    """For keys where nothing was archived."""
    return {}


class Looker:
    """Looks at keys in bulk: the files' streams first, then the store, so that what the log says meanwhile shows."""

    def __init__(
        self,
        ledger: Ledger,
        objects: ObjectStore,
        *,
        assumed: Bucket | None = None,
        own_markers: OwnMarkers = no_markers,
    ) -> None:
        """`assumed` is a bucket that is not registered, and is looked at as if it were."""
        self._own_markers = own_markers
        self._assumed = assumed
        self._ledger = ledger
        self._objects = objects

    def look(self, keys: Sequence[Key]) -> list[Sighting]:
        """A sighting of each key, in order. Raises StoreUnavailable."""
        return self._looked(keys, self.listing)

    def look_at_new(self, listed: Sequence[tuple[Key, list[ListedVersion]]]) -> list[Sighting]:
        """Sightings of keys that were listed before the log was asked; they count only where it knows no file."""
        known = dict(listed)
        sightings = self._looked(list(known), known.__getitem__)
        return [s if s.revision == 0 else Sighting(s.s3_bucket, s.s3_key, -1, s.versions) for s in sightings]

    def listing(self, key: Key) -> list[ListedVersion]:
        """Every version and marker at exactly this key, newest first."""
        return self._objects.versions_of(*key)

    def files(self, keys: Sequence[Key]) -> list[Stream[File] | Verdict | None]:
        """For each key the stream of its file, a verdict where it can have none, None where its asset is new."""
        places = find_places(self._ledger, keys, assumed=self._assumed)
        owned = [place.file for place in places if isinstance(place, Owned)]
        streams = iter(self._ledger.load_many(FILES, owned))
        return [
            next(streams) if isinstance(place, Owned) else place if isinstance(place, Verdict) else None
            for place in places
        ]

    def _looked(self, keys: Sequence[Key], listing: Listing) -> list[Sighting]:
        """Own markers are asked for on both sides of the listing: they come and go while it is made."""
        files = self.files(keys)
        before = self._own_markers(keys)
        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            sightings = list(pool.map(lambda key, file: self._sighting(key, file, listing), keys, files))
        after = self._own_markers(keys)
        return [_without_own(sighting, (before, after)) for sighting in sightings]

    def _sighting(self, key: Key, file: Stream[File] | Verdict | None, listing: Listing) -> Sighting:
        if isinstance(file, Verdict):
            return Sighting(*key, 0, () if file.kind is Kind.PASSED_OVER else sighted(listing(key)))
        state, revision = (None, 0) if file is None else (file.state, file.revision)
        seen = sighted(listing(key))
        described = {identity: self._described(key, identity) for identity in to_describe(state, seen)}
        versions = [
            _with(version, described[version.version_id]) if version.version_id in described else version
            for version in seen
        ]
        return Sighting(*key, revision, tuple(version for version in versions if version is not None))

    def _described(self, key: Key, version_id: str) -> ObjectVersion | None:
        """None when the version has gone since it was listed."""
        try:
            return self._objects.head(*key, version_id=version_id)
        except ObjectMissing:
            return None


def sighted(listed: Iterable[ListedVersion]) -> tuple[SightedVersion, ...]:
    """What a listing says of the versions at a key."""
    return tuple(SightedVersion(one.version_id, is_delete_marker=one.is_delete_marker) for one in listed)


def _without_own(sighting: Sighting, known: Sequence[Mapping[Key, str | None]]) -> Sighting:
    key = (sighting.s3_bucket, sighting.s3_key)
    own = {markers[key] for markers in known if key in markers}
    versions = [
        version
        for index, version in enumerate(sighting.versions)
        if not (version.is_delete_marker and (version.version_id in own or (index == 0 and None in own)))
    ]
    return replace(sighting, versions=tuple(versions))


def _with(version: SightedVersion, described: ObjectVersion | None) -> SightedVersion | None:
    if described is None:
        return None
    metadata = described.metadata
    return replace(
        version,
        stored=stored_object(described),
        upload_id=metadata.get("uploadid"),
        transfer_id=metadata.get(TRANSFER, "").partition("/")[0] or None,
        execution_id=metadata.get(EXECUTION),
        copied_from=metadata.get(COPIED_FROM),
        file_revert_id=int(revert) if (revert := metadata.get(REVERT, "")).isdecimal() else None,
    )
