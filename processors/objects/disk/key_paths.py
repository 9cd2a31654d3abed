"""Where each key lives below a bucket: a tree of safe names that mirrors the key and lists in S3's order.

A segment of a key becomes lower-case ASCII: letters, digits, `_`, `-` and inner dots stand for themselves,
`!a` is `A`, any other byte is `%xx`, and an empty segment is `%`. So two keys never meet on a file system
that folds case or Unicode, and no key can climb out. A name longer than a file system takes goes on in a
directory below: it ends with `+` and its continuation begins with `+`. After many folders the rest of a key
is one segment, because Python's own rmtree gives up on a tree that is a thousand deep. The versions of a key
are in the directory `@` of its last segment.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

VERSIONS = "@"
_NAME_CHARACTERS = 200
_MOST_FOLDERS = 32
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_-")
_ESCAPE = re.compile(rb"%([0-9a-f]{2})|!([a-z])|(%)")


def versions_directory(root: Path, key: str) -> Path:
    """The directory that holds the versions of a key, whether or not it exists."""
    segments = key.split("/", maxsplit=_MOST_FOLDERS)
    return root.joinpath(*(name for segment in segments for name in _names(segment)), VERSIONS)


def walk(root: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    """Every key under the prefix that has a versions directory, with that directory, in UTF-8 byte order."""
    wanted = prefix.encode()
    pending: list[tuple[bytes, bool, Path]] = [(b"", True, root)]
    while pending:
        name, is_subtree, directory = pending.pop()
        if is_subtree:
            pending.extend(sorted(_children(name, directory, wanted), reverse=True))
        elif (versions := directory / VERSIONS).is_dir():
            yield name.decode(), versions


def _children(parent: bytes, directory: Path, wanted: bytes) -> Iterator[tuple[bytes, bool, Path]]:
    for segment, path in _segments(directory, ""):
        name = parent + segment
        if name.startswith(wanted):
            yield name, False, path
        subtree = name + b"/"
        if subtree.startswith(wanted) or wanted.startswith(subtree):
            yield subtree, True, path


def _segments(directory: Path, begun: str) -> Iterator[tuple[bytes, Path]]:
    try:
        names = [entry.name for entry in os.scandir(directory)]
    except FileNotFoundError:
        return
    for name in names:
        if name == VERSIONS or name.startswith("+") != bool(begun):
            continue
        whole = begun + name.removeprefix("+")
        if name.endswith("+"):
            yield from _segments(directory / name, whole.removesuffix("+"))
        else:
            yield _decoded(whole), directory / name


def _names(segment: str) -> list[str]:
    encoded = _encoded(segment.encode())
    chunks = [encoded[start : start + _NAME_CHARACTERS] for start in range(0, len(encoded), _NAME_CHARACTERS)]
    last = len(chunks) - 1
    return [("+" if i > 0 else "") + chunk + ("+" if i < last else "") for i, chunk in enumerate(chunks)]


def _encoded(segment: bytes) -> str:
    if not segment:
        return "%"
    return "".join(_character(byte, first=position == 0) for position, byte in enumerate(segment))


def _character(byte: int, *, first: bool) -> str:
    if byte in _PLAIN or (byte == ord(".") and not first):
        return chr(byte)
    if ord("A") <= byte <= ord("Z"):
        return "!" + chr(byte).lower()
    return f"%{byte:02x}"


def _decoded(encoded: str) -> bytes:
    def byte(match: re.Match[bytes]) -> bytes:
        hexadecimal, letter, _ = match.groups()
        if hexadecimal:
            return bytes.fromhex(hexadecimal.decode())
        return bytes(letter.upper()) if letter else b""

    return _ESCAPE.sub(byte, encoded.encode())
