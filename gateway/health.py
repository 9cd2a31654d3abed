"""Liveness, readiness and metrics."""

from __future__ import annotations

import asyncio
import logging

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from gateway.consumers.status import FollowerState, Status
from gateway.errors import AWAY
from gateway.services import Services

logger = logging.getLogger(__name__)
UNREADY = (FollowerState.STOPPED, FollowerState.FAILED)


def health_routes(services: Services) -> list[Route]:
    """`/livez`, `/readyz`, `/readyz/gateway` and `/metrics`."""

    async def livez(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        checks = await readiness(services)
        ready = all(check == "ok" for check in checks.values())
        return JSONResponse({"ready": ready, "checks": checks}, status_code=200 if ready else 503)

    async def ready_to_serve(_: Request) -> Response:
        checks = await gateway_readiness(services)
        ready = all(check == "ok" for check in checks.values())
        return JSONResponse({"ready": ready, "checks": checks}, status_code=200 if ready else 503)

    async def metrics(_: Request) -> Response:
        try:
            statuses = await asyncio.to_thread(services.status)
        except AWAY as error:
            logger.warning("The database does not answer, so /metrics lacks what it knows: %s", error)
            statuses = None
        return Response(exposition(services, statuses), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/livez", livez),
        Route("/readyz", readyz),
        Route("/readyz/gateway", ready_to_serve),
        Route("/metrics", metrics),
    ]


async def gateway_readiness(services: Services) -> dict[str, str]:
    """The same of this process alone: a follower that stands still is no reason to send requests elsewhere."""
    checks = await readiness(services)
    return {name: checks[name] for name in ("log", "database")}


async def readiness(services: Services) -> dict[str, str]:
    """`ok`, or what is wrong, by part."""
    checks = {
        "log": "ok" if services.feed.healthy else f"The log cannot be followed: {services.feed.last_error}",
        "jobs": services.job_failure() or "ok",
    }
    try:
        statuses = await asyncio.to_thread(services.status)
    except Exception as error:  # noqa: BLE001 - readiness reports whatever is wrong
        return {**checks, "database": f"The database does not answer: {error}"}
    return {**checks, "database": "ok", **{status.name: _check(status) for status in statuses}}


def exposition(services: Services, statuses: list[Status] | None) -> bytes:
    """Prometheus text; of followers and the log nothing where their statuses are None, as the database is away."""
    registry = CollectorRegistry()
    database = Gauge("interneg_database_up", "1 while the database answers.", registry=registry)
    database.set(statuses is not None)
    if statuses is not None:
        _expose(statuses, registry)
    statements = Gauge("interneg_read_statements", "Planned statements run since start.", registry=registry)
    statements.set(services.reader.statements)
    subscriptions = Gauge("interneg_subscriptions", "Subscriptions that follow the log now.", registry=registry)
    subscriptions.set(services.broadcast.followers)
    return generate_latest(registry)


def _expose(statuses: list[Status], registry: CollectorRegistry) -> None:
    gauges = {
        name: Gauge(f"interneg_follower_{name}", text, ["name"], registry=registry)
        for name, text in {
            "position": "Log position the follower has reached.",
            "lag_events": "Events between the follower and the head of the log.",
            "lag_seconds": "Age of the oldest event that the follower has not applied.",
            "generation": "Generation of the live print.",
            "is_failing": "1 while the follower is stopped or failing.",
        }.items()
    }
    for status in statuses:
        gauges["position"].labels(status.name).set(status.position)
        gauges["lag_events"].labels(status.name).set(status.head - status.position)
        gauges["lag_seconds"].labels(status.name).set(status.lag_seconds)
        gauges["generation"].labels(status.name).set(status.generation)
        gauges["is_failing"].labels(status.name).set(status.state in UNREADY)
    head = Gauge("interneg_log_head_position", "Newest position of the log.", registry=registry)
    head.set(max((status.head for status in statuses), default=0))


def _check(status: Status) -> str:
    if status.state in UNREADY:
        return f"{status.state} at position {status.failed_position or status.position}: {status.failure}"
    return "ok"
