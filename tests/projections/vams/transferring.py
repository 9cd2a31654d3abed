"""Random moves, copies and adoptions for random sequences of commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from hypothesis import strategies as st

from domain.cause import Order
from domain.files.events import StoredObject
from domain.transfers.commands import FilePair, WantedTransfer, load_transfer, request_transfer
from domain.transfers.events import MetadataPolicy, TransferFailure, TransferFailureCode, TransferKind
from domain.transfers.recording import complete_transfer, give_up_transfer, record_copies, record_failures
from tests.doubles.memory_ledger import MemoryLedger
from tests.projections.vams.samples import WRITTEN

Command: TypeAlias = Callable[[MemoryLedger, Order], object]
AssetKey: TypeAlias = tuple[str, str]


def _ask(source: AssetKey, destination: AssetKey, path: str, to: str, kind: TransferKind) -> Command:
    """A request that stays open: refusals and claims of later ones come of it."""

    def ask(ledger: MemoryLedger, order: Order) -> None:
        wanted = WantedTransfer(kind, source, destination, [FilePair(path, to)])
        request_transfer(ledger, f"transfer-{order.cause.correlation_id}", wanted, order=order)

    return ask


def _transfer(
    source: AssetKey, destination: AssetKey, paths: dict[str, str], kind: TransferKind, policy: MetadataPolicy
) -> Command:
    """A request, and its end: the first file fails when there are several, the others arrive."""

    def transfer(ledger: MemoryLedger, order: Order) -> None:
        identity = f"transfer-{order.cause.correlation_id}"
        plain = Order(cause=order.cause)
        pairs = [FilePair(path, to) for path, to in paths.items()]
        request_transfer(ledger, identity, WantedTransfer(kind, source, destination, pairs, policy), order=order)
        files = load_transfer(ledger, identity)[1].request.files
        failing = [0] if len(files) > 1 else []
        failures = [TransferFailure(number=n, code=TransferFailureCode.STORE_REJECTED, message="No.") for n in failing]
        record_failures(ledger, identity, failures, order=plain)
        copies = {
            n: _stored(destination, file.destination_path, f"{identity}-{n}")
            for n, file in enumerate(files)
            if n not in failing
        }
        record_copies(ledger, identity, copies, order=plain)
        complete_transfer(ledger, identity, order=plain)
        give_up_transfer(ledger, identity, message="Away.", order=plain)

    return transfer


def _stored(asset: AssetKey, path: str, version: str) -> StoredObject:
    return StoredObject(
        s3_bucket="media",
        s3_key=f"{asset[0]}/{asset[1]}/{path}",
        s3_version_id=version,
        size_bytes=len(path),
        etag=version,
        last_modified=WRITTEN,
    )


def transferring(
    databases: st.SearchStrategy[str], assets: st.SearchStrategy[str], paths: st.SearchStrategy[str]
) -> st.SearchStrategy[Command]:
    """Requests and whole transfers between these assets and paths."""
    places = st.tuples(databases, assets)
    kinds, policies = st.sampled_from(TransferKind), st.sampled_from(MetadataPolicy)
    named = st.dictionaries(paths, paths, min_size=1, max_size=3)
    whole = st.builds(_transfer, places, places, named, kinds, policies)
    return whole | whole | st.builds(_ask, places, places, paths, paths, kinds)
