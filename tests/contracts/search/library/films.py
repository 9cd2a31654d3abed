"""A studio: shots with their frames, and the characters, props and sets in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from tests.contracts.search.library.facts import KINDS, AssetFacts, Fact, FileFacts, day, number, xyz

SEQUENCES = (
    "Harbour Chase", "Lighthouse", "Kitchen Fire", "Market Square", "Glacier Crossing", "Opera Night", "Rooftop Escape",
    "Train Yard", "Flooded Subway", "Desert Convoy", "Observatory", "Carnival", "Hangar Seven", "Orchard", "Monastery",
    "Icebreaker", "Greenhouse", "Quarry", "Ballroom", "Canal Bridge", "Radio Tower", "Boiler Room", "Vineyard",
    "Shipwreck", "Aquarium",
)  # fmt: skip
ACTIONS = (
    "Wide establishing shot at dusk", "Close-up on the captain", "Camera cranes down through smoke",
    "Handheld pursuit in the rain", "Slow dolly past broken windows", "Reverse angle on the crowd",
    "Insert of the brass compass", "Drone orbit around the tower",
)  # fmt: skip
PASSES = ("beauty", "depth", "cryptoObject", "specular", "motionVector")
ARTISTS = ("Zoë Müller", "Bo Larsen", "Amélie Durand", "Kenji Watanabe", "Priya Raman", "Tomás Ibáñez", "Ruth Okafor")
STATUSES = ("waiting", "in progress", "pending review", "approved", "final")
CAMERAS = ("ARRI Alexa 35", "RED V-Raptor", "Sony Venice 2", "Blackmagic URSA")
ROLES = {
    "character": ("Captain", "Robot", "Diver", "Violinist", "Smuggler", "Gardener", "Pilot", "Astronomer"),
    "prop": ("Compass", "Lantern", "Suitcase", "Telescope", "Anchor", "Gramophone", "Toolbox", "Chandelier"),
    "set": ("Staircase", "Warehouse", "Cockpit", "Alleyway", "Cellar", "Balcony", "Workshop", "Corridor"),
}
LOOKS = ("rusty", "polished", "weathered", "charred", "mossy", "gilded", "cracked", "velvet", "copper", "frozen")
FIRST_DAY = datetime(2025, 1, 6, tzinfo=UTC)


def films(random: Random) -> Iterator[AssetFacts]:
    """750 shots in 25 sequences, then 240 built assets."""
    for sequence, title in enumerate(SEQUENCES, 1):
        for shot in range(10, 310, 10):
            yield _shot(random, sequence, title, shot=shot)
    for role, things in ROLES.items():
        for thing in things:
            for look in LOOKS:
                yield _built(random, role, thing, look=look)


def _shot(random: Random, sequence: int, title: str, *, shot: int) -> AssetFacts:
    code = f"sq{sequence:02}_shot_{shot:03}"
    passes = ("beauty", PASSES[1 + (sequence + shot // 10) % 4])
    files = [
        FileFacts(
            f"renders/{render_pass}/shot_{shot:03}_{render_pass}.{frame:04}.exr",
            random.randrange(2_000_000, 40_000_000),
            attributes=_header(random, render_pass) if frame == 1 else (),
        )
        for render_pass in passes
        for frame in (1, 2, 10)
    ]
    files.append(FileFacts(f"plates/{code}_plate_v001.0001.dpx", 12_746_752))
    files.append(FileFacts(f"comp/{code}_comp_v{random.randrange(1, 12):03}.mov", random.randrange(10**6, 10**8)))
    status = random.choice(STATUSES)
    return AssetFacts(
        database_id="northlight",
        asset_id=code.replace("_", "-"),
        name=f"{title} Shot {shot:03}",
        description=random.choice(ACTIONS),
        tags=("shot", f"sq{sequence:02}"),
        metadata=(
            Fact("artist", random.choice(ARTISTS)),
            Fact("status", status, KINDS.INLINE_CONTROLLED_LIST),
            number("frame count", random.randrange(24, 400)),
            day("delivery", FIRST_DAY + timedelta(days=random.randrange(500))),
            Fact("camera", random.choice(CAMERAS)),
        ),
        files=tuple(files),
        comment="Client approved the silhouette" if status == "final" else None,
        is_archived=shot == 300 and sequence % 5 == 0,
    )


def _header(random: Random, render_pass: str) -> tuple[Fact, ...]:
    compression = "zips" if render_pass == "beauty" else random.choice(("dwab", "piz"))
    return Fact("compression", compression), Fact("channels", "R, G, B, A" if render_pass == "beauty" else "Z")


def _built(random: Random, role: str, thing: str, *, look: str) -> AssetFacts:
    name = f"{look.capitalize()} {thing}"
    camel = f"{look.capitalize()}{thing}"
    files = [FileFacts(f"model/{camel}_v{version:03}.usd", random.randrange(10**5, 10**7)) for version in (1, 2)]
    files.append(FileFacts(f"textures/{look}_{thing.lower()}_diffuse.1001.tif", random.randrange(10**6, 10**8)))
    files.append(FileFacts(f"turntable/{camel}_turntable.mov", random.randrange(10**6, 10**7)))
    return AssetFacts(
        database_id="northlight",
        asset_id=f"{role}-{thing.lower()}-{look}",
        name=name,
        description=f"{name} for the {random.choice(SEQUENCES).lower()} sequence",
        tags=(role, look),
        metadata=(
            number("polygons", random.randrange(1_000, 2_000_000)),
            Fact("artist", random.choice(ARTISTS)),
            Fact("is hero", random.choice(("true", "false")), KINDS.BOOLEAN),
            xyz("bounds", random.randrange(100), random.randrange(100), random.randrange(100)),
        ),
        files=tuple(files),
    )
