"""What a kind of lifecycle job is: the events that call for it, and the jobs they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.cause import ActorKind, Cause, Order
from domain.event import Recorded

NAME = "lifecycle"
"""The processor's name: the follower, and the actor of what its jobs record."""

PRIORITY = 10
"""Above media jobs, of which one upload can add thousands: people wait for what they asked for."""


@dataclass(frozen=True)
class WantedJob:
    """A job to enqueue. Those with one lock run one at a time, in the order they were wanted, whatever their kind."""

    lock: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class JobKind:
    """One kind of job; `name` is its queue's, which composition gives a worker."""

    name: str
    wanted: Callable[[Sequence[Recorded]], Sequence[WantedJob]]
    """The jobs that a batch of the log calls for, in its order."""


def asset_lock(database_id: str, asset_id: str) -> str:
    """The lock of every job that touches the objects of an asset."""
    return f"{NAME}:{database_id}/{asset_id}"


def answering(*, position: int, correlation_id: str) -> Order:
    """The order of a command that a job ends with: the processor acts, in the correlation of what it answers."""
    cause = Cause(
        actor_kind=ActorKind.PROCESSOR,
        actor_id=NAME,
        correlation_id=correlation_id,
        at=datetime.now(UTC),
        causation_position=position,
    )
    return Order(cause=cause)
