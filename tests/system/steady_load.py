"""Commands without end, on several threads, each of which knows what its own assets must look like afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from random import Random
from threading import Condition, Thread
from typing import Any

from tests.system import pictures
from tests.system.client import COMPLETE, START
from tests.system.loading import SET_METADATA
from tests.system.patience import Patient

DATABASE = "drill"
WRITERS = 3
PAUSE_SECONDS = 0.3
KEPT = 40
"""Assets that a writer goes on changing; it lets go of the oldest."""
CREATE, UPDATE, ARCHIVE, UNARCHIVE, DELETE = (
    f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input)"
    " { position errors { code message path } } }"
    for name in ("createAsset", "updateAsset", "archiveAsset", "unarchiveAsset", "deleteAssetPermanently")
)
CREATE_DATABASE = """mutation($input: CreateDatabaseInput!) { createDatabase(input: $input) {
  position errors { code message path } } }"""


@dataclass
class Expected:
    """An asset as the server has acknowledged it."""

    asset_name: str
    entry: str | None = None
    is_archived: bool = False
    files: int = 0


class Writer:
    """One thread's assets; its commands depend on no other writer's."""

    def __init__(self, patient: Patient, number: int, random: Random) -> None:
        self._patient = patient
        self._number = number
        self._random = random
        self._keys = count()
        self._kept: list[str] = []
        self.assets: dict[str, Expected] = {}
        self.deleted: set[str] = set()
        self.commands = 0

    def write(self) -> None:
        """Carry out the next command."""
        choices: list[Callable[[str], None]] = [self._rename, self._rename, self._describe, self._archive, self._delete]
        if len(self._kept) < KEPT // 4 or self._random.random() < 0.3:
            self._create()
        elif self._random.random() < 0.04:
            self._upload(self._random.choice(self._kept))
        else:
            self._random.choice(choices)(self._random.choice(self._kept))
        self.commands += 1

    def _create(self) -> None:
        key = next(self._keys)
        asset_id, name = f"w{self._number}-{key}", f"robot {self._number} {key}"
        self._do(CREATE, assetId=asset_id, assetName=name, description="struck by a drill", isDistributable=True)
        self.assets[asset_id] = Expected(name)
        self._kept = [*self._kept[-KEPT + 1 :], asset_id]

    def _rename(self, asset_id: str) -> None:
        if self.assets[asset_id].is_archived:
            return
        name = f"turntable {self._random.randrange(1000)}"
        if name != self.assets[asset_id].asset_name:
            self._do(UPDATE, assetId=asset_id, assetName=name)
            self.assets[asset_id].asset_name = name

    def _describe(self, asset_id: str) -> None:
        if self.assets[asset_id].is_archived:
            return
        value = str(self._random.randrange(10**9))
        owner = {"databaseId": DATABASE, "assetId": asset_id}
        self._patient.mutate(
            SET_METADATA, until_visible=False, owner=owner, entries=[{"key": "take", "value": value}], **self._key()
        )
        self.assets[asset_id].entry = value

    def _archive(self, asset_id: str) -> None:
        expected = self.assets[asset_id]
        self._do(UNARCHIVE if expected.is_archived else ARCHIVE, assetId=asset_id)
        expected.is_archived = not expected.is_archived

    def _delete(self, asset_id: str) -> None:
        if self.assets[asset_id].files:
            return
        self._do(DELETE, assetId=asset_id, reason="a drill", confirmPermanentDelete=True)
        self.assets.pop(asset_id)
        self.deleted.add(asset_id)
        self._kept.remove(asset_id)

    def _upload(self, asset_id: str) -> None:
        if self.assets[asset_id].is_archived:
            return
        body = pictures.png(self._random)
        path = f"still-{self.assets[asset_id].files}.png"
        files = [{"path": path, "sizeBytes": len(body)}]
        upload = self._do(START, until_visible=True, assetId=asset_id, files=files)["upload"]
        sent = [self._patient.send(file, body) for file in upload["files"]]
        self._patient.mutate(COMPLETE, until_visible=False, uploadId=upload["uploadId"], files=sent, **self._key())
        self.assets[asset_id].files += 1

    def _do(self, document: str, *, until_visible: bool = False, **given: Any) -> Any:
        return self._patient.mutate(document, until_visible=until_visible, databaseId=DATABASE, **given, **self._key())

    def _key(self) -> dict[str, str]:
        return {"idempotencyKey": f"writer {self._number}, call {next(self._keys)}"}


@dataclass
class SteadyLoad:
    """Writers that can be held between two commands."""

    writers: list[Writer]
    failures: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._changed = Condition()
        self._held = False
        self._ended = False
        self._busy = 0

    @property
    def commands(self) -> int:
        return sum(writer.commands for writer in self.writers)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Every command so far is acknowledged, and no other begins, until the block ends."""
        with self._changed:
            self._held = True
            self._changed.wait_for(lambda: not self._busy)
        self.check()
        yield
        with self._changed:
            self._held = False
            self._changed.notify_all()

    def check(self) -> None:
        """Raise what a writer met."""
        if self.failures:
            raise self.failures[0]

    def run(self, writer: Writer) -> None:
        """Write until the load ends."""
        try:
            while self._may_go_on():
                try:
                    writer.write()
                finally:
                    with self._changed:
                        self._busy -= 1
                        self._changed.notify_all()
                time.sleep(PAUSE_SECONDS)
        except BaseException as failure:  # noqa: BLE001 - raised by check() on the test's thread
            self.failures.append(failure)

    def end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _may_go_on(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._ended or not self._held)
            self._busy += not self._ended
            return not self._ended


@contextmanager
def steady_load(url: str, random: Random) -> Iterator[SteadyLoad]:
    """Writers that begin with the block and end with it."""
    patient = Patient(url)
    patient.mutate(CREATE_DATABASE, until_visible=False, databaseId=DATABASE, description="for a drill")
    load = SteadyLoad([Writer(patient, number, Random(random.random())) for number in range(WRITERS)])
    threads = [Thread(target=load.run, args=(writer,), name=f"writer {writer}") for writer in load.writers]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.end()
        patient.close()
        for thread in threads:
            thread.join()
