"""Which files an upload session may bring: judged when it is opened, and once more when it is closed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.files.errors import FilePreviewInvalid
from domain.files.events import StoredObject
from domain.files.file import FILES, File
from domain.files.previews import base_of, check_preview
from domain.ledger import Ledger
from domain.stream import Stream


@dataclass(frozen=True)
class CompletedFile:
    """A file of a session whose bytes are in the store, or that could not be accepted."""

    path: str
    stored: StoredObject | None
    error_code: str | None = None
    error_message: str | None = None
    deletions: int | None = None
    """How often a file of the path had been deleted before the bytes were put together; another number refuses it."""


def check_files(ledger: Ledger, asset: tuple[str, str], files: Sequence[tuple[str, int]]) -> None:
    """Raise unless each (path, size in bytes) may be uploaded now, previews with what they show or after it.

    Raises FileAlreadyArchived, FileBeingErased, FilePreviewInvalid.
    """
    declared = {path for path, _ in files}
    bases = {base for path in declared if (base := base_of(path)) and base not in declared}
    named = list(dict.fromkeys((*declared, *bases)))
    streams = dict(zip(named, ledger.load_many(FILES, [(*asset, path) for path in named]), strict=True))
    for i, (path, size_bytes) in enumerate(files):
        field = ("files", str(i))
        check_preview(path, size_bytes, field=field)
        state = streams[path].state
        if state is not None:
            state.require_writable(field=(*field, "path"))
        base = base_of(path)
        if base in bases and not _is_there(streams[base]):
            raise FilePreviewInvalid(
                f"{path!r} would be the preview of {base!r}, which the asset does not have: upload that too.",
                path=(*field, "path"),
            )


def accepted(files: Sequence[CompletedFile], streams: Mapping[str, Stream[File]]) -> list[CompletedFile]:
    """The files as they are to be recorded: with an error where a path takes none any more.

    `streams` are those of the files, and of what they are previews of, by path.
    """
    judged = [_judged(file, streams[file.path].state) for file in files]
    arrived = {file.path for file in judged if file.stored}
    return [file if _has_base(file, arrived, streams) else _without_base(file) for file in judged]


def _judged(file: CompletedFile, state: File | None) -> CompletedFile:
    if file.stored is None or state is None:
        return file
    if state.is_archived:
        return _refused(file, "FILE_ALREADY_ARCHIVED", f"The file {file.path!r} was archived: unarchive it first.")
    is_stale = file.deletions not in (None, state.deletions) or file.stored.s3_version_id in state.erased
    if state.is_being_erased or is_stale:
        return _refused(file, "FILE_BEING_ERASED", f"The file {file.path!r} was deleted meanwhile: upload it again.")
    return file


def _has_base(file: CompletedFile, arrived: Collection[str], streams: Mapping[str, Stream[File]]) -> bool:
    base = base_of(file.path)
    return file.stored is None or base is None or base in arrived or _is_there(streams[base])


def _without_base(file: CompletedFile) -> CompletedFile:
    return _refused(file, "FILE_PREVIEW_INVALID", f"The asset has no file that {file.path!r} could be a preview of.")


def _refused(file: CompletedFile, code: str, message: str) -> CompletedFile:
    return replace(file, stored=None, error_code=code, error_message=message)


def _is_there(stream: Stream[File]) -> bool:
    return stream.state is not None and stream.state.is_there
