"""Who does what when: everything that is drawn by lot, and the clock, so that a seed decides the whole log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

from domain.cause import ActorKind, Cause, Order
from domain.ledger import Ledger
from domain.metadata import MetadataEntry, MetadataValueType

T = TypeVar("T")

FIRST_DAY = datetime(2025, 1, 6, 8, tzinfo=UTC)
ARTISTS = ("ada", "bo", "chandra", "dewi", "emil", "farah", "goran", "hana", "ines", "jun", "kofi", "lena")
MEDIA = "media"
"""The name of the processor that asks for pictures and makes them."""


@dataclass(frozen=True)
class Asset:
    """An asset that somebody works on."""

    database_id: str
    asset_id: str
    s3_bucket: str
    location: str

    @property
    def key(self) -> tuple[str, str]:
        """Database and asset id."""
        return self.database_id, self.asset_id


class Desk:
    """Gives orders at times that only go forward."""

    def __init__(self, ledger: Ledger, seed: int) -> None:
        self.ledger = ledger
        self.lot = Random(seed)  # noqa: S311  nothing here is a secret
        self._now = FIRST_DAY

    def someone(self) -> Order:
        """An order of a person or of the render farm, a while after the one before."""
        name = self.lot.choice(ARTISTS)
        kind, actor = (ActorKind.USER, name) if self.lot.random() < 0.8 else (ActorKind.API_KEY, "farm")
        cause = Cause(actor_kind=kind, actor_id=actor, correlation_id=self.uuid(), at=self.passing(90))
        return Order(cause=cause)

    def media(self, order: Order, position: int) -> Order:
        """The order by which the media processor answers the event at a position."""
        cause = Cause(
            actor_kind=ActorKind.PROCESSOR,
            actor_id=MEDIA,
            correlation_id=order.cause.correlation_id,
            at=self.passing(0.2),
            causation_position=position,
        )
        return Order(cause=cause)

    def passing(self, seconds: float) -> datetime:
        """The time now, up to so many seconds later than it was."""
        self._now += timedelta(microseconds=1 + self.lot.randrange(int(seconds * 1_000_000)))
        return self._now

    def whole_second(self) -> datetime:
        """The time now as an object store tells it."""
        return self._now.replace(microsecond=0)

    def uuid(self) -> str:
        """A UUID of this seed."""
        return str(UUID(int=self.lot.getrandbits(128), version=4))

    def hex(self, digits: int) -> str:
        """Lower-case hex digits."""
        return f"{self.lot.getrandbits(digits * 4):0{digits}x}"

    def chance(self, share: float) -> bool:
        """True for this share of the times it is asked."""
        return self.lot.random() < share

    def some(self, things: Sequence[T], share: float) -> list[T]:
        """About this share of the things, in their order."""
        return [thing for thing in things if self.chance(share)]


def text(key: str, value: str) -> MetadataEntry:
    """An entry of text."""
    return MetadataEntry(key=key, value=value)


def typed(key: str, value: object, value_type: MetadataValueType) -> MetadataEntry:
    """An entry of another type."""
    return MetadataEntry(key=key, value=str(value), value_type=value_type)
