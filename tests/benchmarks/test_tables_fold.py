"""How fast the tables projection folds, against COPY of the rows it makes into the same tables with their indexes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from domain.event import Event, Recorded
from domain.files.events import FileMetadataSet
from domain.media.events import (
    MediaInspected,
    Rendition,
    RenditionKind,
    RenditionsProduced,
    RenditionsRequested,
    RenditionStemReserved,
)
from domain.media.inspection import Attribute, Channel, Inspection, Part
from projections.vams.fold import fold_batch
from projections.vams.projection import TablesProjection
from tests.projections.vams.samples import ASSET, DATABASE, WRITTEN, asset, entry, observed
from tests.projections.vams.tape import Tape

BATCH = 5_000
TABLE_NAMES = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
KINDS = (RenditionKind.THUMBNAIL, RenditionKind.PROXY)
PART = Part(
    part_index=0,
    width=1920,
    height=1080,
    display_width=1920,
    display_height=1080,
    data_x_offset=0,
    data_y_offset=0,
    data_window=(0, 0, 1919, 1079),
    display_window=(0, 0, 1919, 1079),
    channels=tuple(
        Channel(channel_name=name, layer_name="", component_name=name, channel_type="HALF") for name in "RGBA"
    ),
    attributes=tuple(Attribute(attr_name=f"attribute{n}", attr_type="STRING", value="value") for n in range(10)),
)


def _registered(frames: int) -> Iterator[Event]:
    yield from (observed(f"beauty/shot.{frame:04}.exr") for frame in range(frames))


def _with_metadata(frames: int) -> Iterator[Event]:
    yield from _registered(frames)
    for frame in range(frames):
        path = f"beauty/shot.{frame:04}.exr"
        yield FileMetadataSet(**ASSET, path=path, entries=(entry("take", "3"), entry("note", "good")))


def _with_media(frames: int) -> Iterator[Event]:
    yield from _registered(frames)
    for frame in range(frames):
        yield from _media(f"beauty/shot.{frame:04}.exr")


def _media(path: str) -> Iterator[Event]:
    key, stem = f"library/shot_010/{path}", f"library/shot_010/.proxies/{path}"
    source: Any = {**ASSET, "path": path, "s3_bucket": "media", "s3_key": key, "s3_version_id": "v1"}
    source |= {"size_bytes": 1000, "last_modified": WRITTEN, "attempt": 1}
    pictures = tuple(_picture(kind, stem) for kind in KINDS)
    yield RenditionStemReserved(s3_bucket="media", rendition_stem=stem, s3_key=key)
    yield RenditionsRequested(**source, kinds=KINDS, rendition_stem=stem)
    found = Inspection(format_name="openexr", is_deep=False, frame_number=1, parts=(PART,))
    yield MediaInspected(**source, inspection=found)
    yield RenditionsProduced(**source, recipe="r", processing_seconds=0.1, renditions=pictures)


def _picture(kind: RenditionKind, stem: str) -> Rendition:
    return Rendition(
        kind=kind,
        s3_key=f"{stem}_{kind}.jpg",
        s3_version_id="t1",
        content_type="image/jpeg",
        width=256,
        height=144,
        size_bytes=4096,
        color_space="sRGB",
        source_color_space="ACEScg",
        color_rule="extension",
    )


def _fold(connection: Connection[Any], log: list[Recorded]) -> float:
    start = time.perf_counter()
    for first in range(0, len(log), BATCH):
        fold_batch(log[first : first + BATCH], connection)
    return time.perf_counter() - start


def _copy(connection: Connection[Any], data: dict[str, bytes]) -> float:
    start = time.perf_counter()
    for name, rows in data.items():
        with connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT BINARY)".encode()) as copy:
            copy.write(rows)
    return time.perf_counter() - start


def _dump(connection: Connection[Any]) -> dict[str, bytes]:
    names = [name for (name,) in connection.execute(TABLE_NAMES).fetchall()]
    return {name: _rows(connection, name) for name in names}


def _rows(connection: Connection[Any], name: str) -> bytes:
    with connection.cursor().copy(f"COPY {name} TO STDOUT (FORMAT BINARY)".encode()) as copy:
        return b"".join(bytes(block) for block in copy)


@pytest.mark.benchmark
@pytest.mark.parametrize("make", [_registered, _with_metadata, _with_media])
def test_folding_is_within_four_times_a_copy_of_its_rows(
    empty_database_url: str,
    make: Callable[[int], Iterator[Event]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    tape = Tape()
    tape.add(DATABASE, asset(), *make(8_000))
    projection = TablesProjection()
    with psycopg.connect(empty_database_url) as connection:
        projection.create(connection, generation=1)
        with connection.transaction(force_rollback=True):
            folding = _fold(connection, tape.entries)
            data = _dump(connection)
        with connection.transaction(force_rollback=True):
            copying = _copy(connection, data)
        connection.rollback()
    rate = len(tape.entries) / folding
    with capsys.disabled():
        sys.stdout.write(
            f"\n{make.__name__[1:]}: {rate:,.0f} events/s, {folding / copying:.1f} times COPY of the rows\n"
        )
    assert folding / copying < 4
