"""Surveyors: point clouds and tilesets of places."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from tests.contracts.search.library.facts import KINDS, AssetFacts, Fact, FileFacts, instant, number, point

PLACES = (
    ("Hamburg", 53.5461, 9.9661), ("Zürich", 47.3769, 8.5417), ("Rotterdam", 51.9244, 4.4777),
    ("Taveuni", -16.8, 179.95), ("Apia", -13.8333, -171.7667), ("Longyearbyen", 78.2232, 15.6267),
    ("Valparaíso", -33.0472, -71.6127), ("Reykjavík", 64.1466, -21.9426), ("Nuuk", 64.1814, -51.6941),
    ("Sapporo", 43.0618, 141.3545),
)  # fmt: skip
STRUCTURES = ("viaduct", "lock gate", "reservoir dam", "substation", "pumping station", "rail tunnel")
SCANNERS = ("RIEGL VZ-400i", "Leica RTC360", "FARO Focus", "Trimble X12")
START = datetime(2024, 3, 1, 6, 0, tzinfo=UTC)


def surveys(random: Random) -> Iterator[AssetFacts]:
    """600 campaigns: ten of each structure in each place."""
    for place, latitude, longitude in PLACES:
        for structure in STRUCTURES:
            for campaign in range(1, 11):
                where = (
                    latitude + random.randrange(-400, 400) / 10_000,
                    longitude + random.randrange(-400, 400) / 10_000,
                )
                yield _campaign(random, place, structure, campaign=campaign, where=where)


def _campaign(random: Random, place: str, structure: str, *, campaign: int, where: tuple[float, float]) -> AssetFacts:
    plain = structure.replace(" ", "_")
    accuracy = random.randrange(1, 60)
    cloud = FileFacts(
        f"clouds/{plain}_epoch{campaign:02}.{('e57', 'laz')[campaign % 2]}",
        random.randrange(10**8, 4 * 10**9),
        metadata=(number("points", random.randrange(10**6, 10**9)), number("accuracy mm", accuracy)),
    )
    tiles = FileFacts("tileset.json", 2_048), FileFacts(f"tiles/{campaign}/{campaign * 3}.b3dm", 700_000)
    return AssetFacts(
        database_id="survey",
        asset_id=f"{place[:3].casefold().replace('ü', 'u')}-{plain.replace('_', '-')}-{campaign:02}",
        name=f"{place} {structure} epoch {campaign}",
        description=f"Laser scan of the {structure}, deformation monitoring",
        tags=("scan", "tileset") if campaign % 4 == 0 else ("scan",),
        metadata=(
            point("location", *where),
            instant("captured", START + timedelta(hours=random.randrange(15_000)), hours_east=random.choice((0, 1, 9))),
            Fact("scanner", random.choice(SCANNERS)),
            number("accuracy mm", accuracy),
            Fact("crs", '{"epsg": 25832}', KINDS.JSON),
        ),
        files=(cloud, *tiles) if campaign % 4 == 0 else (cloud,),
        comment="Registered against the control network" if campaign == 10 else None,
    )
