"""What resolvers see of a request: who asks, the live services, and how commands are ordered and reads awaited."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

import orjson
import strawberry
from graphql import GraphQLResolveInfo

from domain.cause import ActorKind, Cause, Order
from domain.errors import DomainError
from domain.stream import Outcome
from gateway.errors import AWAY, UserError, said_of_away, unavailable, user_errors
from gateway.graphql.errors import DATABASE_AWAY, ClientError
from gateway.ledger.errors import LedgerUnavailable
from gateway.reads.run import Behind
from gateway.scalars import Position
from gateway.services import Services

T = TypeVar("T")
AGAIN_SECONDS = 0.1
"""How soon a read that came too early after a crash is repeated."""


@dataclass(frozen=True)
class Principal:
    """Who asks."""

    kind: ActorKind
    id: str

    @property
    def actor(self) -> str:
        """Kind and id in one string, as causes have it."""
        return f"{self.kind}:{self.id}"


@dataclass
class Told:
    """Up to which position of the log a caller was told that reads show everything."""

    position: int = 0


@dataclass(frozen=True)
class Context:
    """One request, or one WebSocket connection."""

    services: Services
    principal: Principal
    request_id: str = field(default_factory=lambda: str(uuid4()))
    told: Told = field(default_factory=Told)

    def order(self, name: str, arguments: Any) -> Order:
        """The order of a mutation: its cause, and the idempotency key and expected revision of its input."""
        given = asdict(arguments)
        key = given.pop("idempotency_key", None)
        cause = Cause(
            actor_kind=self.principal.kind,
            actor_id=self.principal.id,
            correlation_id=self.request_id,
            at=datetime.now(UTC),
        )
        return Order(
            cause=cause,
            idempotency_key=key,
            fingerprint=_fingerprint(name, given) if key else "",
            expected_revision=given.get("expected_revision"),
        )

    async def run(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Do blocking work on the bounded pool of command threads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.services.commands, partial(work, *args, **kwargs))

    async def read(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Do blocking work that only reads. Raises ClientError UNAVAILABLE while the database or store is away."""
        try:
            return await self.run(work, *args, **kwargs)
        except LedgerUnavailable as error:
            raise ClientError(DATABASE_AWAY, "UNAVAILABLE") from error
        except AWAY as error:
            raise ClientError(said_of_away(error), "UNAVAILABLE") from error

    async def carry_out(self, command: Callable[..., Outcome], *args: Any, **kwargs: Any) -> Done:
        """Give a command, then wait a bounded time until reads show what it did."""
        try:
            outcome: Outcome = await self.run(command, self.services.ledger, *args, **kwargs)
        except DomainError as error:
            return Done(errors=user_errors(error))
        except AWAY as error:
            return Done(errors=[unavailable(error)])
        visible = await self._reached(outcome.position)
        return Done(position=Position(outcome.position), result=dict(outcome.result), is_visible=visible)

    async def wait_for(self, position: int | None, *, follower: str = "tables") -> None:
        """Return when reads show everything up to the position. Raises ClientError UNAVAILABLE when not in time."""
        if position is not None and not await self._reached(position, follower):
            raise self._late(position, follower)

    async def shown(self, position: int) -> bool:
        """Whether reads show everything up to the position, however long that takes; False once the server ends."""
        while not self.services.broadcast.is_closed:
            if await self._reached(position):
                return True
        return False

    async def as_told(self, read: Callable[..., Awaitable[T]]) -> T:
        """What a read finds where the tables show all that this caller was told they show.

        A crash of the database may take back for a moment what was shown. Raises ClientError UNAVAILABLE.
        """
        tries = max(1, round(self.services.settings.read_wait_seconds / AGAIN_SECONDS))
        for _ in range(tries):
            with suppress(Behind):
                return await read(at_least=self.told.position)
            await asyncio.sleep(AGAIN_SECONDS)
        raise self._late(self.told.position, "tables")

    async def _reached(self, position: int, follower: str = "tables") -> bool:
        reached = await self.services.reached(position, follower)
        if reached and follower == "tables":
            self.told.position = max(self.told.position, position)
        return reached

    def _late(self, position: int, follower: str) -> ClientError:
        return ClientError(
            f"{follower} has not reached position {position} within {self.services.settings.read_wait_seconds} s: "
            "try again, or ask for an earlier position, or for none.",
            "UNAVAILABLE",
        )


@dataclass(frozen=True)
class Done:
    """What became of a command: a position and result, or errors."""

    position: Position | None = None
    result: dict[str, str] = field(default_factory=dict)
    errors: list[UserError] = field(default_factory=list)
    is_visible: bool = False


Info = strawberry.Info[Context, None]


def graphql_info(info: Info) -> GraphQLResolveInfo[Any]:
    """graphql-core's own info, which plans are made from."""
    raw: GraphQLResolveInfo[Any] = info._raw_info
    return raw


def _fingerprint(name: str, given: dict[str, Any]) -> str:
    text = orjson.dumps([name, given], option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(text).hexdigest()
