"""Ask for a transfer by a prefix: the processor's own list of paths says which files it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg_pool import ConnectionPool

from domain.cause import Order
from domain.errors import DomainError, Invalid
from domain.files.file import File
from domain.files.previews import base_of
from domain.ledger import Ledger
from domain.stream import Outcome
from domain.transfers.commands import AssetKey, FilePair, WantedTransfer, is_hidden, is_there, request_transfer
from domain.transfers.errors import SourceNotFound
from domain.transfers.events import MetadataPolicy, TransferKind
from processors.lifecycle.choosing import files_below

BY_PREFIX = {"sourcePath": ("sourcePrefix",), "destinationPath": ("destinationPrefix",)}
"""Which field of the input a refusal is about when the paths were not given."""


@dataclass(frozen=True)
class Prefixes:
    """What paths begin with, and what stands in place of it at the destination."""

    source: str
    destination: str


@dataclass(frozen=True)
class AskedTransfer:
    """What a caller asks for: named files, or prefixes."""

    kind: TransferKind
    source: AssetKey
    destination: AssetKey
    files: Sequence[FilePair] | None
    prefixes: Prefixes | None
    metadata_policy: MetadataPolicy
    reason: str | None


def ask_for_transfer(
    ledger: Ledger, transfer_id: str, asked: AskedTransfer, *, pool: ConnectionPool[Any], order: Order
) -> Outcome:
    """Ask for the files that are meant. A prefix means those that are there now, and not archived.

    Raises what `request_transfer` raises, SourceNotFound for a prefix of nothing, Invalid unless either is given.
    """
    remembered = ledger.remembered(order)
    if remembered:
        return remembered
    if (asked.files is None) == (asked.prefixes is None):
        raise Invalid("Give either files, or sourcePrefix and destinationPrefix.", path=("files",))
    pairs = asked.files if asked.prefixes is None else _below(ledger, pool, asked.source, asked.prefixes)
    wanted = WantedTransfer(
        asked.kind, asked.source, asked.destination, pairs or (), asked.metadata_policy, asked.reason
    )
    try:
        return request_transfer(ledger, transfer_id, wanted, order=order)
    except DomainError as error:
        if asked.prefixes and error.path[:1] == ("files",):
            error.path = BY_PREFIX.get(error.path[-1], ("sourcePrefix",))
        raise


def _below(ledger: Ledger, pool: ConnectionPool[Any], source: AssetKey, prefixes: Prefixes) -> list[FilePair]:
    begin, instead = prefixes.source.removeprefix("/"), prefixes.destination.removeprefix("/")
    there = set(files_below(ledger, pool, source, begin, holds=_goes, field="sourcePrefix"))
    following = {path for path in there if base_of(path) in there}
    if not there:
        raise SourceNotFound(f"{begin}*", field=("sourcePrefix",))
    return [FilePair(path, f"{instead}{path.removeprefix(begin)}") for path in sorted(there - following)]


def _goes(file: File | None) -> bool:
    return file is not None and is_there(file) and not is_hidden(file)
