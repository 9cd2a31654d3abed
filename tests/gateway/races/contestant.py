"""A process of sixteen writers that give their commands at once: `contestant.py URL CONTEST FIRST`.

It says `ready`, waits for a line, and then writes how each of its commands ended, as a list in JSON: null for one that
was carried out, or the name of the refusal.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

from domain.assets.commands import archive_asset
from domain.assets.versions import create_asset_version
from domain.errors import Contended, DomainError
from domain.files.lifecycle import archive_files
from domain.ledger import Ledger
from domain.links.commands import create_asset_link
from domain.links.events import RelationshipType
from domain.links.link import AssetKey
from domain.tags.commands import delete_tag
from domain.uploads.acceptance import CompletedFile
from domain.uploads.commands import DeclaredFile, complete_upload, plan_upload, start_upload
from domain.uploads.events import UploadType
from gateway.ledger.opening import open_ledger
from tests.domain.library import given_asset, order, stored

WRITERS = 32
IN_A_PROCESS = 16
SHOT = ("shows", "shot_010")
FILE = "a.exr"


def version(ledger: Ledger, writer: int) -> None:
    """Everybody makes a version of one asset."""
    create_asset_version(ledger, *SHOT, comment=f"by {writer}", order=order())


def ring(ledger: Ledger, writer: int) -> None:
    """Each links one asset to the next, and the last to the first."""
    ends = [AssetKey("shows", f"a{number % WRITERS}") for number in (writer, writer + 1)]
    kind = RelationshipType.PARENT_CHILD
    create_asset_link(ledger, str(uuid4()), from_asset=ends[0], to_asset=ends[1], relationship_type=kind, order=order())


def tag(ledger: Ledger, writer: int) -> None:
    """One in eight deletes the tag that the others give to new assets."""
    if writer % 8 == 5:
        delete_tag(ledger, "hero", order=order())
    else:
        given_asset(ledger, f"new {writer}", tags=("hero",))


def asset(ledger: Ledger, writer: int) -> None:
    """One in eight archives the asset that the others upload to."""
    if writer % 8 == 5:
        archive_asset(ledger, *SHOT, order=order())
    else:
        complete(ledger, writer, path=f"{writer}.exr")


def file(ledger: Ledger, writer: int) -> None:
    """One in eight archives the file that the others upload anew."""
    if writer % 8 == 5:
        archive_files(ledger, *SHOT, paths=[FILE], order=order())
    else:
        complete(ledger, writer, path=FILE)


CONTESTS = {contest.__name__: contest for contest in (version, ring, tag, asset, file)}


def start(ledger: Ledger, writer: int, *, path: str) -> None:
    """Open the upload session of a writer."""
    declared = [DeclaredFile(path, 1000)]
    _, planned = plan_upload(ledger, *SHOT, upload_type=UploadType.ASSET_FILE, files=declared)
    start_upload(
        ledger,
        f"upload-{writer}",
        asset=SHOT,
        upload_type=UploadType.ASSET_FILE,
        s3_bucket="media",
        files=planned,
        lifetime=timedelta(days=7),
        order=order(),
    )


def complete(ledger: Ledger, writer: int, *, path: str) -> None:
    """Complete it."""
    done = CompletedFile(path, stored(path, f"by-{writer}"))
    complete_upload(ledger, f"upload-{writer}", files=[done], order=order())


def _given(command: Callable[[Ledger, int], None], ledger: Ledger, writer: int) -> str | None:
    while True:
        try:
            command(ledger, writer)
        except Contended:
            continue
        except DomainError as error:
            return type(error).__name__
        return None


def _main(url: str, contest: str, first: int) -> None:
    at_once = Barrier(IN_A_PROCESS)

    def give(writer: int) -> str | None:
        at_once.wait()
        return _given(CONTESTS[contest], log.ledger, writer)

    with open_ledger(url) as log, ThreadPoolExecutor(IN_A_PROCESS) as pool:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        sys.stdout.write(json.dumps(list(pool.map(give, range(first, first + IN_A_PROCESS)))) + "\n")


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
