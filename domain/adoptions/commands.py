"""Commands that record how an adoption goes on; each is a no-op for what is recorded already."""

from __future__ import annotations

from collections.abc import Sequence

from domain.adoptions.adoption import ADOPTIONS, Adoption
from domain.adoptions.events import AssetAdopted, AssetAdoptionAdvanced, AssetAdoptionFailed, SkippedObject
from domain.assets.commands import load_asset
from domain.cause import Order
from domain.errors import NotFound
from domain.ledger import Ledger
from domain.stream import Decision, Outcome, Stream
from domain.sync.commands import Assessment, assess
from domain.sync.homes import Homes
from domain.sync.sightings import Sighting
from domain.sync.verdicts import NEWS, PROBLEMS, Kind

LEFT_ALONE = (Kind.PASSED_OVER, Kind.UNCHANGED, Kind.STALE)
"""What becomes no file here: folders and renditions, and what others recorded or deleted meanwhile."""


def record_adopted(
    ledger: Ledger, asset: tuple[str, str], sightings: Sequence[Sighting], *, after_key: str, order: Order
) -> Outcome:
    """Record the objects of a batch of keys, up to `after_key`, as files, all in one transaction.

    Nothing when the adoption is over or further. Raises NotFound, AssetNotFound, AssetAlreadyArchived.
    """

    def decide() -> Decision:
        stream, adoption = load_adoption(ledger, asset)
        if not adoption.is_open or (adoption.after_key or "").encode() >= after_key.encode():
            return Decision(())
        load_asset(ledger, *asset)[1].require_active()
        assessment = assess(ledger, sightings, homes=Homes())
        advanced = _advanced(adoption, sightings, assessment, after_key=after_key)
        decision = assessment.decision
        return Decision((*decision.changes, stream.then(advanced)), held=decision.held)

    return ledger.carry_out(order, decide)


def complete_adoption(ledger: Ledger, asset: tuple[str, str], *, order: Order) -> Outcome:
    """Record that every object was looked at; nothing when the adoption is over. Raises NotFound."""

    def decide() -> Decision:
        stream, adoption = load_adoption(ledger, asset)
        return Decision((stream.then(AssetAdopted(**adoption.key)),) if adoption.is_open else ())

    return ledger.carry_out(order, decide)


def fail_adoption(ledger: Ledger, asset: tuple[str, str], *, message: str, order: Order) -> Outcome:
    """Record that the adoption was given up; nothing when it is over. Raises NotFound."""

    def decide() -> Decision:
        stream, adoption = load_adoption(ledger, asset)
        failed = AssetAdoptionFailed(**adoption.key, message=message)
        return Decision((stream.then(failed),) if adoption.is_open else ())

    return ledger.carry_out(order, decide)


def load_adoption(ledger: Ledger, asset: tuple[str, str]) -> tuple[Stream[Adoption], Adoption]:
    """The stream and state of an asset's adoption. Raises NotFound."""
    stream = ledger.load(ADOPTIONS, *asset)
    if stream.state is None:
        raise NotFound("adoption of the asset", asset[1], path=("assetId",))
    return stream, stream.state


def _advanced(
    adoption: Adoption, sightings: Sequence[Sighting], assessment: Assessment, *, after_key: str
) -> AssetAdoptionAdvanced:
    verdicts = assessment.verdicts
    return AssetAdoptionAdvanced(
        database_id=adoption.database_id,
        asset_id=adoption.asset_id,
        after_key=after_key,
        registered=sum(verdict.kind in NEWS for verdict in verdicts),
        reserved=sum(verdict.kind in LEFT_ALONE for verdict in verdicts),
        skipped=tuple(
            SkippedObject(s3_key=sighting.s3_key, reason=verdict.message)
            for sighting, verdict in zip(sightings, verdicts, strict=True)
            if verdict.kind in PROBLEMS
        ),
    )
