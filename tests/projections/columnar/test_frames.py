"""frames and statistics on a thousand generated files, compared with the same questions asked in Python."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from domain.assets.events import AssetArchived, AssetPermanentlyDeleted, AssetUnarchived
from domain.event import Event
from domain.files.events import FileArchived, FilePermanentlyDeleted, FileUnarchived
from domain.media.identity import file_id
from projections.columnar.criteria import AttributeCriterion, FrameCriteria
from projections.columnar.duckdb_delta.config import DuckDBParquetConfig
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.frames import FrameRow, count_frames, frames
from projections.columnar.prints.writing import write
from projections.columnar.rows.fold import fold
from projections.columnar.rows.printed import PRINTED
from projections.columnar.statistics import (
    FrameDimension,
    FrameStatistic,
    TooManyGroups,
    frame_statistics,
)
from projections.columnar.store import ColumnarStore
from projections.columnar.vast_db.store import VastDBStore
from tests.projections.columnar.events import attribute, inspected, part
from tests.projections.columnar.striking import Striking, vast_config
from tests.projections.vams.samples import WRITTEN, asset, observed, stored, uploaded
from tests.projections.vams.tape import Tape

COUNT = 1000
CHANNELS = (("R", "G", "B"), ("R", "G", "B", "A"), ("Z",), ("diffuse.R", "diffuse.G", "R"))


class Made(msgspec.Struct, frozen=True):
    """One generated file."""

    asset_id: str
    path: str
    size_bytes: int
    frame: int
    parts: int
    width: int
    compression: str | None
    channels: tuple[str, ...]
    artist: str | None
    exposure: float


def _made(number: int, chance: random.Random) -> Made:
    return Made(
        asset_id=chance.choice(["shot_010", "shot_020", "plate"]),
        path=f"{chance.choice(['beauty', 'depth'])}/a.{number:04}.exr",
        size_bytes=chance.randint(1, 10**9),
        frame=number,
        parts=chance.choice([1, 1, 2]),
        width=chance.choice([960, 1920, 4096]),
        compression=chance.choice(["zip", "dwaa:45", "piz", None]),
        channels=chance.choice(CHANNELS),
        artist=chance.choice(["ada", "Grace", None]),
        exposure=chance.choice([0.5, 1.0, 24.0]),
    )


@pytest.fixture(scope="module")
def library() -> list[Made]:
    chance = random.Random(7)
    made = [_made(number, chance) for number in range(COUNT)]
    return sorted(made, key=lambda one: (one.asset_id, one.path))


def opened(kind: str, request: pytest.FixtureRequest, root: Path) -> ColumnarStore:
    """An empty print."""
    if kind == "vast":
        store: ColumnarStore = VastDBStore(vast_config(request.getfixturevalue("emulator"), f"frames_{uuid4().hex}"))
    else:
        store = DuckDBParquetStore(DuckDBParquetConfig(root))
    for table in PRINTED:
        store.create_table(table.name, table.schema, sort_by=table.sort_by)
    return store


@pytest.fixture(scope="module", params=["delta", "vast"])
def store(
    request: pytest.FixtureRequest, library: list[Made], tmp_path_factory: pytest.TempPathFactory
) -> ColumnarStore:
    tape = Tape()
    tape.add(*(asset(asset_id=name) for name in ("plate", "shot_010", "shot_020", "nobody")))
    for one in library:
        given: Any = {"size_bytes": one.size_bytes, "last_modified": WRITTEN}
        kept = stored(f"{one.asset_id}/{one.path}", **given)
        link = observed(one.path, asset_id=one.asset_id)
        tape.add(msgspec.structs.replace(link, stored=kept))
        note = [attribute("artist", "STRING", one.artist)] if one.artist else []
        header: Any = (*note, attribute("exposure", "FLOAT", one.exposure))
        first = part(channels=one.channels, width=one.width, compression=one.compression, attributes=header)
        parts = (first, *(part(index, channels=("id",), width=1) for index in range(1, one.parts)))
        event = inspected(f"{one.asset_id}/{one.path}", parts=parts, **given)
        found = msgspec.structs.replace(event.inspection, frame_number=one.frame)
        tape.add(msgspec.structs.replace(event, asset_id=one.asset_id, inspection=found))
    tape.add(observed("not-inspected.exr"), observed("beauty/a.0000.exr", "v0", asset_id="nobody"))
    store = opened(request.param, request, tmp_path_factory.mktemp("frames"))
    for batch in (tape.entries[:COUNT], tape.entries[COUNT:]):
        for sheet in fold(batch, store):
            write(store, sheet)
    return store


CASES: dict[str, tuple[FrameCriteria, Callable[[Made], bool]]] = {
    "everything": (FrameCriteria(), lambda one: True),
    "database": (FrameCriteria(database_id="nowhere"), lambda one: False),
    "asset": (FrameCriteria(database_id="shows", asset_id="plate"), lambda one: one.asset_id == "plate"),
    "path": (FrameCriteria(path_prefix="depth/a.00"), lambda one: one.path.startswith("depth/a.00")),
    "channels": (FrameCriteria(channels_any=("Z", "id")), lambda one: "Z" in one.channels or one.parts == 2),
    "layers": (FrameCriteria(layers_any=("diffuse",)), lambda one: "diffuse.R" in one.channels),
    "compression": (FrameCriteria(compression_in=("zip", "piz")), lambda one: one.compression in ("zip", "piz")),
    "deep": (FrameCriteria(is_deep=True), lambda one: False),
    "frames": (
        FrameCriteria(frame_number_gte=100, frame_number_lte=199),
        lambda one: 100 <= one.frame <= 199,
    ),
    "size": (FrameCriteria(min_width=1920, min_height=540), lambda one: one.width >= 1920),
    "too high": (FrameCriteria(min_height=541), lambda one: False),
    "equals": (FrameCriteria(attribute=AttributeCriterion("artist", equals="ada")), lambda one: one.artist == "ada"),
    "equals number": (
        FrameCriteria(attribute=AttributeCriterion("exposure", equals="24")),
        lambda one: one.exposure == 24.0,
    ),
    "contains": (
        FrameCriteria(attribute=AttributeCriterion("artist", contains="rac")),
        lambda one: one.artist == "Grace",
    ),
    "exists": (FrameCriteria(attribute=AttributeCriterion("artist")), lambda one: one.artist is not None),
    "number range": (
        FrameCriteria(attribute=AttributeCriterion("exposure", gte="0.6", lte="10")),
        lambda one: one.exposure == 1.0,
    ),
    "text range": (FrameCriteria(attribute=AttributeCriterion("artist", gte="a")), lambda one: one.artist == "ada"),
    "all at once": (
        FrameCriteria(asset_id="shot_010", channels_any=("A",), compression_in=("zip",), min_width=4096),
        lambda one: (
            one.asset_id == "shot_010" and "A" in one.channels and one.compression == "zip" and one.width == 4096
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_filter_finds_exactly_the_frames_it_describes(store: ColumnarStore, library: list[Made], case: str) -> None:
    criteria, holds = CASES[case]
    expected = [(one.asset_id, one.path) for one in library if holds(one)]
    page = frames(store, criteria, first=COUNT)
    assert [(row.asset_id, row.path) for row in page.rows] == expected
    assert count_frames(store, criteria) == len(expected)
    assert not page.has_next


def test_a_frame_has_the_headers_of_its_first_part_and_the_channels_of_all(
    store: ColumnarStore, library: list[Made]
) -> None:
    page = frames(store, FrameCriteria(), first=COUNT)
    for row, one in zip(page.rows, library, strict=True):
        key = f"library/shot_010/{one.asset_id}/{one.path}"
        assert row == FrameRow(
            file_id=file_id(key, WRITTEN),
            database_id="shows",
            asset_id=one.asset_id,
            path=one.path,
            s3_version_id="v1",
            size_bytes=one.size_bytes,
            frame_number=one.frame,
            is_deep=False,
            part_count=one.parts,
            width=one.width,
            height=540,
            compression=one.compression,
            channels=(*one.channels, *(("id",) if one.parts == 2 else ())),
            last_modified=WRITTEN,
        )


def test_pages_follow_each_other_without_gap_or_repetition(store: ColumnarStore, library: list[Made]) -> None:
    criteria = FrameCriteria(compression_in=("zip",))
    expected = [(one.asset_id, one.path) for one in library if one.compression == "zip"]
    seen, after, sizes = [], None, []
    while True:
        page = frames(store, criteria, first=170, after=after)
        seen += [(row.asset_id, row.path) for row in page.rows]
        sizes.append(len(page.rows))
        if not page.has_next:
            break
        after = page.rows[-1].key
    assert seen == expected
    assert set(sizes[:-1]) == {170}


def test_no_page_asks_only_whether_there_is_one(store: ColumnarStore) -> None:
    page = frames(store, FrameCriteria(), first=0)
    assert (page.rows, page.has_next) == ((), True)


DIMENSIONS: dict[FrameDimension, Callable[[Made], set[str]]] = {
    FrameDimension.COMPRESSION: lambda one: {one.compression or ""},
    FrameDimension.RESOLUTION: lambda one: {f"{one.width}x540"},
    FrameDimension.COLOR_SPACE: lambda one: {""},
    FrameDimension.ASSET: lambda one: {f"shows/{one.asset_id}"},
    FrameDimension.CHANNEL: lambda one: {*one.channels, *(("id",) if one.parts == 2 else ())},
    FrameDimension.LAYER: lambda one: (
        {name.rpartition(".")[0] for name in one.channels} | ({""} if one.parts == 2 else set())
    ),
    FrameDimension.CHANNEL_TYPE: lambda one: {"HALF"},
}


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_frames_are_counted_by_each_dimension(
    store: ColumnarStore, library: list[Made], dimension: FrameDimension
) -> None:
    counts, sizes = Counter[str](), defaultdict[str, int](int)
    for one in library:
        for value in DIMENSIONS[dimension](one):
            counts[value] += 1
            sizes[value] += one.size_bytes
    expected = [
        FrameStatistic((value,), count, sizes[value])
        for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    assert frame_statistics(store, FrameCriteria(), [dimension]) == expected


def test_dimensions_combine_in_the_order_asked_for(store: ColumnarStore, library: list[Made]) -> None:
    criteria = FrameCriteria(asset_id="plate")
    order = [FrameDimension.RESOLUTION, FrameDimension.CHANNEL, FrameDimension.ASSET]
    found = {one.keys: one.file_count for one in frame_statistics(store, criteria, order)}
    plates = [one for one in library if one.asset_id == "plate"]
    assert found == Counter(
        (f"{one.width}x540", name, "shows/plate") for one in plates for name in DIMENSIONS[FrameDimension.CHANNEL](one)
    )


def test_without_a_dimension_there_is_one_group_of_all_or_none_of_nothing(
    store: ColumnarStore, library: list[Made]
) -> None:
    total = sum(one.size_bytes for one in library)
    assert frame_statistics(store, FrameCriteria(), []) == [FrameStatistic((), COUNT, total)]
    assert frame_statistics(store, FrameCriteria(asset_id="none"), []) == []


def test_a_dimension_named_twice_is_answered_twice(store: ColumnarStore) -> None:
    twice = [FrameDimension.CHANNEL_TYPE, FrameDimension.CHANNEL_TYPE]
    (one,) = frame_statistics(store, FrameCriteria(), twice)
    assert one.keys == ("HALF", "HALF")


def test_more_groups_than_anyone_reads_are_refused(store: ColumnarStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.columnar.statistics.MAX_GROUPS", 2)
    with pytest.raises(TooManyGroups):
        frame_statistics(store, FrameCriteria(), [FrameDimension.COMPRESSION])


def test_only_the_latest_version_of_a_file_is_a_frame(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    store = opened("delta", request, tmp_path)
    tape = Tape()
    tape.add(asset())
    later = WRITTEN.replace(year=2027)
    tape.add(observed("a.exr"), inspected("a.exr", parts=(part(channels=("old",)),)))
    tape.add(msgspec.structs.replace(observed("a.exr"), stored=stored("a.exr", "v2", last_modified=later)))
    for sheet in fold(tape.entries, store):
        write(store, sheet)
    assert frames(store, FrameCriteria(), first=5).rows == ()
    inspection = [tape.add(inspected("a.exr", "v2", last_modified=later, parts=(part(channels=("new",)),)))]
    for sheet in fold(inspection, store):
        write(store, sheet)
    (row,) = frames(store, FrameCriteria(), first=5).rows
    assert (row.s3_version_id, row.channels) == ("v2", ("new",))
    assert count_frames(store, FrameCriteria(channels_any=("old",))) == 0


def test_archived_files_and_files_of_archived_assets_are_no_frames(striking: Striking) -> None:
    tape = Tape()
    tape.add(asset(), asset(asset_id="other"), uploaded("a.exr"), inspected("a.exr"))
    tape.add(uploaded("b.exr"), inspected("b.exr"), uploaded("c.exr", asset_id="other"))
    tape.add(msgspec.structs.replace(inspected("c.exr"), asset_id="other"))
    place: Any = {"database_id": "shows", "asset_id": "shot_010"}

    def paths(*events: Event) -> list[str]:
        striking.strike([*tape.entries[: len(tape.entries) * (not events)], *map(tape.add, events)])
        return [row.path for row in frames(striking.live, FrameCriteria(), first=5).rows]

    assert paths() == ["c.exr", "a.exr", "b.exr"]
    assert paths(FileArchived(**place, path="a.exr")) == ["c.exr", "b.exr"]
    assert paths(AssetArchived(database_id="shows", asset_id="other")) == ["b.exr"]
    everything = FrameCriteria(include_archived=True)
    assert [row.path for row in frames(striking.live, everything, first=5).rows] == ["c.exr", "a.exr", "b.exr"]
    assert (count_frames(striking.live, FrameCriteria()), count_frames(striking.live, everything)) == (1, 3)
    assert paths(FileUnarchived(**place, path="a.exr")) == ["a.exr", "b.exr"]
    assert paths(AssetUnarchived(database_id="shows", asset_id="other")) == ["c.exr", "a.exr", "b.exr"]
    assert paths(FilePermanentlyDeleted(**place, path="b.exr")) == ["c.exr", "a.exr"]
    assert paths(AssetPermanentlyDeleted(database_id="shows", asset_id="other", reason="over")) == ["a.exr"]
