"""A museum: objects under their accession numbers, photographed and scanned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from tests.contracts.search.library.facts import KINDS, AssetFacts, Fact, FileFacts, day, lla, number

FORMS = (
    "amphora", "kylix", "brooch", "astrolabe", "reliquary", "samovar", "tapestry", "chalice", "netsuke", "figurine",
    "helmet", "sundial", "mosaic fragment", "oil lamp", "ceremonial mask",
)  # fmt: skip
MATERIALS = ("bronze", "terracotta", "ivory", "silver", "jade", "walnut", "marble", "enamel", "porcelain", "obsidian")
CULTURES = ("Attic", "Etruscan", "Byzantine", "Ottoman", "Moche", "Benin", "Edo period", "Frankish", "Phoenician")
DONORS = ("Whitcombe bequest", "Purchased at auction", "Gift of the Alvarado family", "Excavation share")
SITES = (("Athens", 37.9838, 23.7275), ("Tarquinia", 42.2542, 11.7576), ("İstanbul", 41.0082, 28.9784),
         ("Trujillo", -8.1116, -79.0288), ("Kyōto", 35.0116, 135.7681), ("Suva", -18.1416, 178.4419))  # fmt: skip
VIEWS = ("front", "back", "detail", "underside")


def museums(random: Random) -> Iterator[AssetFacts]:
    """900 objects."""
    for index in range(900):
        form, material = FORMS[index % len(FORMS)], random.choice(MATERIALS)
        accession = f"{1880 + index % 140}.{1 + index // 140}.{index % 37 + 1}"
        yield _object(random, accession, form, material=material, index=index)


def _object(random: Random, accession: str, form: str, *, material: str, index: int) -> AssetFacts:
    culture = random.choice(CULTURES)
    site, latitude, longitude = random.choice(SITES)
    files = [
        FileFacts(f"photographs/{accession}_{view}.tif", random.randrange(10**7, 10**8))
        for view in random.sample(VIEWS, 1 + index % 2)
    ]
    if index % 3 == 0:
        scanned = (Fact("scanner", random.choice(("Artec Leo", "Photogrammetry"))), number("spacing mm", 0.25))
        files.append(FileFacts(f"scan/{accession}_mesh.ply", random.randrange(10**7, 10**9), metadata=scanned))
    return AssetFacts(
        database_id="museum",
        asset_id=f"object-{accession.replace('.', '-')}",
        name=f"{culture} {form}",
        description=f"{form.capitalize()} of {material}, found near {site}",
        tags=("object", material),
        metadata=(
            Fact("accession number", accession),
            Fact("provenance", random.choice(DONORS), KINDS.MULTILINE_STRING),
            day("acquired", datetime(1880 + index % 140, 1, 1, tzinfo=UTC) + timedelta(days=random.randrange(365))),
            number("height cm", random.randrange(20, 2_000) / 10),
            number("year made", random.randrange(-700, 1850)),
            lla("found at", latitude, longitude, random.randrange(0, 400)),
        ),
        files=tuple(files),
        is_archived=index % 100 == 99,
    )
