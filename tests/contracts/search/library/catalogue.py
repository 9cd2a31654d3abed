"""The whole library: its log, and every document that a search of it may find. The same in every run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from random import Random

from domain.event import Event, Recorded
from tests.contracts.search.library.facts import AssetFacts, Fact
from tests.contracts.search.library.films import films
from tests.contracts.search.library.museums import museums
from tests.contracts.search.library.robots import robots
from tests.contracts.search.library.surveys import surveys
from tests.projections.search.logs import BUCKET, log

SEED = 1895


@dataclass(frozen=True, kw_only=True, eq=False)
class Document:
    """What is known of an asset or a file, by construction."""

    name: str
    """`database:asset` or `database:asset:path`."""
    asset: AssetFacts
    path: str | None
    size_bytes: int | None
    facts: tuple[Fact, ...]
    position: int

    @property
    def title(self) -> str:
        """What a list shows it as."""
        return self.asset.name if self.path is None else PurePosixPath(self.path).name

    @property
    def extension(self) -> str | None:
        return None if self.path is None else PurePosixPath(self.path).suffix

    @property
    def asset_type(self) -> str:
        files = self.asset.files
        return "folder" if len(files) > 1 else PurePosixPath(files[0].path).suffix


@cache
def assets() -> tuple[AssetFacts, ...]:
    """2990 of them."""
    random = Random(SEED)
    return tuple(asset for part in (films, museums, surveys, robots) for asset in part(random))


@cache
def library() -> list[Recorded]:
    """The log."""
    return log(BUCKET, (event for asset in assets() for event in asset.events()))


@cache
def documents() -> tuple[Document, ...]:
    """In the order of the log."""
    positions = _positions()
    return tuple(document for asset in assets() for document in _documents(asset, positions))


def _documents(asset: AssetFacts, positions: dict[str, int]) -> Iterator[Document]:
    name = f"{asset.database_id}:{asset.asset_id}"
    yield Document(name=name, asset=asset, path=None, size_bytes=None, facts=asset.metadata, position=positions[name])
    for file in asset.files:
        name_of_file = f"{name}:{file.path}"
        yield Document(
            name=name_of_file,
            asset=asset,
            path=file.path,
            size_bytes=file.size_bytes,
            facts=(*file.metadata, *file.attributes),
            position=positions[name_of_file],
        )


def _positions() -> dict[str, int]:
    """Of each document, the last event of its own stream."""
    return {_stream(entry.event): entry.position for entry in library()[1:]}


def _stream(event: Event) -> str:
    parts = (event.database_id, event.asset_id, getattr(event, "path", None))  # type: ignore[attr-defined]
    return ":".join(part for part in parts if part is not None)
