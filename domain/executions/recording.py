"""The one transaction that makes files and entries of an execution's outputs, and ends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.assets.asset import ASSETS, Asset
from domain.assets.events import AssetEvent, AssetPreviewSet
from domain.cause import Order
from domain.errors import DomainError
from domain.executions.commands import load_execution, releases
from domain.executions.convention import ASSET, Entries, kind_of
from domain.executions.errors import OutputInvalid
from domain.executions.events import ExecutionOutput, OutputKind, WorkflowExecutionSucceeded
from domain.executions.execution import Attempt
from domain.executions.reports import ACCEPTED
from domain.files.commands import check_target
from domain.files.events import FileEvent, FileVersionObserved, StoredObject
from domain.files.file import FILES, File
from domain.ledger import Ledger
from domain.schemas.rulebook import Rulebook
from domain.stream import Change, Decision, Outcome, Stream
from domain.uploads.plan import MAX_PREVIEW_BYTES

MAX_OUTPUTS = 100_000


def check_outputs(
    ledger: Ledger,
    execution_id: str,
    attempt: Attempt,
    *,
    staged: Mapping[str, StoredObject],
    entries: Sequence[Entries],
) -> bool:
    """Whether the attempt is the one under way. Raises OutputInvalid for an output that would be refused."""
    return bool(_decide(ledger, execution_id, attempt, staged, entries).changes)


def record_outputs(
    ledger: Ledger,
    execution_id: str,
    attempt: Attempt,
    *,
    placed: Mapping[str, StoredObject],
    entries: Sequence[Entries],
    order: Order,
) -> Outcome:
    """Record all that the execution made and that it succeeded; nothing when the attempt is closed.

    `placed` has the object version of each file and preview by its path. Raises OutputInvalid, and records nothing, for
    an output that registering files or setting entries refuses to anybody.
    """
    return ledger.carry_out(order, lambda: _decide(ledger, execution_id, attempt, placed, entries))


def _decide(
    ledger: Ledger,
    execution_id: str,
    attempt: Attempt,
    placed: Mapping[str, StoredObject],
    entries: Sequence[Entries],
) -> Decision:
    stream, execution = load_execution(ledger, execution_id)
    if not execution.awaits(attempt):
        return Decision(())
    if len(placed) + len(entries) > MAX_OUTPUTS:
        raise OutputInvalid("outputs", f"are {len(placed) + len(entries)}; {MAX_OUTPUTS} are allowed")
    request = execution.request
    key = (request.database_id, request.asset_id)
    asset = _check_target(ledger, key, [path for path in placed if kind_of(path) is not OutputKind.ASSET_PREVIEW])
    writing = _Writing(ledger, key, {*placed, *(part.owner for part in entries)})
    made = [writing.place(path, stored) for path, stored in placed.items()]
    made += [writing.enter(part) for part in entries]
    event = WorkflowExecutionSucceeded(**execution.key, attempt=attempt.attempt, outputs=_unique(made))
    changes = writing.changes()
    held = () if any(change.stream_id == asset.id for change in changes) else (asset,)
    return Decision(
        (*changes, stream.then(event), *releases(ledger, request)), ACCEPTED, held=(*writing.rulebook.held, *held)
    )


def _check_target(ledger: Ledger, key: tuple[str, str], paths: Sequence[str]) -> Stream[Asset]:
    try:
        return check_target(ledger, *key, paths)
    except DomainError as error:
        at = error.path[1] if len(error.path) > 1 else ""
        raise OutputInvalid(paths[int(at)] if at else "outputs", f"is refused: {error.message}") from error


def _unique(made: Iterable[ExecutionOutput]) -> tuple[ExecutionOutput, ...]:
    return tuple({(output.kind, output.path): output for output in made}.values())


@dataclass
class _OpenFile:
    """A file's stream with the events that are to be appended, and its state after them."""

    stream: Stream[File]
    state: File | None
    events: list[FileEvent] = field(default_factory=list)

    def add(self, events: Iterable[FileEvent]) -> None:
        for event in events:
            self.events.append(event)
            self.state = FILES.evolve(self.state, event)


class _Writing:
    """The streams that the outputs change, read in one statement a kind."""

    def __init__(self, ledger: Ledger, key: tuple[str, str], paths: Iterable[str]) -> None:
        self.rulebook = Rulebook(ledger)
        self._key = {"database_id": key[0], "asset_id": key[1]}
        wanted = [path for path in paths if path != ASSET and kind_of(path) is not OutputKind.ASSET_PREVIEW]
        streams = ledger.load_many(FILES, [(*key, path) for path in wanted]) if wanted else []
        self._files = {path: _OpenFile(stream, stream.state) for path, stream in zip(wanted, streams, strict=True)}
        self._asset: Stream[Asset] = ledger.load(ASSETS, *key)
        self._asset_state = self._asset.state
        self._asset_events: list[AssetEvent] = []

    def place(self, path: str, stored: StoredObject) -> ExecutionOutput:
        """The object version becomes a version of its file, or the asset's preview."""
        kind = kind_of(path)
        if kind is OutputKind.ASSET_PREVIEW:
            if stored.size_bytes > MAX_PREVIEW_BYTES:
                raise OutputInvalid(path, f"has {stored.size_bytes} bytes; a preview has at most {MAX_PREVIEW_BYTES}")
            self._add_to_asset([AssetPreviewSet(**self._key, stored=stored)])
            return ExecutionOutput(kind=kind, path=ASSET, s3_version_id=stored.s3_version_id)
        opened = self._files[path]
        if opened.state is not None:
            self._require_writable(opened.state)
        if opened.state is None or stored.s3_version_id not in opened.state.versions:
            opened.add([FileVersionObserved(**self._key, path=path, stored=stored)])
        return ExecutionOutput(kind=kind, path=path, s3_version_id=stored.s3_version_id)

    def enter(self, part: Entries) -> ExecutionOutput:
        """The entries are set on their owner."""
        try:
            self._set(part)
        except DomainError as error:
            raise OutputInvalid(part.source, f"has entries that are refused: {error.message}") from error
        return ExecutionOutput(kind=part.kind, path=part.owner)

    def changes(self) -> tuple[Change, ...]:
        """What is to be appended."""
        files = tuple(one.stream.then(*one.events) for one in self._files.values() if one.events)
        return (*files, self._asset.then(*self._asset_events)) if self._asset_events else files

    def _require_writable(self, file: File) -> None:
        try:
            file.require_writable(field=("outputs",))
        except DomainError as error:
            raise OutputInvalid(file.path, f"is refused: {error.message}") from error

    def _set(self, part: Entries) -> None:
        database_id = self._key["database_id"]
        if part.owner == ASSET:
            assert self._asset_state is not None
            rules = self.rulebook.of_asset(database_id)
            self._add_to_asset(self._asset_state.set_metadata(part.entries, replace_all=part.replace_all, rules=rules))
            return
        opened = self._files[part.owner]
        if opened.state is None or not opened.state.is_there:
            raise OutputInvalid(part.source, f"has entries of {part.owner!r}, which is no file of the asset")
        is_attributes = part.kind is OutputKind.ATTRIBUTES
        rules = self.rulebook.of_file(database_id, part.owner, attributes=is_attributes)
        opened.add(
            opened.state.set_metadata(part.entries, replace_all=part.replace_all, attributes=is_attributes, rules=rules)
        )

    def _add_to_asset(self, events: Iterable[AssetEvent]) -> None:
        for event in events:
            self._asset_events.append(event)
            self._asset_state = ASSETS.evolve(self._asset_state, event)
