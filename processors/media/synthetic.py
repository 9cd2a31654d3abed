"""Draws the pictures of the demo library: a lit scene of spheres in layers, and stills of several formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio
from numpy.typing import NDArray

WIDTH, HEIGHT = 480, 270
FRAMES_PER_SECOND = 24
FAR = 1000.0
"""Depth where nothing is hit, in scene units."""
SOFTWARE = "interneg demo"
MADE_AT = "2026:03:14 09:00:00"

REC709 = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290)
"""Red, green, blue and white, as x and y of CIE 1931."""

Vectors = NDArray[np.floating[Any]]

# Centre x, y, z, radius, then the red, green and blue of the surface.
SPHERES = np.array(
    [
        (0.0, 1.0, 0.0, 1.0, 0.80, 0.22, 0.14),
        (2.1, 0.6, 0.4, 0.6, 0.90, 0.68, 0.18),
        (-1.9, 0.7, 0.8, 0.7, 0.16, 0.42, 0.80),
        (0.6, 0.4, 2.0, 0.4, 0.22, 0.66, 0.34),
        (-0.8, 0.35, -1.9, 0.35, 0.72, 0.72, 0.76),
    ],
    dtype=np.float32,
)
LIGHT = np.array((0.55, 0.78, 0.30), dtype=np.float32)
LIGHT = LIGHT / np.linalg.norm(LIGHT)


@dataclass(frozen=True)
class Drawn:
    """The layers of one frame; colours are scene-linear Rec.709."""

    diffuse: Vectors
    specular: Vectors
    normal: Vectors
    depth: Vectors
    alpha: Vectors


class PictureNotWritten(OSError):
    """A generated picture could not be written."""

    def __init__(self, path: Path, error: str) -> None:
        super().__init__(f"{path} could not be written: {error}")


def write_frame(path: Path, frame: int, *, key_light: float = 1.0) -> None:
    """Write one frame of the shot as a multi-layer EXR; `key_light` is a factor. Raises PictureNotWritten."""
    drawn = draw(angle=frame / 24 * 2 * np.pi, key_light=key_light)
    beauty = drawn.diffuse + drawn.specular
    layers: dict[str, Vectors] = {
        **_layer("", "RGB", beauty),
        "A": drawn.alpha[..., 0],
        **_layer("diffuse.", "RGB", drawn.diffuse),
        **_layer("specular.", "RGB", drawn.specular),
        **_layer("normal.", "XYZ", drawn.normal),
        "depth.Z": drawn.depth[..., 0],
    }
    attributes = {
        "compression": ("zip",),
        "FramesPerSecond": ("rational2i", (FRAMES_PER_SECOND, 1)),
        "smpte:TimeCode": ("timecode", (timecode(frame), 0)),
        "worldToCamera": ("matrix", tuple(_camera(frame / 24 * 2 * np.pi).T.reshape(-1).tolist())),
        "chromaticities": ("float[8]", REC709),
        "Artist": ("interneg",),
        "ImageDescription": (f"Frame {frame} of five spheres on a turntable",),
        "demo:keyLight": (float(key_light),),
    }
    kinds = tuple("float" if name == "depth.Z" else "half" for name in layers)
    _write(path, np.dstack(list(layers.values())), names=tuple(layers), kinds=kinds, attributes=attributes)


def write_still(path: Path, *, angle: float, kind: str) -> None:
    """Write a still in the format of its extension with samples of `kind`: uint8, uint16 or float.

    Integer samples are sRGB, floating ones scene-linear. `angle` is in radians. Raises PictureNotWritten.
    """
    drawn = draw(angle=angle)
    linear = drawn.diffuse + drawn.specular
    pixels = linear if kind == "float" else srgb(linear)
    _write(path, pixels, names=("R", "G", "B"), kinds=(kind,) * 3, attributes={})


def draw(*, angle: float, key_light: float = 1.0) -> Drawn:
    """The scene seen from `angle` radians around it."""
    camera = _camera(angle)
    origin = -camera[:3, :3].T @ camera[:3, 3]
    rays = _rays(camera)
    depth, normal, colour = _nearest(origin, rays)
    hit = depth < FAR
    lit = np.clip(normal @ LIGHT, 0, 1) * key_light
    half = LIGHT - rays
    half /= np.linalg.norm(half, axis=-1, keepdims=True)
    shine = np.clip(np.sum(normal * half, axis=-1), 0, 1) ** 60 * 6 * key_light
    ambient = 0.10 + 0.06 * normal[..., 1]
    return Drawn(
        diffuse=np.where(hit[..., None], colour * (lit + ambient)[..., None], 0).astype(np.float32),
        specular=np.where(hit, shine * (lit > 0), 0)[..., None].repeat(3, axis=-1).astype(np.float32),
        normal=np.where(hit[..., None], normal, 0).astype(np.float32),
        depth=depth[..., None].astype(np.float32),
        alpha=hit[..., None].astype(np.float32),
    )


def timecode(frame: int) -> int:
    """SMPTE 12M time of a frame counted at 24 a second, four bits a digit."""
    seconds, frames = divmod(frame, FRAMES_PER_SECOND)
    parts = (seconds // 3600, seconds // 60 % 60, seconds % 60, frames)
    return sum((part // 10 << 4 | part % 10) << 8 * place for place, part in enumerate(reversed(parts)))


def srgb(linear: Vectors) -> Vectors:
    """Scene-linear values as sRGB from 0 to 1, highlights rolled off. Transfer curve: IEC 61966-2-1."""
    shown = linear / (1 + 0.25 * linear)
    return np.clip(np.where(shown <= 0.0031308, 12.92 * shown, 1.055 * np.power(shown, 1 / 2.4) - 0.055), 0, 1)


def _camera(angle: float) -> Vectors:
    """World to camera, for column vectors; the camera looks along its negative z axis."""
    eye = np.array((6.2 * np.sin(angle), 2.6, 6.2 * np.cos(angle)))
    backward = eye - np.array((0, 0.7, 0))
    backward /= np.linalg.norm(backward)
    right = np.cross((0, 1, 0), backward)
    right /= np.linalg.norm(right)
    rotation = np.stack((right, np.cross(backward, right), backward))
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = rotation, -rotation @ eye
    return matrix.astype(np.float32)


def _rays(camera: Vectors) -> Vectors:
    x = (np.arange(WIDTH, dtype=np.float32) + 0.5 - WIDTH / 2) / WIDTH
    y = (HEIGHT / 2 - np.arange(HEIGHT, dtype=np.float32) - 0.5) / WIDTH
    across, up = np.meshgrid(x, y)
    rays: Vectors = np.dstack((across, up, np.full_like(across, -0.95))) @ camera[:3, :3]
    rays /= np.linalg.norm(rays, axis=-1, keepdims=True)
    return rays


def _nearest(origin: Vectors, rays: Vectors) -> tuple[Vectors, Vectors, Vectors]:
    """Depth along the rays, and normal and colour of what is hit first: a ground of squares, or a sphere."""
    with np.errstate(divide="ignore"):
        depth = np.where(rays[..., 1] < 0, -origin[1] / rays[..., 1], FAR)
    depth = np.where(depth < 14, depth, FAR).astype(np.float32)
    ground = origin + depth[..., None] * rays
    is_dark = (np.floor(ground[..., 0]) + np.floor(ground[..., 2])) % 2
    colour: Vectors = np.where(is_dark[..., None] > 0, 0.10, 0.34).repeat(3, axis=-1)
    normal: Vectors = np.broadcast_to(np.array((0, 1, 0), dtype=np.float32), rays.shape)
    for sphere in SPHERES:
        distance = _distance(origin - sphere[:3], rays, radius=sphere[3])
        nearer = distance < depth
        surface = (origin + distance[..., None] * rays - sphere[:3]) / sphere[3]
        depth = np.where(nearer, distance, depth)
        normal = np.where(nearer[..., None], surface, normal)
        colour = np.where(nearer[..., None], sphere[4:], colour)
    return depth, normal, colour


def _distance(offset: Vectors, rays: Vectors, *, radius: float) -> Vectors:
    """Where rays from `offset` first meet a sphere around the origin; FAR where they do not."""
    along = rays @ offset
    inside = along**2 - (offset @ offset - radius**2)
    distance = -along - np.sqrt(np.maximum(inside, 0))
    return np.where((inside > 0) & (distance > 0), distance, FAR)


def _layer(prefix: str, components: str, values: Vectors) -> dict[str, Vectors]:
    return {f"{prefix}{component}": values[..., n] for n, component in enumerate(components)}


def _write(
    path: Path, pixels: Vectors, *, names: tuple[str, ...], kinds: tuple[str, ...], attributes: Mapping[str, Any]
) -> None:
    spec = oiio.ImageSpec(pixels.shape[1], pixels.shape[0], len(names), kinds[0])
    spec.channelnames = names
    if len(set(kinds)) > 1:
        spec.channelformats = kinds
    # Without a time of its own the writer takes the present one, and the same picture would have other bytes.
    for name, value in {"Software": (SOFTWARE,), "DateTime": (MADE_AT,), **attributes}.items():
        spec.attribute(name, *value)
    output = oiio.ImageOutput.create(str(path))
    if output is None:
        raise PictureNotWritten(path, oiio.geterror())
    written = output.open(str(path), spec) and output.write_image(np.ascontiguousarray(pixels, dtype=np.float32))
    if not (written and output.close()):
        raise PictureNotWritten(path, output.geterror())
