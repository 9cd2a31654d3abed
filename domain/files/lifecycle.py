"""Commands that take files out of the working set, bring them back, or delete them for ever; in bulk."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from domain.assets.commands import load_asset
from domain.cause import Order
from domain.errors import DomainError
from domain.files.commands import check_paths
from domain.files.errors import DeletionNotConfirmed, FileAlreadyArchived, FileNotArchived, FileNotFound
from domain.files.events import FileArchived, FileErased, FileEvent, FilePermanentlyDeleted, FileUnarchived
from domain.files.file import FILES, File
from domain.files.previews import base_of, candidates
from domain.ledger import Ledger
from domain.stream import Decision, Outcome, Stream
from domain.text import check_text

MAX_REASON_LENGTH = 256


class SkipReason(StrEnum):
    """Why a file of a bulk command was left as it is."""

    NOT_FOUND = "NOT_FOUND"
    ALREADY_ARCHIVED = "ALREADY_ARCHIVED"
    NOT_ARCHIVED = "NOT_ARCHIVED"


REFUSALS: Mapping[SkipReason, Callable[..., DomainError]] = {
    SkipReason.NOT_FOUND: FileNotFound,
    SkipReason.ALREADY_ARCHIVED: FileAlreadyArchived,
    SkipReason.NOT_ARCHIVED: FileNotArchived,
}
Verdict = FileEvent | SkipReason
Decide = Callable[[File, str | None], Verdict]
"""What becomes of a file that exists; with a path when it is the preview of that file and follows it."""


def archive_files(
    ledger: Ledger, database_id: str, asset_id: str, *, paths: Sequence[str], reason: str | None = None, order: Order
) -> Outcome:
    """Take files and their previews out of the working set, all in one transaction, at most 10 000 paths.

    The result has `changed`, a count with the previews, and `skipped`, which `skipped` reads: files that are not there
    or archived already. Refused with the first of these reasons when nothing is left to do.
    Raises AssetNotFound, AssetAlreadyArchived, FileNotFound, FileAlreadyArchived, PathInvalid, LimitExceeded, Invalid.
    """

    def decide(file: File, base: str | None) -> Verdict:
        if file.is_archived:
            return SkipReason.ALREADY_ARCHIVED
        return FileArchived(**file.key, reason=reason, with_path=base)

    return _change(ledger, (database_id, asset_id), paths, decide, reason=reason, order=order)


def unarchive_files(
    ledger: Ledger, database_id: str, asset_id: str, *, paths: Sequence[str], reason: str | None = None, order: Order
) -> Outcome:
    """Bring files back, with the previews that were archived along with them: the inverse of `archive_files`.

    The result is as that of `archive_files`. Raises AssetNotFound, AssetAlreadyArchived, FileNotFound,
    FileNotArchived, PathInvalid, LimitExceeded, Invalid.
    """

    def decide(file: File, base: str | None) -> Verdict:
        if not file.is_archived or (base is not None and file.archived_with != base):
            return SkipReason.NOT_ARCHIVED
        return FileUnarchived(**file.key, reason=reason, with_path=base)

    return _change(ledger, (database_id, asset_id), paths, decide, reason=reason, order=order)


def delete_files_permanently(
    ledger: Ledger,
    database_id: str,
    asset_id: str,
    *,
    paths: Sequence[str],
    is_confirmed: bool,
    reason: str | None = None,
    order: Order,
) -> Outcome:
    """Delete files and their previews for ever, archived or not; a processor erases their bytes.

    The result is as that of `archive_files`. Until its bytes are gone a path takes no new file.
    Raises DeletionNotConfirmed, AssetNotFound, AssetAlreadyArchived, FileNotFound, PathInvalid, LimitExceeded, Invalid.
    """
    if not is_confirmed:
        raise DeletionNotConfirmed("files")

    def decide(file: File, base: str | None) -> Verdict:
        return FilePermanentlyDeleted(**file.key, reason=reason, with_path=base)

    return _change(ledger, (database_id, asset_id), paths, decide, reason=reason, order=order)


def record_files_erased(
    ledger: Ledger, database_id: str, asset_id: str, *, paths: Sequence[str], order: Order
) -> Outcome:
    """Record that no byte of these deleted files is in the store; those that are not being erased are passed over."""

    def decide() -> Decision:
        streams = ledger.load_many(FILES, [(database_id, asset_id, path) for path in paths])
        erased = [stream for stream in streams if stream.state is not None and stream.state.is_being_erased]
        return Decision(tuple(stream.then(FileErased(**stream.state.key)) for stream in erased if stream.state))

    return ledger.carry_out(order, decide)


def skipped(result: Mapping[str, str]) -> list[tuple[str, SkipReason]]:
    """The files that a bulk command left as they are, from its result."""
    return [(path, SkipReason(reason)) for path, reason in json.loads(result.get("skipped", "[]"))]


def _change(
    ledger: Ledger,
    asset: tuple[str, str],
    given_paths: Sequence[str],
    decide_one: Decide,
    *,
    reason: str | None,
    order: Order,
) -> Outcome:
    check_text(reason, name="reason", longest=MAX_REASON_LENGTH)
    paths = check_paths(given_paths, field="paths")

    def decide() -> Decision:
        asset_stream, found = load_asset(ledger, *asset)
        found.require_active()
        files, previews = _load(ledger, asset, paths)
        verdicts = {path: _verdict(stream, decide_one, None) for path, stream in files.items() if not base_of(path)}
        for path in files.keys() - verdicts.keys():
            verdicts[path] = _of_named_preview(files[path], decide_one, verdicts.get(base_of(path) or ""))
        changes = [files[path].then(event) for path, event in verdicts.items() if isinstance(event, FileEvent)]
        left = [(path, why) for path in paths if isinstance(why := verdicts[path], SkipReason)]
        for stream, base in previews:
            event = _verdict(stream, decide_one, base)
            if isinstance(event, FileEvent) and isinstance(verdicts[base], FileEvent):
                changes.append(stream.then(event))
        if not changes:
            path, why = left[0]
            raise REFUSALS[why](path, field=("paths", str(paths.index(path))))
        result = {"changed": str(len(changes)), "skipped": json.dumps(left)}
        return Decision(tuple(changes), result, held=(asset_stream,))

    return ledger.carry_out(order, decide)


def _load(
    ledger: Ledger, asset: tuple[str, str], paths: Sequence[str]
) -> tuple[dict[str, Stream[File]], list[tuple[Stream[File], str]]]:
    """The files by path, and the possible previews that were not named, each with what it would show; in one read."""
    named = set(paths)
    follow = [(preview, path) for path in paths for preview in candidates(path) if preview not in named]
    streams = ledger.load_many(FILES, [(*asset, path) for path in (*paths, *(preview for preview, _ in follow))])
    files = dict(zip(paths, streams, strict=False))
    bases = [base for _, base in follow]
    return files, list(zip(streams[len(paths) :], bases, strict=True))


def _of_named_preview(stream: Stream[File], decide_one: Decide, of_base: Verdict | None) -> Verdict:
    """A preview that was named itself follows its file where that is changed too, and else is a file like any other."""
    if isinstance(of_base, FileEvent):
        verdict = _verdict(stream, decide_one, of_base.path)
        if isinstance(verdict, FileEvent):
            return verdict
    return _verdict(stream, decide_one, None)


def _verdict(stream: Stream[File], decide_one: Decide, base: str | None) -> Verdict:
    if stream.state is None or not stream.state.is_there:
        return SkipReason.NOT_FOUND
    return decide_one(stream.state, base)
