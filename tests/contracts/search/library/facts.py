"""What a library holds, as facts that both the log and the judgement of answers are made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.assets.events import AssetArchived, AssetVersionCreated
from domain.event import Event
from domain.files.events import FileAttributesSet, FileMetadataSet, FileUploaded, StoredObject
from domain.metadata import MetadataEntry, MetadataValueType
from tests.projections.search.logs import BUCKET, asset

KINDS = MetadataValueType


@dataclass(frozen=True)
class Fact:
    """An entry of metadata, and what it means beyond its text."""

    key: str
    value: str
    kind: MetadataValueType = KINDS.STRING
    number: float | None = None
    moment: datetime | None = None
    place: tuple[float, float] | None = None
    """Latitude and longitude."""
    is_text: bool = True

    @property
    def entry(self) -> MetadataEntry:
        return MetadataEntry(key=self.key, value=self.value, value_type=self.kind)


def number(key: str, value: float) -> Fact:
    return Fact(key, f"{value:g}", KINDS.NUMBER, number=float(f"{value:g}"))


def day(key: str, value: datetime) -> Fact:
    return Fact(key, value.date().isoformat(), KINDS.DATE, moment=value.replace(hour=0, minute=0, second=0))


def instant(key: str, value: datetime, *, hours_east: int) -> Fact:
    """The moment as a clock so many hours east of Greenwich showed it."""
    shown = (value + timedelta(hours=hours_east)).replace(tzinfo=None)
    return Fact(key, f"{shown.isoformat()}+{hours_east:02}:00", KINDS.DATE, moment=value)


def point(key: str, latitude: float, longitude: float) -> Fact:
    text = f'{{"type": "Point", "coordinates": [{longitude}, {latitude}]}}'
    return Fact(key, text, KINDS.GEOPOINT, place=(latitude, longitude), is_text=False)


def lla(key: str, latitude: float, longitude: float, altitude: int) -> Fact:
    text = f'{{"lat": {latitude}, "long": {longitude}, "alt": {altitude}}}'
    return Fact(key, text, KINDS.LLA, place=(latitude, longitude), is_text=False)


def xyz(key: str, *values: int) -> Fact:
    x, y, z = values
    return Fact(key, f'{{"x": {x}, "y": {y}, "z": {z}}}', KINDS.XYZ, is_text=False)


@dataclass(frozen=True)
class FileFacts:
    """A file of an asset."""

    path: str
    size_bytes: int
    metadata: tuple[Fact, ...] = ()
    attributes: tuple[Fact, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AssetFacts:
    """An asset with its files, and everything it is recorded by."""

    database_id: str
    asset_id: str
    name: str
    description: str
    tags: tuple[str, ...]
    metadata: tuple[Fact, ...]
    files: tuple[FileFacts, ...]
    comment: str | None = None
    """Of its current version."""
    is_archived: bool = False

    def events(self) -> Iterator[Event]:
        """The asset, its files one by one, then its version."""
        own = {"database_id": self.database_id, "asset_id": self.asset_id}
        yield asset(
            **own,
            asset_name=self.name,
            description=self.description,
            tags=self.tags,
            metadata=tuple(fact.entry for fact in self.metadata),
        )
        for file in self.files:
            key = {**own, "path": file.path}
            yield FileUploaded(**key, upload_id="upload-1", stored=self._stored(file))
            if file.metadata:
                yield FileMetadataSet(**key, entries=tuple(fact.entry for fact in file.metadata))
            if file.attributes:
                yield FileAttributesSet(**key, entries=tuple(fact.entry for fact in file.attributes))
        if self.comment is not None:
            yield AssetVersionCreated(
                database_id=self.database_id, asset_id=self.asset_id, asset_version_id=1, comment=self.comment
            )
        if self.is_archived:
            yield AssetArchived(**own)

    def _stored(self, file: FileFacts) -> StoredObject:
        return StoredObject(
            s3_bucket=BUCKET.bucket_name,
            s3_key=f"assets/{self.asset_id}/{file.path}",
            s3_version_id="1",
            size_bytes=file.size_bytes,
            etag="etag-1",
            last_modified=datetime(2026, 2, 1, 8, 30, tzinfo=UTC),
        )
