"""Who uses a tag: counted in shards, so that many may be tagged alike at once and a deletion still sees them all."""

from __future__ import annotations

from dataclasses import dataclass

from domain.event import stream_id
from domain.ledger import Ledger
from domain.stream import Aggregate, Change, Stream
from domain.tags.events import TagApplied, TagTakenOff, TagUseEvent
from domain.tags.vocabulary import VOCABULARY, Vocabulary

SHARDS = 64
"""Streams a tag; a holder has its own one of them. Changing it would lose uses."""


@dataclass(frozen=True)
class Tagging:
    """What a change of tags adds to a decision."""

    changes: tuple[Change, ...]
    held: tuple[Stream[Vocabulary], ...]


def asset_holder(database_id: str, asset_id: str) -> str:
    """The asset as a holder of tags."""
    return f"asset:{database_id}:{asset_id}"


def change_tags(
    ledger: Ledger, holder: str, *, before: tuple[str, ...], after: tuple[str, ...], are_types_required: bool
) -> Tagging:
    """Check the tags that `holder` is to have, and count what it takes up and leaves.

    While the vocabulary has no tag, tags are free text; from its first tag on, those that are taken up must exist. The
    decision must hold the vocabulary: no tag can be created or deleted, nor a type made required, behind its back.
    Raises TagNotFound and, where types are required, RequiredTagTypeMissing.
    """
    stream, vocabulary = load_vocabulary(ledger)
    taken_up = tuple(tag for tag in after if tag not in before)
    if vocabulary.tags:
        vocabulary.require_tags(taken_up)
    if are_types_required:
        vocabulary.require_types(after)
    events: list[TagUseEvent] = [TagApplied(tag_name=tag, holder=holder) for tag in taken_up]
    events += [TagTakenOff(tag_name=tag, holder=holder) for tag in before if tag not in after]
    shard = _shard(holder)
    uses = ledger.load_many(TAG_USES, [(shard, event.tag_name) for event in events])
    changes = tuple(stream.then(event) for stream, event in zip(uses, events, strict=True))
    return Tagging(changes, held=(stream,))


def uses_of(ledger: Ledger, tag_name: str) -> tuple[int, tuple[Stream[int], ...]]:
    """How many hold the tag, and the streams that a decision on that number must hold."""
    streams = ledger.load_many(TAG_USES, [(str(shard), tag_name) for shard in range(SHARDS)])
    return sum(stream.state or 0 for stream in streams), tuple(streams)


def load_vocabulary(ledger: Ledger) -> tuple[Stream[Vocabulary], Vocabulary]:
    """The vocabulary and its stream; there is always one, at first without words."""
    stream = ledger.load(VOCABULARY)
    return stream, stream.state or Vocabulary()


def _shard(holder: str) -> str:
    return str(stream_id("tag-holder", holder).int % SHARDS)


def _evolve(uses: int | None, event: TagUseEvent) -> int:
    return (uses or 0) + (1 if isinstance(event, TagApplied) else -1)


TAG_USES = Aggregate("tag-uses", _evolve, is_kept=True)
