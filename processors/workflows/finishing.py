"""After the last step: puts the outputs where their files are, and records them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from domain.assets.commands import load_asset
from domain.errors import DomainError
from domain.executions.convention import Entries, entries_in, kind_of
from domain.executions.events import ExecutionFile, OutputKind
from domain.executions.execution import Execution
from domain.executions.recording import check_outputs, record_outputs
from domain.files.events import StoredObject
from domain.files.paths import check_key
from domain.ledger import Ledger
from processors.objects.errors import ObjectMissing
from processors.objects.marks import COPIED_FROM, EXECUTION
from processors.objects.store import ObjectStore
from processors.uploads.complete import stored_object
from processors.workflows.jobs import StepJob
from processors.workflows.staging import PARALLEL_CALLS, Staging

MAX_DOCUMENT_BYTES = 16 << 20
DOCUMENTS = frozenset({OutputKind.METADATA, OutputKind.ATTRIBUTES})


@dataclass(frozen=True)
class Finishing:
    """Records what an execution made. One that is run again copies only what is not on top yet, and records once."""

    ledger: Ledger
    objects: ObjectStore
    staging: Staging

    def finish(self, job: StepJob, execution: Execution) -> None:
        """Make files and entries of the outputs. Raises OutputInvalid, and leaves the asset as it was."""
        outputs = _outputs(execution)
        documents = [file for file in outputs if kind_of(file.path) in DOCUMENTS]
        files = [file for file in outputs if kind_of(file.path) not in DOCUMENTS]
        entries = self._entries(execution, documents)
        staged = {file.path: file.stored for file in files}
        if not check_outputs(self.ledger, job.execution_id, job.at, staged=staged, entries=entries):
            return
        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            copies = list(pool.map(lambda file: self._placed(execution, file), files))
        placed = {file.path: stored for file, stored in zip(files, copies, strict=True)}
        try:
            outcome = record_outputs(
                self.ledger, job.execution_id, job.at, placed=placed, entries=entries, order=job.order()
            )
        except DomainError:
            self._take_back(placed)
            raise
        if not outcome.result:
            self._take_back(placed)
            return
        self.staging.erase([file for made in execution.outputs for file in made])

    def _entries(self, execution: Execution, documents: Sequence[ExecutionFile]) -> list[Entries]:
        def read(file: ExecutionFile) -> list[Entries]:
            content = self.staging.read(file, most=MAX_DOCUMENT_BYTES)
            return entries_in(execution.request, file.path, content)

        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            return [part for parts in pool.map(read, documents) for part in parts]

    def _placed(self, execution: Execution, file: ExecutionFile) -> StoredObject:
        """The output's bytes as the latest object version at the key of its file."""
        request = execution.request
        _, asset = load_asset(self.ledger, request.database_id, request.asset_id)
        bucket, key = file.stored.s3_bucket, check_key(f"{asset.asset_location}{file.path}", field=("outputs",))
        mark = file.stored.s3_version_id
        try:
            top = self.objects.head(bucket, key)
        except ObjectMissing:
            top = None
        if top is None or top.metadata.get(COPIED_FROM) != mark:
            metadata = {
                EXECUTION: request.execution_id,
                "interneg-workflow": f"{request.workflow_database_id}:{request.workflow_id}",
                COPIED_FROM: mark,
            }
            top = self.objects.copy(
                bucket, file.stored.s3_key, version_id=file.stored.s3_version_id, to_key=key, metadata=metadata
            )
        return stored_object(top)

    def _take_back(self, placed: dict[str, StoredObject]) -> None:
        for stored in placed.values():
            self.objects.delete_version(stored.s3_bucket, stored.s3_key, version_id=stored.s3_version_id)


def _outputs(execution: Execution) -> list[ExecutionFile]:
    """The outputs of every step; of one path that several steps wrote, the last."""
    return list({file.path: file for made in execution.outputs for file in made}.values())
