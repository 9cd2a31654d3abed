"""The roster: which assets a database ever had active, in parts, so that assets are created without contention.

Creating or unarchiving an asset appends to one part, deleting the database appends to all of them. So of a deletion
and a creation that race, the event store lets only one through, while two creations rarely meet in one part.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from domain.databases.events import AssetEnrolled, RosterClosed, RosterEvent
from domain.ledger import Ledger
from domain.stream import Aggregate, Change, Stream

PARTS = 64
Names = frozenset[str]


def enrolment(ledger: Ledger, database_id: str, asset_id: str) -> Change:
    """The change that has to be appended together with what makes the asset active."""
    part = _part(asset_id)
    stream = ledger.load(ROSTERS, database_id, str(part))
    return stream.then(AssetEnrolled(database_id=database_id, part=part, asset_id=asset_id))


def enrolments(ledger: Ledger, assets: Sequence[tuple[str, str]]) -> list[Change]:
    """The changes that have to be appended together with what makes these (database id, asset id) active."""
    events: dict[tuple[str, str], list[AssetEnrolled]] = {}
    for database_id, asset_id in assets:
        event = AssetEnrolled(database_id=database_id, part=_part(asset_id), asset_id=asset_id)
        events.setdefault((database_id, str(event.part)), []).append(event)
    streams = ledger.load_many(ROSTERS, events)
    return [stream.then(*enrolled) for stream, enrolled in zip(streams, events.values(), strict=True)]


def roster(ledger: Ledger, database_id: str) -> list[Stream[Names]]:
    """All parts of the roster, by number."""
    return ledger.load_many(ROSTERS, [(database_id, str(part)) for part in range(PARTS)])


def closing(database_id: str, parts: list[Stream[Names]]) -> list[Change]:
    """Changes that fail when an asset was enrolled after the parts were read."""
    return [stream.then(RosterClosed(database_id=database_id, part=part)) for part, stream in enumerate(parts)]


def _part(asset_id: str) -> int:
    return crc32(asset_id.encode(errors="backslashreplace")) % PARTS


def _evolve(names: Names | None, event: RosterEvent) -> Names:
    return (names or frozenset()) | {event.asset_id} if isinstance(event, AssetEnrolled) else names or frozenset()


ROSTERS: Aggregate[Names] = Aggregate("roster", _evolve)
