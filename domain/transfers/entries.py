"""Which metadata and attributes a transferred file has: by the policy, and by the schemas it comes under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.files.events import FileAttributesSet, FileEvent, FileMetadataSet, FilePlace
from domain.files.file import File
from domain.files.paths import extension
from domain.metadata import Metadata, MetadataEntry
from domain.schemas.errors import MetadataNotCompliant
from domain.schemas.rulebook import Rulebook
from domain.schemas.rules import Rules, rules_of
from domain.transfers.errors import MetadataConflict
from domain.transfers.events import MetadataPolicy


@dataclass(frozen=True)
class Crossing:
    """A file on its way."""

    source: FilePlace
    destination: FilePlace
    policy: MetadataPolicy

    @property
    def is_under_other_schemas(self) -> bool:
        """Whether other schemas may apply to it afterwards; if not, what it had stays as it is, compliant or not."""
        before = (self.source.database_id, extension(self.source.path))
        return before != (self.destination.database_id, extension(self.destination.path))


def entry_events(
    rulebook: Rulebook, crossing: Crossing, source: File | None, destination: File | None
) -> tuple[FileEvent, ...]:
    """What gives the new file its entries; nothing when it is to have none.

    Raises MetadataConflict, MetadataNotCompliant, TooManyMetadataEntries.
    """
    place = crossing.destination
    key = {"database_id": place.database_id, "asset_id": place.asset_id, "path": place.path}
    mine = (source.metadata, source.attributes) if source else ({}, {})
    theirs = (destination.left_metadata, destination.left_attributes) if destination else ({}, {})
    metadata = _kept(_rules(rulebook, crossing, attributes=False), crossing, mine[0], theirs[0])
    attributes = _kept(_rules(rulebook, crossing, attributes=True), crossing, mine[1], theirs[1])
    setting = (FileMetadataSet(**key, entries=metadata),) if metadata else ()
    return (*setting, FileAttributesSet(**key, entries=attributes)) if attributes else setting


def _rules(rulebook: Rulebook, crossing: Crossing, *, attributes: bool) -> Rules:
    place = crossing.destination
    rules = rulebook.of_file(place.database_id, place.path, attributes=attributes)
    return rules if crossing.is_under_other_schemas else rules_of((), is_restricted=False, most=rules.most)


def _kept(rules: Rules, crossing: Crossing, mine: Metadata, theirs: Metadata) -> tuple[MetadataEntry, ...]:
    both: Metadata
    match crossing.policy:
        case MetadataPolicy.NONE:
            return ()
        case MetadataPolicy.KEEP_DESTINATION:
            both = {**mine, **theirs}
            return _admitted(rules, [both[key] for key in sorted(both)])
        case MetadataPolicy.FAIL:
            differing = sorted(key for key in mine if key in theirs and mine[key] != theirs[key])
            if differing:
                raise MetadataConflict(crossing.destination.path, differing)
    both = {**theirs, **mine}
    return rules.setting({}, [both[key] for key in sorted(both)])[0]


def _admitted(rules: Rules, entries: Sequence[MetadataEntry]) -> tuple[MetadataEntry, ...]:
    """The entries that the destination's schemas admit; the others are left behind."""
    left = list(entries)
    while left:
        try:
            return rules.setting({}, left)[0]
        except MetadataNotCompliant as refusal:
            left = [entry for entry in left if entry.key != refusal.key]
    return ()
