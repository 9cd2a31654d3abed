"""Wait until every file of the demo library has its thumbnail, and until every print shows it."""

from __future__ import annotations

import time
from collections.abc import Callable

from gateway.demo import library
from gateway.demo.api import Api, DemoNotLoaded

POLL_SECONDS = 0.5
PATIENCE_SECONDS = 120.0
"""How long it may stand still before something must be wrong."""
THUMBNAILS = """query($databaseId: String!) { assets(databaseId: $databaseId) { edges { node {
  files(first: 100) { edges { node { path rendition(kind: THUMBNAIL) { state failure } } } } } } } }"""

PRINTS = "{ projections { name position head } }"


class ThumbnailFailed(DemoNotLoaded):
    """A picture of the library could not be made."""

    def __init__(self, path: str, failure: str) -> None:
        super().__init__(f"The thumbnail of {path} could not be made: {failure}")


class ThumbnailsStandStill(DemoNotLoaded):
    """No thumbnail was made for a while."""

    def __init__(self, *, ready: int, total: int) -> None:
        super().__init__(
            f"{ready} of {total} thumbnails were made and no other for {PATIENCE_SECONDS:.0f} s: is anyone working? "
            "A server started with --no-work needs `interneg work` beside it."
        )


class PrintsStandStill(DemoNotLoaded):
    """A follower of the log did not catch up."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"{', '.join(names)} did not catch up within {PATIENCE_SECONDS:.0f} s: "
            "`interneg projections list` says why."
        )


def await_thumbnails(api: Api, tell: Callable[[int, int], None]) -> None:
    """Return when all are ready; tell(ready, total) at each look. Raises ThumbnailFailed, ThumbnailsStandStill."""
    reached, since = -1, time.monotonic()
    while True:
        states = _states(api)
        ready = states.count("READY")
        tell(ready, len(states))
        if ready == len(states):
            return
        if ready > reached:
            reached, since = ready, time.monotonic()
        elif time.monotonic() - since > PATIENCE_SECONDS:
            raise ThumbnailsStandStill(ready=ready, total=len(states))
        time.sleep(POLL_SECONDS)


def await_prints(api: Api) -> None:
    """Return when search and the other prints show everything recorded until now. Raises PrintsStandStill."""
    head = max(int(one["head"]) for one in api.query(PRINTS))
    since = time.monotonic()
    while behind := [one["name"] for one in api.query(PRINTS) if int(one["position"]) < head]:
        if time.monotonic() - since > PATIENCE_SECONDS:
            raise PrintsStandStill(behind)
        time.sleep(POLL_SECONDS)


def _states(api: Api) -> list[str]:
    assets = api.query(THUMBNAILS, databaseId=library.DATABASE)["edges"]
    files = [edge["node"] for asset in assets for edge in asset["node"]["files"]["edges"]]
    for file in files:
        thumbnail = file["rendition"]
        if thumbnail and thumbnail["state"] == "FAILED":
            raise ThumbnailFailed(file["path"], thumbnail["failure"])
    return [file["rendition"]["state"] if file["rendition"] else "AWAITED" for file in files]
