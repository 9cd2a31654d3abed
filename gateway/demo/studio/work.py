"""What a studio does all day: sequences of shots in several shows, and a library of things beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from uuid import UUID

from domain.assets.asset import ASSETS
from domain.assets.commands import archive_asset
from domain.cause import Order
from domain.databases.commands import create_database, set_database_metadata
from domain.event import stream_id
from domain.metadata import MetadataValueType
from gateway.demo.studio import assets, pictures, words
from gateway.demo.studio.desk import Asset, Desk, text, typed
from gateway.demo.studio.files import Seen, frames_of, register, upload
from gateway.demo.studio.pictures import Kind

SHOTS = 8
"""Of a sequence."""
THINGS = 80
"""That the library gains during one sequence."""
PASSES = ("beauty", "fx", "crowd", "env")

Needed = frozenset[UUID]
"""Streams that later work still reads."""


class Studio:
    """Works in one database a show, and one for the library."""

    def __init__(self, desk: Desk, bucket_id: str, *, suffix: str) -> None:
        self._desk = desk
        self._bucket_id = bucket_id
        self._shows = tuple(f"{show}-{suffix}" for show in words.SHOWS)
        self._library = f"library-{suffix}"

    def work(self) -> Iterator[Needed]:
        """Work without end; after each piece of it, the streams that what follows will read."""
        words.make_vocabulary(self._desk)
        for database_id in (*self._shows, self._library):
            self._found(database_id)
            yield frozenset()
        for number in count(1):
            show = self._desk.lot.choice(self._shows)
            yield from self._sequence(show, number)

    def _found(self, database_id: str) -> None:
        desk = self._desk
        description = f"Made for measuring: {database_id}."
        create_database(
            desk.ledger, database_id, description=description, default_bucket_id=self._bucket_id, order=desk.someone()
        )
        set_database_metadata(
            desk.ledger, database_id, entries=[text("client", "Meridian Pictures")], order=desk.someone()
        )

    def _sequence(self, show: str, number: int) -> Iterator[Needed]:
        desk = self._desk
        name = f"sq{number:04}"
        sequence = assets.create(
            desk,
            (show, name),
            name=f"Sequence {number}",
            description=f"Everything at {desk.lot.choice(words.PLACES)}.",
            kind="sequence",
            metadata=(typed("cut_order", number, MetadataValueType.NUMBER),),
        )
        before: Asset | None = None
        for shot_number in range(1, SHOTS + 1):
            shot = self._shot(sequence, f"{name}_sh{shot_number * 10:04}")
            if before and desk.chance(0.5):
                assets.relate(desk, before, shot)
            before = shot
            if desk.chance(0.03):
                before = None
                archive_asset(desk.ledger, *shot.key, reason="Omitted from the cut.", order=desk.someone())
            yield _streams(sequence, shot)
            for thing in range(THINGS // SHOTS):
                self._thing(f"thing_{number:04}_{shot_number:02}{thing:02}")
            yield _streams(sequence, shot)
        assets.revise(desk, sequence, kind="sequence")
        assets.version(desk, sequence, 1)
        yield frozenset()

    def _shot(self, sequence: Asset, asset_id: str) -> Asset:
        desk = self._desk
        frames = range(1001, 1001 + desk.lot.randrange(24, 73))
        shot = assets.create(
            desk,
            (sequence.database_id, asset_id),
            name=asset_id.replace("_", " ").upper(),
            description=f"She {desk.lot.choice(words.ACTIONS)} at {desk.lot.choice(words.PLACES)}.",
            kind="shot",
            metadata=words.shot_metadata(desk, frames),
        )
        assets.link(desk, sequence, shot)
        if desk.chance(0.7):
            self._look(shot, register(desk, shot, frames_of("plates/bg.{}.exr", frames)), pictures.plate())
        self._caches(shot, frames)
        rendered = [seen for name in PASSES[: desk.lot.randrange(1, 4)] for seen in self._render(shot, name, frames)]
        assets.version(desk, shot, 1)
        again = [path for path, _, _ in desk.some(rendered, 0.1)]
        if again:
            self._look(shot, upload(desk, shot, again), pictures.render("cam_b"))
        assets.revise(desk, shot, kind="shot")
        assets.sort_out(desk, shot, [path for path, _, _ in rendered])
        assets.version(desk, shot, 2, chosen=rendered[:40] if desk.chance(0.3) else ())
        return shot

    def _render(self, shot: Asset, name: str, frames: range) -> list[Seen]:
        desk = self._desk
        brought = upload(desk, shot, frames_of(f"renders/{name}/{name}.{{}}.exr", frames))
        self._look(shot, brought, pictures.render("cam_main"))
        paths = [path for path, _, _ in brought[0]]
        if desk.chance(0.5):
            take = typed("take", desk.lot.randrange(1, 9), MetadataValueType.NUMBER)
            assets.annotate(desk, shot, paths, [take, text("note", desk.lot.choice(words.NOTES))])
        return brought[0]

    def _caches(self, shot: Asset, frames: range) -> None:
        desk = self._desk
        seen, _ = register(desk, shot, frames_of("caches/smoke.{}.vdb", frames))
        points = typed("voxels", desk.lot.randrange(10_000, 90_000_000), MetadataValueType.NUMBER)
        assets.measure(desk, shot, [path for path, _, _ in seen], [points])
        upload(desk, shot, ["scenes/layout.usdc", "scenes/anim.usdc", "scenes/lighting.hip", "review/cut.mov"])

    def _thing(self, asset_id: str) -> None:
        desk = self._desk
        kind = desk.lot.choice(words.TAGS["kind"][2:])
        thing = assets.create(
            desk,
            (self._library, asset_id),
            name=f"{desk.lot.choice(words.ADJECTIVES)} {desk.lot.choice(words.THINGS)}".capitalize(),
            description=f"A {kind} of {desk.lot.choice(words.SHOWS)}.",
            kind=kind,
            metadata=words.thing_metadata(desk),
        )
        upload(desk, thing, ["model.usdc", "model.abc", "rig.ma"])
        maps = [
            f"textures/{name}.{1001 + tile}.tif"
            for name in ("base", "rough")
            for tile in range(desk.lot.randrange(1, 3))
        ]
        self._look(thing, upload(desk, thing, maps), pictures.texture())
        assets.version(desk, thing, 1)
        if desk.chance(0.6):
            assets.revise(desk, thing, kind=kind)
            assets.version(desk, thing, 2)

    def _look(self, asset: Asset, brought: tuple[Sequence[Seen], Order], kind: Kind) -> None:
        seen, order = brought
        for one in seen:
            pictures.look_at(self._desk, asset, one, kind=kind, order=order)


def _streams(*found: Asset) -> Needed:
    return frozenset(stream_id(ASSETS.kind, *asset.key) for asset in found)
