"""Which moment of the past a read is of: checked, waited for, and found in the log."""

from __future__ import annotations

from datetime import UTC, datetime

import strawberry

from domain.errors import Invalid
from gateway.context import Context
from gateway.reads.plan import Plan
from gateway.scalars import Position, format_datetime


@strawberry.input(
    description="A moment of the past, by exactly one of its two fields. Before the first event there is nothing; what"
    " lies in the future is refused."
)
class AsOf:
    """A moment of the past."""

    position: Position | None = strawberry.field(
        default=None, description="The state right after this event; waited for where reads have not come so far."
    )
    time: datetime | None = strawberry.field(
        default=None, description="The state when the log had reached this instant: before the first later event."
    )


MOMENT = (
    "WITH moment AS (SELECT coalesce((SELECT l.position FROM log_index l WHERE l.clock <= {moment}"
    " ORDER BY l.clock DESC, l.position DESC LIMIT 1), 0) AS position) "
)
HAS_PASSED = "SELECT EXISTS (SELECT FROM log_index l WHERE l.clock > %(moment)s)"


async def reach(context: Context, as_of: AsOf) -> None:
    """Return when the tables show the moment. Raises Invalid for one that is none or has not come yet, and
    ClientError UNAVAILABLE when the tables do not come to it in time.
    """
    if (as_of.position is None) == (as_of.time is None):
        raise Invalid("asOf takes exactly one of position and time.", path=("asOf",))
    if as_of.time is not None:
        await _reach_time(context, as_of.time)
    elif as_of.position is not None:
        await _check_passed(context, as_of.position)
        await context.wait_for(as_of.position)


async def _check_passed(context: Context, position: int) -> None:
    if position <= context.services.positions.reached("tables"):
        return
    head = await context.read(context.services.feed.newest)
    if position > head:
        raise Invalid(
            f"asOf.position {position} lies in the future: the log ends at position {head}.",
            path=("asOf", "position"),
        )


async def _reach_time(context: Context, time: datetime) -> None:
    now = datetime.now(UTC)
    if time > now:
        raise Invalid(
            f"asOf.time {format_datetime(time)} lies in the future: it is {format_datetime(now)} here.",
            path=("asOf", "time"),
        )
    head = await context.read(context.services.feed.newest)
    if head > context.services.positions.reached("tables"):
        (has_passed,) = await context.services.reader.row(HAS_PASSED, {"moment": time}) or (False,)
        if not has_passed:
            await context.wait_for(head)


def look_back(plan: Plan, as_of: AsOf) -> None:
    """Make the plan read the state of the moment."""
    if as_of.position is not None:
        plan.as_of = plan.bind(as_of.position, "bigint")
        return
    plan.prelude = MOMENT.format(moment=plan.bind(as_of.time, "timestamptz"))
    plan.as_of = "(SELECT moment.position FROM moment)"
