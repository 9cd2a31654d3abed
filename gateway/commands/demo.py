"""interneg demo: load the demo library through a running gateway, and say what to open; or generate a large log."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from gateway import composition, database
from gateway.demo.api import Api, DemoNotLoaded
from gateway.demo.loading import load
from gateway.demo.progress import bar
from gateway.demo.queries import TO_TRY
from gateway.demo.studio.aside import standing_aside
from gateway.demo.studio.generate import generate
from gateway.demo.waiting import await_prints, await_thumbnails
from gateway.settings import Settings


def demo(settings: Settings, arguments: argparse.Namespace) -> int:
    """Load the library, 1 when it can't be loaded; or with `events`, generate a log."""
    if arguments.events:
        return grow(settings, events=arguments.events, seed=arguments.seed)
    return load_and_tell(arguments.url, settings.api_key)


def grow(settings: Settings, *, events: int, seed: int) -> int:
    """Append at least so many events of this seed to the log, while no gateway works on it."""
    with (
        database.visitor(settings) as database_url,
        composition.parts(settings, database_url, public_url=settings.public_url) as parts,
    ):
        bucket_id = composition.prepare(parts)
        with (
            standing_aside(parts.followers, parts.log, parts.pool),
            bar("generating events", Console(stderr=True)) as tell,
        ):
            made = generate(parts.log.recorder, bucket_id, events=events, seed=seed, tell=tell)
    rate = made.events / made.seconds
    sys.stdout.write(
        f"Generated {made.events} events in {made.seconds:.0f} s ({rate:.0f}/s); the log's head is at position "
        f"{made.last_position}. Bring the projections up to it with `interneg projections rebuild`.\n"
    )
    return 0


def load_and_tell(url: str, api_key: str) -> int:
    """Load the library, wait for its thumbnails, and write what to try; 1, and the reason, when it can't be."""
    console = Console(stderr=True)
    api = Api(url, api_key)
    try:
        load(api, lambda line: console.print(f"demo: {line}", highlight=False))
        with bar("demo: thumbnails", console) as tell:
            await_thumbnails(api, tell)
        await_prints(api)
    except DemoNotLoaded as error:
        sys.stderr.write(f"interneg: the demo library is not loaded. {error}\n")
        return 1
    sys.stdout.write(told(api.url))
    sys.stdout.flush()
    return 0


def told(url: str) -> str:
    """What to open and what to paste there."""
    queries = "\n\n".join(f"# {title}\n{query}" for title, query in TO_TRY.items())
    return f"\nThe demo library is loaded. Open {url}/graphiql and try:\n\n{queries}\n"
