"""Robotics: recorded runs of vehicles, with their cameras and lidars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from tests.contracts.search.library.facts import KINDS, AssetFacts, Fact, FileFacts, instant, number

VEHICLES = ("forklift", "quadruped", "delivery drone", "harvester", "warehouse shuttle")
CONDITIONS = ("fog", "low sun", "night", "drizzle", "snow", "dust", "overcast")
SENSORS = ("cam_front_left", "cam_front_right", "cam_rear", "lidar_top", "thermal_mast")
EVENTS = ("emergency stop", "lost localisation", "near miss with pedestrian", "nominal", "operator takeover")
START = datetime(2025, 4, 1, 7, 30, tzinfo=UTC)


def robots(random: Random) -> Iterator[AssetFacts]:
    """500 runs, a hundred of each vehicle."""
    for number_of_run in range(1, 501):
        yield _run(random, VEHICLES[number_of_run % len(VEHICLES)], number_of_run)


def _run(random: Random, vehicle: str, run: int) -> AssetFacts:
    sensor = random.choice(SENSORS)
    stamp = run * 37
    suffix = "pcd" if sensor.startswith("lidar") else "png"
    files = (
        FileFacts(f"{sensor}/{stamp:06}.{suffix}", random.randrange(10**5, 10**7)),
        FileFacts(f"{sensor}/{stamp + 1:06}.{suffix}", random.randrange(10**5, 10**7)),
        FileFacts(f"bags/run{run:04}.mcap", random.randrange(10**8, 10**10)),
    )
    return AssetFacts(
        database_id="robotics",
        asset_id=f"run-{run:04}",
        name=f"{vehicle.capitalize()} run {run:04}",
        description=f"{random.choice(CONDITIONS).capitalize()}, {random.choice(EVENTS)}",
        tags=("run", vehicle, *(("incident",) if run % 10 == 0 else ())),
        metadata=(
            instant("started", START + timedelta(minutes=random.randrange(300_000)), hours_east=2),
            number("distance m", random.randrange(50, 20_000)),
            number("battery", random.randrange(5, 100) / 100),
            Fact("firmware", f"v{random.randrange(1, 5)}.{random.randrange(0, 20)}"),
            Fact("license", random.choice(("CC BY 4.0", "internal_only", "internal only")), KINDS.STRING),
        ),
        files=files if run % 2 else files[:2],
    )
