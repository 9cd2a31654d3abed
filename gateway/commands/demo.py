"""interneg demo: load the demo library through a running gateway, and say what to open."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from gateway.demo.api import Api, DemoNotLoaded
from gateway.demo.loading import load
from gateway.demo.progress import bar
from gateway.demo.queries import TO_TRY
from gateway.demo.waiting import await_prints, await_thumbnails
from gateway.settings import Settings


def demo(settings: Settings, arguments: argparse.Namespace) -> int:
    """Load the library; 1 when it can't be loaded."""
    return load_and_tell(arguments.url, settings.api_key)


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
