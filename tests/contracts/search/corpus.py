"""A small film library as a log: 32 assets and 266 files, the same in every run."""

from __future__ import annotations

from collections.abc import Iterator

from domain.assets.events import AssetArchived, AssetVersionCreated
from domain.event import Event, Recorded
from domain.files.events import FileAttributesSet, FileMetadataSet
from domain.metadata import MetadataEntry, MetadataValueType
from tests.projections.search.logs import BUCKET, asset, entry, log, uploaded

KINDS = MetadataValueType
FURNITURE = ("Chair", "Table", "Lamp", "Shelf")
WOODS = ("oak", "pine")


def point(key: str, latitude: float, longitude: float) -> MetadataEntry:
    return entry(key, f'{{"type": "Point", "coordinates": [{longitude}, {latitude}]}}', KINDS.GEOPOINT)


def corpus() -> list[Recorded]:
    """The log; positions say what changed last."""
    return log(BUCKET, *_characters(), *_sets(), *_furniture(), *_shots(), *_plates(), *_odd_names())


def _files(asset_id: str, *paths: str, database_id: str = "films") -> Iterator[Event]:
    return (uploaded(asset_id, path, database_id=database_id) for path in paths)


def _characters() -> Iterator[Event]:
    yield asset(
        "hero-robot",
        asset_name="Hero Robot",
        description="Rusty robot with brass joints",
        tags=("character", "hero"),
        metadata=(
            entry("artist", "Zoë Müller"),
            entry("polygons", "120000", KINDS.NUMBER),
            entry("approved", "2026-02-10", KINDS.DATE),
            entry("status", "final"),
        ),
    )
    yield from _files(
        "hero-robot", "model/HeroRobot_v001.abc", "model/HeroRobot_v002.abc", "lookdev/turntable_hero.mov"
    )
    yield AssetVersionCreated(
        database_id="films", asset_id="hero-robot", asset_version_id=1, comment="Client approved the silhouette"
    )
    yield asset(
        "villain-robot",
        asset_name="Villain Robot",
        description="Chrome twin of the hero",
        tags=("character",),
        metadata=(
            entry("artist", "Bo Larsen"),
            entry("polygons", "95000.5", KINDS.NUMBER),
            entry("approved", "2026-03-01T09:00:00+01:00", KINDS.DATE),
            entry("status", "work in progress"),
            entry("_secret", "omega"),
            entry("VAMS_internal", "omega"),
        ),
    )
    yield from _files("villain-robot", "model/VillainRobot_v001.abc", "slate.txt")


def _sets() -> Iterator[Event]:
    yield asset(
        "cafe-set",
        asset_name="Café Zürich",
        description="Street café, exterior",
        tags=("set", "exterior"),
        metadata=(point("place", 47.3769, 8.5417), entry("scan count", "12", KINDS.NUMBER)),
    )
    yield from _files("cafe-set", "scan/cafe_front.ply", "scan/cafe_back.ply", "reference/IMG_2041.JPG")
    yield asset(
        "harbour",
        database_id="scans",
        asset_name="Harbour Scan",
        description="Photogrammetry of the harbour; 100% coverage, price 5_000",
        tags=("set", "exterior", "scan"),
        metadata=(
            entry("place", '{"lat": 53.5461, "long": 9.9661, "alt": 4}', KINDS.LLA),
            entry("licence", "CC BY 4.0"),
            entry("coverage", "100%"),
        ),
    )
    yield from _files("harbour", "points/harbour.e57", "README", database_id="scans")
    yield asset("old-logo", asset_name="Old Logo", tags=("brand",), description="Retired garage logo")
    yield from _files("old-logo", "logo_final.png")
    yield AssetArchived(database_id="films", asset_id="old-logo")


def _furniture() -> Iterator[Event]:
    """20 assets of four kinds in two woods, with 5 files each."""
    for number in range(1, 21):
        kind, wood = FURNITURE[number % 4], WOODS[number % 2]
        asset_id = f"prop-{number:03}"
        yield asset(
            asset_id,
            database_id="props",
            asset_name=f"{kind} {number:03}",
            description=f"{kind} of {wood}",
            tags=("prop", wood),
            metadata=(entry("height", str(number * 10), KINDS.NUMBER), entry("wood", wood)),
        )
        name = f"{kind.lower()}{number:03}"
        yield from _files(
            asset_id,
            f"{name}.fbx",
            f"tex/{name}_diffuse.1001.tif",
            f"tex/{name}_diffuse.1002.tif",
            f"tex/{name}_normal.1001.tif",
            f"preview/{name}.png",
            database_id="props",
        )


def _shots() -> Iterator[Event]:
    """Two shots of 24 frames in three passes, and a comp each."""
    for shot in ("010", "020"):
        asset_id = f"shot-{shot}"
        yield asset(asset_id, asset_name=f"SEQ01 Shot {shot}", description="Robot enters", tags=("shot", "seq01"))
        for render_pass in ("beauty", "depth", "cryptoObject"):
            for frame in range(1001, 1025):
                path = f"renders/{render_pass}/shot_{shot}_{render_pass}.{frame}.exr"
                yield uploaded(asset_id, path)
                if frame == 1001:
                    yield from _frame_facts(asset_id, path, render_pass)
        yield from _files(asset_id, f"comp/shot_{shot}_comp_v003.mov")


def _frame_facts(asset_id: str, path: str, render_pass: str) -> Iterator[Event]:
    key = {"database_id": "films", "asset_id": asset_id, "path": path}
    compression = "zips" if render_pass == "beauty" else "dwab"
    yield FileAttributesSet(**key, entries=(entry("compression", compression), entry("channels", "R, G, B, A")))
    yield FileMetadataSet(**key, entries=(entry("note", "first frame of the take"),))


def _plates() -> Iterator[Event]:
    """Places on both sides of the antimeridian and near a pole."""
    for asset_id, name, latitude, longitude in (
        ("fiji", "Taveuni Plate", -16.8, 179.95),
        ("samoa", "Dateline Plate", -16.8, -179.95),
        ("pole", "Ice Plate", 89.9, 120.0),
    ):
        yield asset(
            asset_id,
            database_id="plates",
            asset_name=name,
            tags=("plate",),
            metadata=(point("place", latitude, longitude),),
        )
        yield from _files(asset_id, f"{asset_id}_sky.0001.dpx", f"{asset_id}_sky.0010.dpx", database_id="plates")


def _odd_names() -> Iterator[Event]:
    yield asset(
        "tokyo", database_id="plates", asset_name="東京タワー夜景", description="Tower at night", tags=("plate",)
    )
    yield from _files("tokyo", "夜景/tower_0007.jpg", database_id="plates")
    yield asset("straw", asset_name="Straße <b>bei</b> Nacht", description='It\'s "quoted" & odd')
    yield from _files("straw", "O'Brien's take; DROP TABLE.txt", "100%_done.txt")
