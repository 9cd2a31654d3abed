"""Where the outputs and logs of steps wait in the store, below the asset's own prefix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from domain.assets.asset import Asset
from domain.assets.commands import load_asset
from domain.errors import DomainError
from domain.executions.convention import check_output
from domain.executions.errors import OutputInvalid
from domain.executions.events import ExecutionFile
from domain.executions.execution import Attempt, Execution
from domain.files.events import StoredObject
from domain.files.paths import WORKING_FOLDER, check_key
from domain.ledger import Ledger
from processors.objects.store import ObjectStore, ObjectVersion
from processors.uploads.complete import stored_object
from processors.uploads.start import content_type

PARALLEL_CALLS = 8
MAX_LOG_BYTES = 10 << 20
LOG_TYPE = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Staging:
    """Puts and reads what waits."""

    ledger: Ledger
    objects: ObjectStore

    def key(self, execution: Execution, at: Attempt, path: str) -> str:
        """The key of an output. Raises OutputInvalid for a path whose key would be too long."""
        try:
            return check_key(f"{self._folder(execution)}{at.attempt}/{at.step}/{path}", field=("outputs", path[:80]))
        except DomainError as error:
            raise OutputInvalid(path, f"can't be stored: {error.message}") from error

    def put(self, execution: Execution, at: Attempt, *, files: Mapping[str, Path | bytes]) -> tuple[ExecutionFile, ...]:
        """Store the outputs of a step, by path. Raises OutputInvalid before anything is stored."""
        step = execution.step
        assert step is not None
        checked = {check_output(execution.request, step, path): body for path, body in files.items()}
        keys = {path: self.key(execution, at, path) for path in checked}
        bucket = self._asset(execution).s3_bucket

        def put(path: str) -> ExecutionFile:
            version = self.objects.put(
                bucket, keys[path], checked[path], content_type=content_type(path), metadata=marks(execution)
            )
            return ExecutionFile(path=path, stored=stored_object(version))

        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            return tuple(pool.map(put, checked))

    def put_log(self, execution: Execution, at: Attempt, log: Path | bytes | None) -> StoredObject | None:
        """Store what a step printed, cut to 10 MiB; None when it printed nothing."""
        text = log.read_bytes()[: MAX_LOG_BYTES + 1] if isinstance(log, Path) and log.exists() else log
        if not isinstance(text, bytes) or not text:
            return None
        if len(text) > MAX_LOG_BYTES:
            text = text[:MAX_LOG_BYTES] + b"\n[cut here: a log has at most 10 MiB]\n"
        key = f"{self._folder(execution)}{at.attempt}/{at.step}.log"
        version = self.objects.put(
            self._asset(execution).s3_bucket, key, text, content_type=LOG_TYPE, metadata=marks(execution)
        )
        return stored_object(version)

    def read(self, file: ExecutionFile, *, most: int) -> bytes:
        """The whole content of a small output. Raises OutputInvalid for a larger one."""
        stored = file.stored
        if stored.size_bytes > most:
            raise OutputInvalid(file.path, f"has {stored.size_bytes} bytes; {most} are allowed")
        return self.objects.open_range(
            stored.s3_bucket, stored.s3_key, version_id=stored.s3_version_id, start=0, length=most
        )

    def erase(self, files: Sequence[ExecutionFile]) -> None:
        """Remove outputs that wait no longer."""

        def erase(file: ExecutionFile) -> None:
            stored = file.stored
            self.objects.delete_version(stored.s3_bucket, stored.s3_key, version_id=stored.s3_version_id)

        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            list(pool.map(erase, files))

    def bucket(self, execution: Execution) -> str:
        """The bucket of the execution's asset."""
        return self._asset(execution).s3_bucket

    def _asset(self, execution: Execution) -> Asset:
        return load_asset(self.ledger, execution.request.database_id, execution.request.asset_id)[1]

    def _folder(self, execution: Execution) -> str:
        return f"{self._asset(execution).asset_location}{WORKING_FOLDER}/{execution.request.execution_id}/"


def marks(execution: Execution) -> dict[str, str]:
    """Object metadata that names the execution."""
    return {"interneg-execution": execution.request.execution_id}


def staged(version: ObjectVersion, path: str) -> ExecutionFile:
    """An object version as the output at a path."""
    return ExecutionFile(path=path, stored=stored_object(version))
