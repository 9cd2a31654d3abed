"""What the demo library holds: a shot in two versions, a few stills, and what people wrote about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from processors.media.synthetic import write_frame, write_still

DATABASE = "demo"
SHOT = "spheres"
STILLS = "reference"
FIRST_FRAME, LAST_FRAME = 1001, 1024
RELIT_FRAME = 1012
RELIT_KEY_LIGHT = 1.8

SHOT_METADATA = [
    {"key": "sequence", "value": "turntable"},
    {"key": "status", "value": "in review"},
    {"key": "focal_length", "value": "34.2", "valueType": "NUMBER"},
    {"key": "approved", "value": "false", "valueType": "BOOLEAN"},
    {"key": "rendered_on", "value": "2026-03-14", "valueType": "DATE"},
    {"key": "look", "value": "neutral", "valueType": "INLINE_CONTROLLED_LIST"},
    {"key": "light_direction", "value": '{"x": 0.55, "y": 0.78, "z": 0.3}', "valueType": "XYZ"},
]
APPROVED_METADATA = [
    {"key": "status", "value": "approved"},
    {"key": "approved", "value": "true", "valueType": "BOOLEAN"},
    {"key": "key_light", "value": str(RELIT_KEY_LIGHT), "valueType": "NUMBER"},
]
STILLS_METADATA = [
    {"key": "photographer", "value": "nobody; these are drawn"},
    {"key": "shot_on", "value": "2026-02-27", "valueType": "DATE"},
    {"key": "place", "value": '{"type": "Point", "coordinates": [18.0686, 59.3293]}', "valueType": "GEOPOINT"},
    {"key": "notes", "value": "Five formats\none scene", "valueType": "MULTILINE_STRING"},
]
STILL_KINDS = {
    "stills/front.png": "uint8",
    "stills/left.jpg": "uint8",
    "stills/back.tif": "uint16",
    "stills/right.png": "uint16",
    "light/probe.hdr": "float",
}


@dataclass(frozen=True)
class Asset:
    """An asset as createAsset takes it."""

    asset_id: str
    name: str
    description: str
    tags: tuple[str, ...]
    metadata: list[dict[str, str]]


ASSETS = (
    Asset(SHOT, "Spheres turntable", "Five lit spheres, 24 multi-layer frames.", ("shot", "cg"), SHOT_METADATA),
    Asset(STILLS, "Reference stills", "The scene in five picture formats.", ("reference", "cg"), STILLS_METADATA),
)


def frame_path(frame: int) -> str:
    """Where a frame lies in the shot."""
    return f"renders/spheres.{frame}.exr"


def frames() -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every frame of the shot, drawn one by one."""
    for frame in range(FIRST_FRAME, LAST_FRAME + 1):
        yield frame_path(frame), _drawn(frame_path(frame), partial(write_frame, frame=frame))


def relit_frame() -> tuple[str, bytes]:
    """The frame that the second version changes."""
    path = frame_path(RELIT_FRAME)
    return path, _drawn(path, partial(write_frame, frame=RELIT_FRAME, key_light=RELIT_KEY_LIGHT))


def stills() -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every still."""
    for number, (path, kind) in enumerate(STILL_KINDS.items()):
        yield path, _drawn(path, partial(write_still, angle=number * 1.25, kind=kind))


def _drawn(path: str, write: partial[None]) -> bytes:
    with TemporaryDirectory(prefix="interneg-demo-") as folder:
        file = Path(folder) / Path(path).name
        write(file)
        return file.read_bytes()
