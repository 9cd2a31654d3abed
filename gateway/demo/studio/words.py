"""What things are called in the studio."""

from __future__ import annotations

from domain.ledger import Ledger
from domain.metadata import MetadataEntry, MetadataValueType
from domain.tags.commands import create_tag, create_tag_type
from domain.tags.use import load_vocabulary
from gateway.demo.studio.desk import Desk, text, typed

SHOWS = ("aurora", "basalt", "cinder", "driftwood", "ember", "fjord")
TAGS = {
    "kind": ("shot", "sequence", "prop", "character", "environment", "scan", "texture", "lookdev"),
    "department": ("layout", "animation", "fx", "lighting", "compositing", "matte-painting"),
    "status": ("wip", "in-review", "approved", "final", "omitted", "on-hold"),
}
ADJECTIVES = ("weathered", "broken", "polished", "overgrown", "frozen", "burnt", "painted", "hand-made", "wet", "old")
THINGS = ("barrel", "lantern", "bridge", "statue", "market stall", "rowing boat", "gate", "robot", "oak", "cliff")
ACTIONS = ("walks in", "looks up", "runs past", "falls", "waits", "turns round", "opens the door", "drives off")
PLACES = ("the harbour", "the roof", "the forest", "the tunnel", "the square", "the station", "the desert")
NOTES = (
    "Key light is too strong on the left side.",
    "Motion blur looks right now, thank you.",
    "Please check the edge of the matte from frame 1012 on.",
    "Grain does not match the plate.",
    "Approved for the temp screening.",
)


def make_vocabulary(desk: Desk) -> None:
    """The tags of the studio, as far as the vocabulary lacks them."""
    ledger: Ledger = desk.ledger
    _, known = load_vocabulary(ledger)
    for tag_type, tags in TAGS.items():
        if tag_type not in known.types:
            create_tag_type(ledger, tag_type, description=f"The {tag_type} of what is tagged.", order=desk.someone())
        for tag in tags:
            if tag not in known.tags:
                create_tag(ledger, tag, tag_type_name=tag_type, order=desk.someone())


def tags(desk: Desk, kind: str) -> tuple[str, ...]:
    """A kind, a department and a status."""
    return kind, desk.lot.choice(TAGS["department"]), desk.lot.choice(TAGS["status"])


def shot_metadata(desk: Desk, frames: range) -> tuple[MetadataEntry, ...]:
    """What production keeps of a shot."""
    lot = desk.lot
    number = MetadataValueType.NUMBER
    return (
        text("status", lot.choice(TAGS["status"])),
        typed("first_frame", frames.start, number),
        typed("last_frame", frames.stop - 1, number),
        typed("focal_length", lot.choice((18, 21, 25, 32, 40, 50, 75, 100)), number),
        typed("bid_days", f"{lot.uniform(0.5, 20):.1f}", number),
        typed("due", f"2026-{lot.randrange(1, 13):02}-{lot.randrange(1, 29):02}", MetadataValueType.DATE),
        typed("has_plate", str(desk.chance(0.7)).lower(), MetadataValueType.BOOLEAN),
    )


def thing_metadata(desk: Desk) -> tuple[MetadataEntry, ...]:
    """What the library keeps of a thing."""
    lot = desk.lot
    place = f'{{"type": "Point", "coordinates": [{lot.uniform(-180, 180):.4f}, {lot.uniform(-80, 80):.4f}]}}'
    entries = [
        text("artist", lot.choice(("in-house", "Northlight", "Studio Vega", "Brass Monkey"))),
        typed("polygons", lot.randrange(1_000, 5_000_000), MetadataValueType.NUMBER),
        typed("reviewed", str(desk.chance(0.5)).lower(), MetadataValueType.BOOLEAN),
    ]
    if desk.chance(0.2):
        entries.append(typed("scanned_at", place, MetadataValueType.GEOPOINT))
    if desk.chance(0.2):
        entries.append(
            typed("notes", f"Kept from {lot.choice(SHOWS)}.\nReused since.", MetadataValueType.MULTILINE_STRING)
        )
    return tuple(entries)
